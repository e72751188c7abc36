/**
 * The smallest fix that makes tfjs 4.22 train a dilated convolution: its own gradient wherever that works, and compositions of
 * its own operations for the rest. Nothing here is a kernel of ours.
 */
import * as tf from '@tensorflow/tfjs'

interface ConvolutionAttrs {
  strides: number | number[]
  dilations: number | number[]
  pad: number[][] | number | 'valid'
}

interface Geometry {
  stride: number
  dilation: number
  padding: number
}

function geometryOf(attrs: tf.NamedAttrMap): Geometry {
  const { strides, dilations, pad } = attrs as unknown as ConvolutionAttrs
  const first = (value: number | number[]) => (typeof value === 'number' ? value : value[0])
  const padding = Array.isArray(pad) ? pad[1][0] : typeof pad === 'number' ? pad : 0
  return { stride: first(strides), dilation: first(dilations), padding }
}

/** The samples of x that filter tap (row, column) meets, one for each output: like dy in height and width. */
function samplesOfTap(
  padded: tf.Tensor4D,
  dy: tf.Tensor4D,
  row: number,
  column: number,
  dilation: number,
): tf.Tensor4D {
  const [batch, height, width] = dy.shape
  return tf.slice(padded, [0, row * dilation, column * dilation, 0], [batch, height, width, padded.shape[3]])
}

function pad(x: tf.Tensor4D, padding: number): tf.Tensor4D {
  return tf.pad(x, explicit(padding))
}

type FilterGradient = (samples: tf.Tensor4D, dy: tf.Tensor4D) => tf.Tensor

/** One tap after another: for stride 1. */
function dilatedFilterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  { dilation, padding }: Geometry,
  ofTap: FilterGradient,
): tf.Tensor4D {
  const [rows, columns] = filter.shape
  const padded = pad(x, padding)
  const taps: tf.Tensor[] = []
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      taps.push(ofTap(samplesOfTap(padded, dy, row, column, dilation), dy))
    }
  }
  return tf.reshape(tf.stack(taps), filter.shape)
}

/** x^T dy: [I, O]. */
const denseTap: FilterGradient = (samples, dy) =>
  tf.matMul(tf.reshape(samples, [-1, samples.shape[3]]), tf.reshape(dy, [-1, dy.shape[3]]), true)

/** Sums of x dy: [C]. */
const depthwiseTap: FilterGradient = (samples, dy) => tf.sum(tf.mul(samples, dy), [0, 1, 2])

/** tfjs's way of writing a padding of the same number of pixels on every side. */
export function explicit(padding: number): [[number, number], [number, number], [number, number], [number, number]] {
  return [
    [0, 0],
    [padding, padding],
    [padding, padding],
    [0, 0],
  ]
}

/** For stride 1: a convolution with the filter turned by half a circle. */
function dilatedInputGradient(kernelName: string, dy: tf.Tensor4D, filter: tf.Tensor4D, geometry: Geometry) {
  const { dilation, padding } = geometry
  const around = explicit(dilation * (filter.shape[0] - 1) - padding)
  const turned = tf.reverse(filter, [0, 1])
  if (kernelName === 'DepthwiseConv2dNative') return tf.depthwiseConv2d(dy, turned, 1, around, 'NHWC', dilation)
  return tf.conv2d(dy, tf.transpose(turned, [0, 1, 3, 2]) as tf.Tensor4D, 1, around, 'NHWC', dilation)
}

function replace(kernelName: 'Conv2D' | 'DepthwiseConv2dNative', original: tf.GradConfig, ofTap: FilterGradient): void {
  tf.registerGradient({
    ...original,
    gradFunc: (dys, saved, attrs) => {
      const geometry = geometryOf(attrs)
      if (geometry.dilation === 1) return original.gradFunc(dys, saved, attrs)
      const dy = dys as tf.Tensor4D
      const [x, filter] = saved as tf.Tensor4D[]
      if (geometry.stride !== 1) throw new Error('A strided dilated convolution has no gradient here.')
      return {
        x: () => dilatedInputGradient(kernelName, dy, filter, geometry),
        filter: () => dilatedFilterGradient(x, dy, filter, geometry, ofTap),
      }
    },
  })
}

/** tfjs's own gradients, remembered before anything can replace them. */
const ORIGINAL_CONV2D = tf.getGradient('Conv2D')
const ORIGINAL_DEPTHWISE = tf.getGradient('DepthwiseConv2dNative')

/** Makes tfjs's convolutions trainable with its own kernels, whatever gradients are registered now. */
export function registerStockGradients(): void {
  replace('Conv2D', ORIGINAL_CONV2D, denseTap)
  replace('DepthwiseConv2dNative', ORIGINAL_DEPTHWISE, depthwiseTap)
}
