import * as tf from '@tensorflow/tfjs-core'
import { checkShape } from '../check'
import { explicitPadding } from './convolution'
import { type ConvolutionOptions, type Shape4D, type TransposedConvolutionOptions, transposedExtent } from './geometry'

/**
 * Transposed convolution without bias, differentiable in x and filter: the gradient by its input of the convolution that has
 * this stride, padding and filter. So the filter lies as that convolution's does, its outputs being our inputs.
 * @param x [N, H, W, I]
 * @param filter [kh, kw, O, I]
 * @param options stride and padding of the convolution, in pixels of the result
 * @returns [N, (H - 1) * stride - 2 * padding + kh, (W - 1) * stride - 2 * padding + kw, O]
 * @throws bad_shape where x does not fit the filter, or nothing would be left of the map
 */
export function transposedConv2d(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  options: TransposedConvolutionOptions,
): tf.Tensor4D {
  const [kh, kw, outputs] = filter.shape
  const inputShape: Shape4D = [
    x.shape[0],
    transposedExtent(x.shape[1], kh, options),
    transposedExtent(x.shape[2], kw, options),
    outputs,
  ]
  checkShape(
    x.rank === 4 && filter.rank === 4 && x.shape[3] === filter.shape[3],
    () => `transposedConv2d: x [${x.shape}] does not fit filter [${filter.shape}].`,
  )
  checkShape(
    inputShape.every((extent) => extent > 0),
    () => `transposedConv2d: x [${x.shape}] by filter [${filter.shape}] leaves a map of [${inputShape}].`,
  )
  const attrs = { inputShape, dilation: 1, ...options }
  return tf.engine().runKernel('Conv2dGradInput', { dy: x, filter }, attrs) as tf.Tensor4D
}

tf.registerGradient({
  kernelName: 'Conv2dGradInput',
  inputsToSave: ['dy', 'filter'],
  gradFunc: (dys, saved, attrs) => {
    const dy = dys as tf.Tensor4D
    const [x, filter] = saved as tf.Tensor4D[]
    const { stride, padding, dilation } = attrs as unknown as ConvolutionOptions
    return {
      dy: () => tf.conv2d(dy, filter, stride, explicitPadding(padding), 'NHWC', dilation),
      filter: () =>
        tf
          .engine()
          .runKernel(
            'Conv2dGradFilter',
            { x: dy, dy: x, filter },
            { filterShape: filter.shape, stride, padding, dilation },
          ) as tf.Tensor4D,
    }
  },
})
