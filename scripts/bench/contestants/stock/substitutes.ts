/** What the network's graph asks of kernels that tfjs does not have, put together from its operations. */
import * as tf from '@tensorflow/tfjs'
import type { EngineName } from '../../../../src/domain/engine'
import type { ChannelBroadcastAttrs, ChannelSumsAttrs } from '../../../../src/kernels/layers/channel-sums'
import type { DenseAttrs } from '../../../../src/kernels/layers/dense'

type Tensors = Record<string, tf.Tensor>

const SUBSTITUTES: Record<string, (inputs: Tensors, attrs: never) => tf.Tensor | tf.Tensor[]> = {
  ChannelSums: ({ x }, { items, factor }: ChannelSumsAttrs) =>
    tf.mul(tf.sum(tf.reshape(x, [items, -1, x.shape[x.rank - 1]]), 1), factor),
  ChannelBroadcast: ({ x }, { height, width, factor }: ChannelBroadcastAttrs) => {
    const [items, channels] = [x.shape[0], x.shape[x.rank - 1]]
    return tf.mul(tf.broadcastTo(tf.reshape(x, [items, 1, 1, channels]), [items, height, width, channels]), factor)
  },
  Dense: ({ x, weights, bias }, { activation }: DenseAttrs) => {
    const y = tf.add(tf.matMul(x, weights), bias)
    return activation === 'relu' ? tf.relu(y) : y
  },
  DenseGrad: ({ dy, y, x, weights }, { activation }: DenseAttrs) => {
    const dz = activation === 'relu' ? tf.mul(dy, tf.step(y)) : dy
    return [tf.matMul(x, dz, true), tf.sum(dz, 0), tf.matMul(dz, weights, false, true)]
  },
}

/** Nothing runs twice: tfjs records none of the operations that a kernel calls on the tape. */
export function registerSubstitutes(backendName: EngineName): void {
  for (const [kernelName, run] of Object.entries(SUBSTITUTES)) {
    // The inputs are the caller's tensors.
    const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) => tf.tidy(() => run(inputs as Tensors, attrs as never))
    tf.registerKernel({ kernelName, backendName, kernelFunc })
  }
}
