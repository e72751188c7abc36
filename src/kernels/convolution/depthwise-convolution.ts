import * as tf from '@tensorflow/tfjs-core'
import { checkShape } from '../check'
import { explicitPadding, optionsOf } from './convolution'
import type { ConvolutionOptions, Shape4D } from './geometry'

export interface DepthwiseConv2dGradInputAttrs extends ConvolutionOptions {
  inputShape: Shape4D
}

export interface DepthwiseConv2dGradFilterAttrs extends ConvolutionOptions {
  filterShape: Shape4D
}

/**
 * Depthwise convolution without bias, differentiable in x and filter, dilated and strided too.
 * @param x [N, H, W, C]
 * @param filter [kh, kw, C, 1]
 * @returns [N, H', W', C]
 */
export function depthwiseConv2d(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  { stride, padding, dilation }: ConvolutionOptions,
): tf.Tensor4D {
  checkShape(
    x.rank === 4 && filter.rank === 4 && x.shape[3] === filter.shape[2] && filter.shape[3] === 1,
    () => `depthwiseConv2d: x [${x.shape}] does not fit filter [${filter.shape}].`,
  )
  return tf.depthwiseConv2d(x, filter, stride, explicitPadding(padding), 'NHWC', dilation)
}

// tfjs's own gradient refuses dilations; ours replaces it.
tf.registerGradient({
  kernelName: 'DepthwiseConv2dNative',
  inputsToSave: ['x', 'filter'],
  gradFunc: (dys, saved, attrs) => {
    const dy = dys as tf.Tensor4D
    const [x, filter] = saved as tf.Tensor4D[]
    const options = optionsOf(attrs)
    return {
      x: () =>
        tf
          .engine()
          .runKernel('DepthwiseConv2dGradInput', { dy, filter }, { inputShape: x.shape, ...options }) as tf.Tensor4D,
      filter: () =>
        tf
          .engine()
          .runKernel(
            'DepthwiseConv2dGradFilter',
            { x, dy, filter },
            { filterShape: filter.shape, ...options },
          ) as tf.Tensor4D,
    }
  },
})
