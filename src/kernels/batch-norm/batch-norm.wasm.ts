import { registerWasmKernel } from '../wasm-kernel'
import type { BatchNormTrainAttrs, ScaleShiftAttrs } from './batch-norm'
import { batchNormTrainGradReference, batchNormTrainReference, scaleShiftReference } from './batch-norm.reference'

export function registerBatchNormWasm(): void {
  registerWasmKernel<BatchNormTrainAttrs>(
    'BatchNormTrain',
    ({ inputs: { x, gamma, beta }, attrs, allocate, floats }) => {
      const outputs = [allocate(x.shape), allocate(gamma.shape), allocate(gamma.shape)]
      const result = batchNormTrainReference(floats(x), floats(gamma), floats(beta), attrs.activation, attrs.epsilon)
      floats(outputs[0]).set(result.y)
      floats(outputs[1]).set(result.mean)
      floats(outputs[2]).set(result.variance)
      return outputs
    },
  )
  registerWasmKernel<BatchNormTrainAttrs>(
    'BatchNormTrainGrad',
    ({ inputs: { dy, x, gamma, beta, mean, variance }, attrs, allocate, floats }) => {
      const outputs = [allocate(x.shape), allocate(gamma.shape), allocate(gamma.shape)]
      const result = batchNormTrainGradReference(
        floats(dy),
        floats(x),
        floats(gamma),
        floats(beta),
        floats(mean),
        floats(variance),
        attrs.activation,
        attrs.epsilon,
      )
      floats(outputs[0]).set(result.dx)
      floats(outputs[1]).set(result.dgamma)
      floats(outputs[2]).set(result.dbeta)
      return outputs
    },
  )
  registerWasmKernel<ScaleShiftAttrs>('ScaleShift', ({ inputs: { x, scale, shift }, attrs, allocate, floats }) => {
    const y = allocate(x.shape)
    floats(y).set(scaleShiftReference(floats(x), floats(scale), floats(shift), attrs.activation))
    return y
  })
}
