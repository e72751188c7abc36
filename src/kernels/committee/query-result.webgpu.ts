/** The end of a query on WebGPU: suppression and quantisation without a look from outside in between. */
import { dispatch, makeOutput, release } from '../../gpu/dispatch'
import { webgpuKernel } from '../webgpu-kernel'
import byMemory from './best-by-memory.wgsl?raw'
import bySubgroups from './best-by-subgroups.wgsl?raw'
import maximaSource from './partial-maxima.wgsl?raw'
import quantizeSource from './quantize-maps.wgsl?raw'
import { packedLayout, type QueryResultAttrs } from './query-result'
import picksSource from './region-picks.wgsl?raw'
import valuesSource from './region-values.wgsl?raw'

const VALUES = { label: 'region-values', source: valuesSource }
const PICKS = { label: 'region-picks', source: byMemory + picksSource }
const PICKS_BY_SUBGROUPS = { label: 'region-picks-by-subgroups', source: bySubgroups + picksSource }
const MAXIMA = { label: 'partial-maxima', source: maximaSource }
const QUANTIZE = { label: 'quantize-maps', source: quantizeSource }

/** Side of the tiles whose maxima are kept. */
const TILE = 8
/** Shares in which a map's maximum is sought. */
const PARTIALS = 256
/** Threads of the one workgroup that picks. */
const PICKERS = 128

const queryResult = webgpuKernel<'entropy' | 'attention' | 'sums', QueryResultAttrs>(
  'QueryResult',
  ({ entropy, attention, sums }, { side, hasLabels }, backend) => {
    const [height, width] = attention.shape
    const { picks, start, words } = packedLayout({ height, width }, side)
    const [rows, columns] = picks > 0 ? [height - side + 1, width - side + 1] : [0, 0]
    const tileColumns = Math.ceil(columns / TILE)
    const tiles = Math.ceil(rows / TILE) * tileColumns
    const values = makeOutput(backend, [Math.max(1, rows * columns)])
    const best = makeOutput(backend, [Math.max(1, tiles)], 'int32')
    const maxima = makeOutput(backend, [2 * PARTIALS])
    const result = makeOutput(backend, [start + 2 * words], 'int32')
    const windows = {
      tiles,
      tileColumns,
      height: rows,
      width: columns,
      mapWidth: width,
      side,
      hasLabels: Number(hasLabels),
    }
    const maps = [entropy, attention]
    const size = height * width
    dispatch(backend, {
      module: VALUES,
      params: windows,
      inputs: [attention, sums],
      outputs: [values, best],
      threads: tiles,
    })
    const shares = { size, partials: PARTIALS }
    dispatch(backend, { module: MAXIMA, params: shares, inputs: maps, outputs: [maxima], threads: 2 * PARTIALS })
    dispatch(backend, {
      module: backend.device.features.has('subgroups') ? PICKS_BY_SUBGROUPS : PICKS,
      params: { ...windows, most: picks, partials: PARTIALS },
      inputs: [sums, maxima],
      outputs: [values, best, result],
      threads: PICKERS,
      workgroup: PICKERS,
    })
    const packed = { size, words, start }
    dispatch(backend, { module: QUANTIZE, params: packed, inputs: maps, outputs: [result], threads: 2 * words })
    release(backend, values, best, maxima)
    return result
  },
)

export const queryResultKernels = [queryResult]
