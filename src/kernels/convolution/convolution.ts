import * as tf from '@tensorflow/tfjs'
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

function gradInput(dy: tf.Tensor4D, filter: tf.Tensor4D, xShape: Shape4D, options: ConvolutionOptions): tf.Tensor4D {
  if (tf.getKernel('Conv2dGradInput', tf.getBackend())) {
    return tf.engine().runKernel('Conv2dGradInput', { dy, filter }, { inputShape: xShape, ...options }) as tf.Tensor4D
  }
  const { stride, padding, dilation } = options
  const [kh, kw, inputs, outputs] = filter.shape
  if (kh === 1 && kw === 1 && stride === 1 && padding === 0) {
    const transposed = filter.reshape([inputs, outputs]).transpose().reshape([1, 1, outputs, inputs]) as tf.Tensor4D
    return tf.conv2d(dy, transposed, 1, 'valid')
  }
  // Between the samples of a strided map lie zeros; then every gradient is a convolution with the rotated filter.
  const spread = stride === 1 ? dy : spreadOut(dy, stride)
  const rotated = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D
  const before = [dilation * (kh - 1) - padding, dilation * (kw - 1) - padding]
  const after = [0, 1].map(
    (axis) => xShape[1 + axis] - spread.shape[1 + axis] + dilation * (filter.shape[axis] - 1) - before[axis],
  )
  checkShape(
    Math.min(...before, ...after) >= 0,
    () => `conv2d: padding ${padding} exceeds the reach of filter [${filter.shape}].`,
  )
  const pads: [[number, number], [number, number], [number, number], [number, number]] = [
    [0, 0],
    [before[0], after[0]],
    [before[1], after[1]],
    [0, 0],
  ]
  return tf.conv2d(spread, rotated, 1, pads, 'NHWC', dilation)
}

/** Puts stride - 1 zeros between neighbours: [N, H, W, C] -> [N, (H-1)*stride+1, (W-1)*stride+1, C]. */
function spreadOut(dy: tf.Tensor4D, stride: number): tf.Tensor4D {
  const [N, H, W, C] = dy.shape
  // One axis at a time: tfjs's padding stops at rank 5 on WebGPU.
  const after = (rank4: tf.Tensor) =>
    rank4.pad([
      [0, 0],
      [0, 0],
      [0, stride - 1],
      [0, 0],
    ])
  const tall = after(dy.reshape([N, H, 1, W * C]))
  const wide = after(tall.reshape([N * H * stride, W, 1, C])).reshape([N, H * stride, W * stride, C]) as tf.Tensor4D
  return wide.slice([0, 0, 0, 0], [N, (H - 1) * stride + 1, (W - 1) * stride + 1, C])
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
      x: () => gradInput(dy, filter, x.shape, options),
      filter: () =>
        tf
          .engine()
          .runKernel('Conv2dGradFilter', { x, dy, filter }, { filterShape: filter.shape, ...options }) as tf.Tensor4D,
    }
  },
})
