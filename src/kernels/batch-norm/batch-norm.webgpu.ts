/** Batch normalisation on WebGPU: a split reduction over the rows, then a pass over the map that merges its parts itself. */
import type * as tf from '@tensorflow/tfjs-core'
import { occupancy } from '../../gpu/device'
import { dispatch, makeOutput, release } from '../../gpu/dispatch'
import { type VectorWidth, vectorized, vectorWidth } from '../../gpu/vector'
import { hashWords } from '../../math/random'
import { activationRange } from '../activation'
import { gradientOutput, statisticsOutput } from '../arena/destinations'
import { type DropoutOptions, dropThreshold } from '../layers/dropout.reference'
import hash32 from '../layers/hash32.wgsl?raw'
import { webgpuKernel } from '../webgpu-kernel'
import type { BatchNormTrainAttrs, ScaleShiftAttrs } from './batch-norm'
import gradInput from './batch-norm-grad-input.wgsl?raw'
import gradPartial from './batch-norm-grad-partial.wgsl?raw'
import normalize from './batch-norm-normalize.wgsl?raw'
import partial from './batch-norm-partial.wgsl?raw'
import dropped from './dropped.wgsl?raw'
import scaleShift from './scale-shift.wgsl?raw'

const PARTIAL = vectorized('batch-norm-partial', partial)
const DROPPED = hash32 + dropped
const NORMALIZE = vectorized('batch-norm-normalize', normalize + DROPPED)
const GRAD_PARTIAL = vectorized('batch-norm-grad-partial', gradPartial + DROPPED)
const GRAD_INPUT = vectorized('batch-norm-grad-input', gradInput + DROPPED)
const SCALE_SHIFT = vectorized('scale-shift', scaleShift)

const WORKGROUP = 64
/** Every workgroup of the second pass merges all parts: beyond 32, parts of fewer rows cost more than they win. */
const mostParts = (rows: number) => Math.max(32, rows / 256)

/** A map as the kernels see it: rows (all axes but the last) of channels, taken `vector` at a time. */
interface Rows {
  rows: number
  channels: number
  vector: VectorWidth
  /** C / vector. */
  vectors: number
}

function rowsOf(x: tf.TensorInfo): Rows {
  const channels = x.shape[x.shape.length - 1]
  const rows = x.shape.reduce((product, extent) => product * extent, 1) / channels
  const vector = vectorWidth(channels)
  return { rows, channels, vector, vectors: channels / vector }
}

/** How the rows of a map are shared out to workgroups. */
interface Split extends Rows {
  /** Invocations of a workgroup that share the rows of a channel. */
  lanes: number
  /** Workgroups beside each other that cover the channels. */
  blocks: number
  /** Parts of the rows, of `chunk` rows each, that are summed apart. */
  parts: number
  chunk: number
  /** Workgroups that share the rows in the pass over the map. */
  groups: number
}

function splitOf(device: GPUDevice, map: Rows): Split {
  const { rows, vectors } = map
  const width = Math.min(WORKGROUP, 2 ** Math.ceil(Math.log2(vectors)))
  const lanes = WORKGROUP / width
  const blocks = Math.ceil(vectors / width)
  const workgroups = occupancy(device, 65536) / WORKGROUP
  // No invocation shall have fewer than eight rows.
  const most = Math.ceil(rows / (8 * lanes))
  const share = (wanted: number) => Math.max(1, Math.min(most, Math.floor(wanted / blocks)))
  const chunk = Math.ceil(rows / Math.min(share(workgroups / 4), mostParts(rows)))
  return { ...map, lanes, blocks, chunk, parts: Math.ceil(rows / chunk), groups: share(workgroups) }
}

/** Constants and params of dropped.wgsl; the params are another batch's in every step. */
function dropping(dropout: DropoutOptions | null, { rows, vectors }: Rows, items: number) {
  const mask = dropout
    ? {
        itemSize: (rows / items) * vectors,
        prefix: hashWords(dropout.seed, dropout.layer),
        firstPass: dropout.firstPass,
        threshold: dropThreshold(dropout.rate),
        scale: 1 / (1 - dropout.rate),
      }
    : { itemSize: 0, prefix: 0, firstPass: 0, threshold: 0, scale: 1 }
  return { constants: { DROPS: Number(dropout !== null) }, mask, isUnique: dropout !== null }
}

const batchNormTrain = webgpuKernel<'x' | 'gamma' | 'beta', BatchNormTrainAttrs>(
  'BatchNormTrain',
  ({ x, gamma, beta }, { epsilon, activation, dropout }, backend) => {
    const map = rowsOf(x)
    const { rows, channels, vector, vectors, lanes, blocks, parts, chunk, groups } = splitOf(backend.device, map)
    const { constants, mask, isUnique } = dropping(dropout, map, x.shape[0])
    const grid = { constants: { LANES: lanes }, workgroup: WORKGROUP }
    const partials = makeOutput(backend, [parts, 2, channels])
    dispatch(backend, {
      ...grid,
      module: PARTIAL[vector],
      params: { rows, channels: vectors, parts, chunk },
      inputs: [x],
      outputs: [partials],
      threads: parts * blocks * WORKGROUP,
    })
    const y = makeOutput(backend, x.shape)
    const mean = statisticsOutput(backend, gamma, 'mean')
    const variance = statisticsOutput(backend, gamma, 'variance')
    dispatch(backend, {
      ...grid,
      constants: { ...grid.constants, ...constants },
      isUnique,
      module: NORMALIZE[vector],
      params: { rows, channels: vectors, parts, chunk, groups, epsilon, ...activationRange(activation), ...mask },
      inputs: [x, gamma, beta, partials],
      outputs: [y, mean, variance],
      threads: groups * blocks * WORKGROUP,
    })
    release(backend, partials)
    return [y, mean, variance]
  },
)

const batchNormTrainGrad = webgpuKernel<'dy' | 'x' | 'gamma' | 'beta' | 'mean' | 'variance', BatchNormTrainAttrs>(
  'BatchNormTrainGrad',
  ({ dy, x, gamma, beta, mean, variance }, { epsilon, activation, dropout }, backend) => {
    const map = rowsOf(x)
    const { rows, channels, vector, vectors, lanes, blocks, parts, chunk, groups } = splitOf(backend.device, map)
    const { constants, mask, isUnique } = dropping(dropout, map, x.shape[0])
    const grid = { constants: { LANES: lanes, ...constants }, workgroup: WORKGROUP, isUnique }
    const range = activationRange(activation)
    const sums = makeOutput(backend, [2 * parts + 4, channels])
    dispatch(backend, {
      ...grid,
      module: GRAD_PARTIAL[vector],
      params: { rows, channels: vectors, parts, chunk, epsilon, ...range, ...mask },
      inputs: [dy, x, gamma, beta, mean, variance],
      outputs: [sums],
      threads: parts * blocks * WORKGROUP,
    })
    const dx = makeOutput(backend, x.shape)
    const dgamma = gradientOutput(backend, gamma, [channels])
    const dbeta = gradientOutput(backend, beta, [channels])
    dispatch(backend, {
      ...grid,
      module: GRAD_INPUT[vector],
      params: { rows, channels: vectors, parts, groups, ...range, ...mask },
      inputs: [dy, x, sums],
      outputs: [dx, dgamma, dbeta],
      threads: groups * blocks * WORKGROUP,
    })
    release(backend, sums)
    return [dx, dgamma, dbeta]
  },
)

const scaleShiftKernel = webgpuKernel<'x' | 'scale' | 'shift', ScaleShiftAttrs>(
  'ScaleShift',
  ({ x, scale, shift }, { activation }, backend) => {
    const { rows, vector, vectors } = rowsOf(x)
    const most = Math.floor(occupancy(backend.device, 65536) / vectors)
    const lanes = Math.max(1, Math.min(Math.ceil(rows / 4), most))
    const y = makeOutput(backend, x.shape)
    dispatch(backend, {
      module: SCALE_SHIFT[vector],
      params: { rows, channels: vectors, lanes, ...activationRange(activation) },
      inputs: [x, scale, shift],
      outputs: [y],
      threads: lanes * vectors,
    })
    return y
  },
)

export const batchNormKernels = [batchNormTrain, batchNormTrainGrad, scaleShiftKernel]
