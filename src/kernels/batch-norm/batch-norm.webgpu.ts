/** Batch normalisation on WebGPU: split reductions over the rows, then one pass over the map. */
import type * as tf from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { occupancy } from '../../gpu/device'
import { dispatch, f32, makeOutput, release, u32 } from '../../gpu/dispatch'
import { webgpuKernel } from '../../gpu/kernel'
import { type VectorWidth, vectorized, vectorWidth } from '../../gpu/vector'
import { activationRange } from '../activation'
import { gradientOutput, statisticsOutput } from '../arena/destinations'
import type { BatchNormTrainAttrs, ScaleShiftAttrs } from './batch-norm'
import combine from './batch-norm-combine.wgsl?raw'
import gradCombine from './batch-norm-grad-combine.wgsl?raw'
import gradInput from './batch-norm-grad-input.wgsl?raw'
import gradPartial from './batch-norm-grad-partial.wgsl?raw'
import normalize from './batch-norm-normalize.wgsl?raw'
import partial from './batch-norm-partial.wgsl?raw'
import scaleShift from './scale-shift.wgsl?raw'

const PARTIAL = vectorized('batch-norm-partial', partial)
const COMBINE = { label: 'batch-norm-combine', source: combine }
const NORMALIZE = vectorized('batch-norm-normalize', normalize)
const GRAD_PARTIAL = vectorized('batch-norm-grad-partial', gradPartial)
const GRAD_COMBINE = { label: 'batch-norm-grad-combine', source: gradCombine }
const GRAD_INPUT = vectorized('batch-norm-grad-input', gradInput)
const SCALE_SHIFT = vectorized('scale-shift', scaleShift)

const COMBINE_WORKGROUP = 256

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

/**
 * J, the invocations that share the rows of one channel: enough in all to fill a GPU, with at least `least` rows each,
 * and not so many that adding up their partial sums takes long.
 */
function laneCount(device: GPUDevice, { rows, vectors }: Rows, least: number, most: number): number {
  const invocations = occupancy(device, 65536)
  const wanted = Math.max(Math.min(64, invocations / 128), Math.floor(invocations / vectors))
  return Math.max(1, Math.min(Math.ceil(rows / least), wanted, most))
}

const reductionLanes = (device: GPUDevice, map: Rows) => laneCount(device, map, 16, 2048)
const mapLanes = (device: GPUDevice, map: Rows) => laneCount(device, map, 4, Number.POSITIVE_INFINITY)

/** Dispatch sizes of a second pass: 16 slices of the lanes per channel where there are many lanes. */
function combineGrid(lanes: number, channels: number) {
  const slices = lanes >= 64 ? 16 : 1
  const threads = Math.ceil(channels / (COMBINE_WORKGROUP / slices)) * COMBINE_WORKGROUP
  return { constants: { SLICES: slices }, threads, workgroup: COMBINE_WORKGROUP }
}

function statistics(
  backend: WebGPUBackend,
  x: tf.TensorInfo,
  gamma: tf.TensorInfo,
): [mean: tf.TensorInfo, variance: tf.TensorInfo] {
  const map = rowsOf(x)
  const { rows, channels, vector, vectors } = map
  const lanes = reductionLanes(backend.device, map)
  const partials = makeOutput(backend, [2, lanes, channels])
  dispatch(backend, {
    module: PARTIAL[vector],
    params: u32(rows, vectors, lanes),
    inputs: [x],
    outputs: [partials],
    threads: lanes * vectors,
  })
  const mean = statisticsOutput(backend, gamma, 'mean')
  const variance = statisticsOutput(backend, gamma, 'variance')
  dispatch(backend, {
    module: COMBINE,
    params: u32(rows, channels, lanes),
    inputs: [partials],
    outputs: [mean, variance],
    ...combineGrid(lanes, channels),
  })
  release(backend, partials)
  return [mean, variance]
}

const batchNormTrain = webgpuKernel<'x' | 'gamma' | 'beta', BatchNormTrainAttrs>(
  'BatchNormTrain',
  ({ x, gamma, beta }, { epsilon, activation }, backend) => {
    const map = rowsOf(x)
    const { rows, vector, vectors } = map
    const [mean, variance] = statistics(backend, x, gamma)
    const lanes = mapLanes(backend.device, map)
    const y = makeOutput(backend, x.shape)
    dispatch(backend, {
      module: NORMALIZE[vector],
      params: [...u32(rows, vectors, lanes), ...f32(epsilon), ...f32(...activationRange(activation))],
      inputs: [x, gamma, beta, mean, variance],
      outputs: [y],
      threads: lanes * vectors,
    })
    return [y, mean, variance]
  },
)

const batchNormTrainGrad = webgpuKernel<'dy' | 'x' | 'gamma' | 'beta' | 'mean' | 'variance', BatchNormTrainAttrs>(
  'BatchNormTrainGrad',
  ({ dy, x, gamma, beta, mean, variance }, { epsilon, activation }, backend) => {
    const map = rowsOf(x)
    const { rows, channels, vector, vectors } = map
    const lanes = reductionLanes(backend.device, map)
    const partials = makeOutput(backend, [lanes, 2, channels])
    dispatch(backend, {
      module: GRAD_PARTIAL[vector],
      params: [...u32(rows, vectors, lanes), ...f32(epsilon), ...f32(...activationRange(activation))],
      inputs: [dy, x, gamma, beta, mean, variance],
      outputs: [partials],
      threads: lanes * vectors,
    })
    const dgamma = gradientOutput(backend, gamma, [channels])
    const dbeta = gradientOutput(backend, beta, [channels])
    const coefficients = makeOutput(backend, [5, channels])
    dispatch(backend, {
      module: GRAD_COMBINE,
      params: [...u32(rows, channels, lanes), ...f32(epsilon)],
      inputs: [partials, gamma, beta, mean, variance],
      outputs: [dgamma, dbeta, coefficients],
      ...combineGrid(lanes, channels),
    })
    const dx = makeOutput(backend, x.shape)
    const wide = mapLanes(backend.device, map)
    dispatch(backend, {
      module: GRAD_INPUT[vector],
      params: [...u32(rows, vectors, wide), ...f32(...activationRange(activation))],
      inputs: [dy, x, coefficients],
      outputs: [dx],
      threads: wide * vectors,
    })
    release(backend, partials, coefficients)
    return [dx, dgamma, dbeta]
  },
)

const scaleShiftKernel = webgpuKernel<'x' | 'scale' | 'shift', ScaleShiftAttrs>(
  'ScaleShift',
  ({ x, scale, shift }, { activation }, backend) => {
    const map = rowsOf(x)
    const { rows, vector, vectors } = map
    const lanes = mapLanes(backend.device, map)
    const y = makeOutput(backend, x.shape)
    dispatch(backend, {
      module: SCALE_SHIFT[vector],
      params: [...u32(rows, vectors, lanes), ...f32(...activationRange(activation))],
      inputs: [x, scale, shift],
      outputs: [y],
      threads: lanes * vectors,
    })
    return y
  },
)

export const batchNormKernels = [batchNormTrain, batchNormTrainGrad, scaleShiftKernel]
