import { type Activation, activationCeiling, activationFloor } from '../activation'
import { gradientOutput, statisticsOutput } from '../arena/destinations'
import { dropElements, heapMap } from '../layers/dropout.wasm'
import { wasmKernel } from '../wasm-kernel'
import type { BatchNormTrainAttrs, ScaleShiftAttrs } from './batch-norm'

const range = (activation: Activation): [number, number] => [activationFloor(activation), activationCeiling(activation)]

const rowsOf = (shape: number[]) => shape.slice(0, -1).reduce((product, extent) => product * extent, 1)

/** Rows that a thread takes at a time where each is computed alone: some 64 KiB. */
const grainOf = (channels: number) => Math.ceil(2 ** 14 / channels)

/** Rows are summed in chunks that depend on their number alone, so that sums do not depend on the threads. */
function chunksOf(rows: number): { chunkRows: number; chunks: number } {
  const chunkRows = 64 * Math.ceil(rows / (64 * 32))
  return { chunkRows, chunks: Math.ceil(rows / chunkRows) }
}

const batchNormTrain = wasmKernel<BatchNormTrainAttrs>(
  'BatchNormTrain',
  ({ inputs, attrs, allocate, pointer, ...call }) => {
    const { x, gamma, beta } = inputs
    const [rows, channels] = [rowsOf(x.shape), gamma.shape[0]]
    const { chunkRows, chunks } = chunksOf(rows)
    const y = allocate(x.shape)
    const mean = statisticsOutput(call.backend, gamma, 'mean')
    const variance = statisticsOutput(call.backend, gamma, 'variance')
    const [partials, scale] = [call.scratch(24 * channels * chunks), call.scratch(4 * channels)]
    call.parallel('batchNormPartials', chunks, 1, pointer(x), partials, rows, channels, chunkRows)
    call.assembly.batchNormMoments(pointer(x), partials, chunks, pointer(mean), pointer(variance), rows, channels)
    call.assembly.batchNormScales(pointer(gamma), pointer(variance), scale, channels, attrs.epsilon)
    const addresses = [pointer(x), pointer(y), pointer(mean), scale, pointer(beta)]
    call.parallel('batchNormApply', rows, grainOf(channels), ...addresses, channels, ...range(attrs.activation))
    if (attrs.dropout) dropElements(call.assembly, heapMap(y, pointer(y)), pointer(y), attrs.dropout)
    return [y, mean, variance]
  },
)

const batchNormTrainGrad = wasmKernel<BatchNormTrainAttrs>(
  'BatchNormTrainGrad',
  ({ inputs, attrs, allocate, pointer, ...call }) => {
    const { x, gamma, variance } = inputs
    const [rows, channels] = [rowsOf(x.shape), gamma.shape[0]]
    const { chunkRows, chunks } = chunksOf(rows)
    const dx = allocate(x.shape)
    const dgamma = gradientOutput(call.backend, gamma, [channels])
    const dbeta = gradientOutput(call.backend, inputs.beta, [channels])
    const [partials, scale] = [call.scratch(24 * channels * chunks), call.scratch(4 * channels)]
    const subtracted = call.scratch(8 * channels)
    call.assembly.batchNormScales(pointer(gamma), pointer(variance), scale, channels, attrs.epsilon)
    const dy = attrs.dropout ? call.scratch(4 * rows * channels) : pointer(inputs.dy)
    if (attrs.dropout) dropElements(call.assembly, heapMap(inputs.dy, pointer(inputs.dy)), dy, attrs.dropout)
    const given = [dy, pointer(x), pointer(inputs.mean), scale, pointer(inputs.beta)]
    const bounds = range(attrs.activation)
    call.parallel('batchNormGradPartials', chunks, 1, ...given, partials, rows, channels, ...bounds, chunkRows)
    const sums = [pointer(variance), pointer(dgamma), pointer(dbeta), subtracted]
    call.assembly.batchNormGradSums(partials, chunks, ...sums, rows, channels, attrs.epsilon)
    const grain = grainOf(channels)
    call.parallel('batchNormGradApply', rows, grain, ...given, subtracted, pointer(dx), channels, ...bounds)
    return [dx, dgamma, dbeta]
  },
)

const scaleShift = wasmKernel<ScaleShiftAttrs>(
  'ScaleShift',
  ({ inputs: { x, scale, shift }, attrs, allocate, pointer, parallel }) => {
    const y = allocate(x.shape)
    const channels = scale.shape[0]
    const addresses = [x, y, scale, shift].map(pointer)
    parallel('scaleShift', rowsOf(x.shape), grainOf(channels), ...addresses, channels, ...range(attrs.activation))
    return y
  },
)

export const batchNormKernels = [batchNormTrain, batchNormTrainGrad, scaleShift]
