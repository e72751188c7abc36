/**
 * The gradient by the input of a convolution of stride 1 through tfjs' own kernels, which tile through shared memory: for
 * graphics cards, where that is worth more than a kernel that reads each value where it lies.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { release } from '../../gpu/dispatch'
import { type Conv2dGradInputAttrs, explicitPadding } from './convolution'

function run(
  backend: WebGPUBackend,
  kernelName: string,
  inputs: tf.NamedTensorInfoMap,
  attrs: Record<string, unknown>,
): tf.TensorInfo {
  const { kernelFunc } = tf.getKernel(kernelName, 'webgpu')
  return kernelFunc({ inputs, backend, attrs: attrs as tf.NamedAttrMap }) as tf.TensorInfo
}

/** The same data by another shape of the same size. */
const shaped = ({ dataId, dtype }: tf.TensorInfo, shape: number[]): tf.TensorInfo => ({ dataId, dtype, shape })

/** @param attrs of stride 1 */
export function sharedGradInput(
  backend: WebGPUBackend,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  { inputShape, padding, dilation }: Conv2dGradInputAttrs,
): tf.TensorInfo {
  const [rows, columns, inputs, outputs] = filter.shape
  if (rows === 1 && columns === 1 && padding === 0) {
    const [a, b] = [
      shaped(dy, [1, tf.util.sizeFromShape(dy.shape) / outputs, outputs]),
      shaped(filter, [1, inputs, outputs]),
    ]
    const product = run(backend, 'BatchMatMul', { a, b }, { transposeA: false, transposeB: true })
    return shaped(product, inputShape)
  }
  // A convolution of dy by the filter turned by half a circle, its inputs and outputs changing places.
  const turned = run(backend, 'Reverse', { x: filter }, { dims: [0, 1] })
  const transposed = run(backend, 'Transpose', { x: turned }, { perm: [0, 1, 3, 2] })
  const dx = run(
    backend,
    'Conv2D',
    { x: dy, filter: transposed },
    {
      strides: [1, 1],
      dilations: [dilation, dilation],
      pad: explicitPadding(dilation * (rows - 1) - padding),
      dataFormat: 'NHWC',
    },
  )
  release(backend, turned, transposed)
  return dx
}
