/** The second pass of split reductions: sums of the columns of a matrix of partial sums, the same in every run. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import source from './column-sums.wgsl?raw'
import { dispatch, makeOutput } from './dispatch'

const MODULE = { label: 'column-sums', source }
const WORKGROUP = 256

/** How many slices of the rows work on one column: the fewer the columns, the more. */
function sliceCount({ rows, columns }: { rows: number; columns: number }): number {
  return rows >= 64 && columns <= 16384 ? 16 : 1
}

/**
 * @param partials [rows, columns]
 * @param shape of the result, `columns` elements
 * @param sums the result, if it has a place already
 */
export function columnSums(
  backend: WebGPUBackend,
  partials: TensorInfo,
  shape: number[],
  sums: TensorInfo = makeOutput(backend, shape),
): TensorInfo {
  const [rows, columns] = partials.shape as [number, number]
  const slices = sliceCount({ rows, columns })
  dispatch(backend, {
    module: MODULE,
    constants: { SLICES: slices },
    params: { rows, columns },
    inputs: [partials],
    outputs: [sums],
    threads: Math.ceil(columns / (WORKGROUP / slices)) * WORKGROUP,
    workgroup: WORKGROUP,
  })
  return sums
}
