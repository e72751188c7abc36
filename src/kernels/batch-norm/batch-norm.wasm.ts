import { type Activation, activationCeiling, activationFloor } from '../activation'
import { registerWasmKernel } from '../wasm-kernel'
import type { BatchNormTrainAttrs, ScaleShiftAttrs } from './batch-norm'

const range = (activation: Activation): [number, number] => [activationFloor(activation), activationCeiling(activation)]

const rowsOf = (shape: number[]) => shape.slice(0, -1).reduce((product, extent) => product * extent, 1)

export function registerBatchNormWasm(): void {
  registerWasmKernel<BatchNormTrainAttrs>('BatchNormTrain', (call) => {
    const { allocate, pointer, assembly } = call
    const { x, gamma, beta } = call.inputs
    const [rows, channels] = [rowsOf(x.shape), gamma.shape[0]]
    const [y, mean, variance] = [allocate(x.shape), allocate([channels]), allocate([channels])]
    assembly.batchNormMoments(pointer(x), pointer(mean), pointer(variance), rows, channels, call.scratch(24 * channels))
    const addresses = [x, y, gamma, beta, mean, variance].map(pointer)
    assembly.batchNormApply(
      ...addresses,
      rows,
      channels,
      call.attrs.epsilon,
      ...range(call.attrs.activation),
      call.scratch(4 * channels),
    )
    return [y, mean, variance]
  })
  registerWasmKernel<BatchNormTrainAttrs>('BatchNormTrainGrad', (call) => {
    const { allocate, pointer, assembly } = call
    const { dy, x, gamma, beta, mean, variance } = call.inputs
    const [rows, channels] = [rowsOf(x.shape), gamma.shape[0]]
    const [dx, dgamma, dbeta] = [allocate(x.shape), allocate([channels]), allocate([channels])]
    const addresses = [dy, x, gamma, beta, mean, variance, dgamma, dbeta].map(pointer)
    const sizes = [rows, channels, call.attrs.epsilon, ...range(call.attrs.activation)]
    assembly.batchNormGradSums(...addresses, ...sizes, call.scratch(28 * channels))
    assembly.batchNormGradApply(...addresses, pointer(dx), ...sizes, call.scratch(12 * channels))
    return [dx, dgamma, dbeta]
  })
  registerWasmKernel<ScaleShiftAttrs>(
    'ScaleShift',
    ({ inputs: { x, scale, shift }, attrs, allocate, pointer, assembly }) => {
      const y = allocate(x.shape)
      assembly.scaleShift(
        ...[x, y, scale, shift].map(pointer),
        rowsOf(x.shape),
        scale.shape[0],
        ...range(attrs.activation),
      )
      return y
    },
  )
}
