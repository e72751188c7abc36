/** The same operations from tfjs's own. */
import * as tf from '@tensorflow/tfjs'
import { type Geometry, lossLabels, type Operations } from '../kernels'
import { CLASSES, TRAINING_SIZE } from '../workload'
import { explicit } from './gradients'

let target: { labels: tf.Tensor2D; weights: tf.Tensor1D } | null = null
let optimizer: tf.Optimizer | null = null

function lossTarget() {
  if (target) return target
  const ids = lossLabels()
  target = {
    labels: tf.keep(tf.cast(tf.oneHot(tf.tensor1d(ids, 'int32'), CLASSES), 'float32')) as tf.Tensor2D,
    weights: tf.keep(tf.tensor1d(Float32Array.from(ids, (id) => (id === 255 ? 0 : 1)))),
  }
  return target
}

/** Full kernel: the window's centre is row and column floor(w / 2). Makes just the first `rows` rows. */
function fullKernelAttention(map: tf.Tensor2D, profile: Float32Array, rows: number): tf.Tensor2D {
  const side = profile.length
  const a = tf.tensor1d(profile)
  const kernel = tf.reshape(tf.outerProduct(a, a), [side, side, 1, 1]) as tf.Tensor4D
  const before = Math.floor(side / 2)
  const after = side - 1 - before
  const width = map.shape[1]
  const seen = tf.reshape(tf.slice(map, 0, rows + after), [1, rows + after, width, 1]) as tf.Tensor4D
  return tf.reshape(
    tf.conv2d(seen, kernel, 1, [
      [0, 0],
      [before, 0],
      [before, after],
      [0, 0],
    ]),
    [rows, width],
  )
}

/** tfjs on WebGPU cannot transpose, and so not average, integers that were cast to floats; on WASM its one-hot floats are zeros. */
function oneHotFloats(classes: tf.Tensor): tf.Tensor {
  return tf.getBackend() === 'webgpu'
    ? tf.oneHot(classes, CLASSES, 1, 0, 'float32')
    : tf.cast(tf.oneHot(classes, CLASSES), 'float32')
}

const padded = ({ padding }: Geometry) => explicit(padding)

export const STOCK_OPERATIONS: Operations = {
  conv2d: (x, filter, geometry) => tf.conv2d(x, filter, geometry.stride, padded(geometry), 'NHWC', geometry.dilation),
  depthwiseConv2d: (x, filter, geometry) =>
    tf.depthwiseConv2d(x, filter, geometry.stride, padded(geometry), 'NHWC', geometry.dilation),
  batchNormRelu6: (x, gamma, beta) => {
    const { mean, variance } = tf.moments(x, [0, 1, 2])
    return tf.relu6(tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, beta, gamma, 1e-5))
  },
  dropout: (x) => tf.dropout(x, 0.5) as tf.Tensor4D,
  upsample: (x, { height, width }) => tf.image.resizeBilinear(x, [height, width], true),
  crossEntropy: (logits) => {
    const { labels, weights } = lossTarget()
    const { height, width } = TRAINING_SIZE
    const resized = tf.image.resizeBilinear(logits, [height, width], true)
    return tf.losses.softmaxCrossEntropy(labels, tf.reshape(resized, [-1, CLASSES]), weights, 0, tf.Reduction.SUM)
  },
  sgd: (parameter, gradient) => {
    optimizer ??= tf.train.momentum(0.01, 0.9)
    const momentum = optimizer
    tf.tidy(() => momentum.applyGradients({ [parameter.name]: tf.add(gradient, tf.mul(parameter, 5e-4)) }))
  },
  voteEntropy: (logits, { height, width }) => {
    const winners = tf.argMax(tf.image.resizeBilinear(logits, [height, width], true), 3)
    const shares = tf.mean(oneHotFloats(winners), 0)
    const terms = tf.mul(shares, tf.log(tf.maximum(shares, 1e-30)))
    return tf.div(tf.sum(terms, -1), -Math.LN2) as tf.Tensor2D
  },
  attention: fullKernelAttention,
}
