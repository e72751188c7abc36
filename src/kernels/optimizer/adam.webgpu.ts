/** Adam on WebGPU: one dispatch for all parameters, in place, and two for the norm of their gradients. */
import type * as tf from '@tensorflow/tfjs-core'
import { columnSums } from '../../gpu/column-sums'
import { occupancy } from '../../gpu/device'
import { dispatch, makeOutput, release } from '../../gpu/dispatch'
import { webgpuKernel } from '../webgpu-kernel'
import type { AdamFactors } from './adam.reference'
import step from './adam-step.wgsl?raw'
import squares from './square-sums.wgsl?raw'

const STEP = { label: 'adam-step', source: step }
const SQUARES = { label: 'square-sums', source: squares }

/** Partial sums that fill a GPU and are quickly added. */
const SPLITS = 4096

const squareSum = webgpuKernel<'x' | 'rates'>('SquareSum', ({ x, rates }, _, backend) => {
  const size = (x as tf.Tensor).size / 4
  const splits = Math.min(size, occupancy(backend.device, SPLITS))
  const partials = makeOutput(backend, [splits, 1])
  dispatch(backend, {
    module: SQUARES,
    constants: { RATED: Number(rates !== undefined) },
    params: { size, splits },
    // Where every block counts, anything stands in the place of the rates.
    inputs: [x, rates ?? x],
    outputs: [partials],
    threads: splits,
  })
  const total = columnSums(backend, partials, [1])
  release(backend, partials)
  return total
})

const adamStep = webgpuKernel<'parameters' | 'gradients' | 'first' | 'second' | 'squareSum', AdamFactors>(
  'AdamStep',
  ({ parameters, gradients, first, second, squareSum: sum }, factors, backend) => {
    const size = (parameters as tf.Tensor).size / 4
    dispatch(backend, {
      module: STEP,
      constants: { CLIPPED: Number(sum !== undefined) },
      params: { size, ...factors },
      // Where nothing is clipped, anything stands in the place of the sum.
      inputs: [gradients, sum ?? gradients],
      outputs: [parameters, first, second],
      threads: size,
      isUnique: true,
    })
    return []
  },
)

export const adamKernels = [squareSum, adamStep]
