import * as tf from '@tensorflow/tfjs-core'
import { checkShape } from '../check'
import { type ConvolutionOptions, outputExtent, type Shape4D } from './geometry'

export interface Conv2dGradFilterAttrs extends ConvolutionOptions {
  filterShape: Shape4D
}

export interface Conv2dGradInputAttrs extends ConvolutionOptions {
  inputShape: Shape4D
}

/** tfjs's way of writing a padding of the same number of pixels on every side. */
export function explicitPadding(
  padding: number,
): [[number, number], [number, number], [number, number], [number, number]] {
  return [
    [0, 0],
    [padding, padding],
    [padding, padding],
    [0, 0],
  ]
}

/** Reads our options back from the attributes that tfjs records for a convolution it ran. */
export function optionsOf(attrs: tf.NamedAttrMap): ConvolutionOptions {
  const { strides, dilations, pad } = attrs as unknown as {
    strides: number | number[]
    dilations: number | number[]
    pad: unknown
  }
  const first = (value: number | number[]) => (typeof value === 'number' ? value : value[0])
  checkShape(
    Array.isArray(pad) || typeof pad === 'number' || pad === 'valid',
    () => `A convolution padded '${pad}' has no gradient here.`,
  )
  const padding = Array.isArray(pad) ? (pad as number[][])[1][0] : typeof pad === 'number' ? pad : 0
  return { stride: first(strides), padding, dilation: first(dilations) }
}

/**
 * Dense convolution without bias, differentiable in x and filter, dilated too.
 * @param x [N, H, W, I]
 * @param filter [kh, kw, I, O]
 * @returns [N, H', W', O]
 */
export function conv2d(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  { stride, padding, dilation }: ConvolutionOptions,
): tf.Tensor4D {
  checkShape(
    x.rank === 4 && filter.rank === 4 && x.shape[3] === filter.shape[2],
    () => `conv2d: x [${x.shape}] does not fit filter [${filter.shape}].`,
  )
  return tf.conv2d(x, filter, stride, explicitPadding(padding), 'NHWC', dilation)
}

// tfjs's own gradient refuses dilations and is slow; ours replaces it for every unfused convolution.
tf.registerGradient({
  kernelName: 'Conv2D',
  inputsToSave: ['x', 'filter'],
  gradFunc: (dys, saved, attrs) => {
    const dy = dys as tf.Tensor4D
    const [x, filter] = saved as tf.Tensor4D[]
    const options = optionsOf(attrs)
    checkShape(
      dy.shape[1] === outputExtent(x.shape[1], filter.shape[0], options),
      () => `conv2d: dy [${dy.shape}] does not fit x [${x.shape}].`,
    )
    return {
      x: () =>
        tf.engine().runKernel('Conv2dGradInput', { dy, filter }, { inputShape: x.shape, ...options }) as tf.Tensor4D,
      filter: () =>
        tf
          .engine()
          .runKernel('Conv2dGradFilter', { x, dy, filter }, { filterShape: filter.shape, ...options }) as tf.Tensor4D,
    }
  },
})
