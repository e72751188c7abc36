/** Sums over the pixels of a map, and their opposite: the global mean, the constant map, and a bias. */
import * as tf from '@tensorflow/tfjs-core'
import { checkShape } from '../check'

export interface ChannelSumsAttrs {
  /** Items that the map's rows are split evenly among: its batch, or 1 for the sum over the batch too. */
  items: number
  factor: number
}

export interface ChannelBroadcastAttrs {
  height: number
  width: number
  factor: number
}

/** @param parameter whose gradient the sums are, if any */
function channelSums(x: tf.Tensor, attrs: ChannelSumsAttrs, parameter?: tf.Tensor): tf.Tensor {
  const inputs: tf.NamedTensorMap = parameter ? { x, parameter } : { x }
  return tf.engine().runKernel('ChannelSums', inputs, attrs as unknown as tf.NamedAttrMap) as tf.Tensor
}

function channelBroadcast(x: tf.Tensor, attrs: ChannelBroadcastAttrs): tf.Tensor4D {
  return tf.engine().runKernel('ChannelBroadcast', { x }, attrs as unknown as tf.NamedAttrMap) as tf.Tensor4D
}

/** Mean over the pixels of each channel: [N, H, W, C] -> [N, C]. Differentiable. */
export function globalMean(x: tf.Tensor4D): tf.Tensor2D {
  const [items, height, width] = x.shape
  const factor = 1 / (height * width)
  return tf.customGrad((input) => ({
    value: channelSums(input as tf.Tensor, { items, factor }),
    gradFunc: (dy: tf.Tensor) => channelBroadcast(dy, { height, width, factor }),
  }))(x) as tf.Tensor2D
}

/** A map that is the same everywhere: [N, 1, 1, C] -> [N, height, width, C]. Differentiable. */
export function constantMap(x: tf.Tensor4D, { height, width }: { height: number; width: number }): tf.Tensor4D {
  checkShape(x.shape[1] === 1 && x.shape[2] === 1, () => `constantMap: [${x.shape}] has more than one pixel.`)
  return tf.customGrad((input) => ({
    value: channelBroadcast(input as tf.Tensor, { height, width, factor: 1 }),
    gradFunc: (dy: tf.Tensor) => tf.reshape(channelSums(dy, { items: x.shape[0], factor: 1 }), x.shape),
  }))(x) as tf.Tensor4D
}

/** Adds a bias to each channel: x [..., C], bias [C]. Differentiable in both. */
export function addBias<T extends tf.Tensor>(x: T, bias: tf.Tensor1D): T {
  checkShape(x.shape[x.rank - 1] === bias.shape[0], () => `addBias: x [${x.shape}] does not fit bias [${bias.shape}].`)
  return tf.customGrad((input, parameter) => ({
    value: tf.add(input as tf.Tensor, parameter as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => [tf.clone(dy), tf.reshape(channelSums(dy, { items: 1, factor: 1 }, bias), bias.shape)],
  }))(x, bias) as T
}
