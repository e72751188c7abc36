import * as tf from '@tensorflow/tfjs-core'
import type { Activation } from '../activation'
import { checkShape } from '../check'
import { checkRate } from '../layers/dropout'
import type { DropoutOptions } from '../layers/dropout.reference'

/** The dropout behind the activation; a decision for each element. */
export type DropoutBehind = Omit<DropoutOptions, 'channelwise'>

export interface BatchNormTrainAttrs {
  epsilon: number
  activation: Activation
  dropout: DropoutBehind | null
}

export interface ScaleShiftAttrs {
  activation: Activation
}

function checkChannels(name: string, x: tf.Tensor, ...perChannel: tf.Tensor[]): void {
  const channels = x.shape[x.rank - 1]
  for (const vector of perChannel) {
    checkShape(
      vector.rank === 1 && vector.shape[0] === channels,
      () => `${name}: x is [${x.shape}] but a per-channel vector is [${vector.shape}].`,
    )
  }
}

/**
 * Batch normalisation with the batch's own statistics, an activation behind it, and behind that the dropout of `dropout()`.
 * Differentiable in x, gamma and beta through y.
 * @param x [N, H, W, C]
 * @param gamma [C]
 * @param beta [C]
 * @returns y like x; mean and biased variance [C], detached (for the running statistics).
 */
export function batchNormTrain(
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  activation: Activation,
  { epsilon = 1e-5, dropout = null }: Partial<Omit<BatchNormTrainAttrs, 'activation'>> = {},
): { y: tf.Tensor4D; mean: tf.Tensor1D; variance: tf.Tensor1D } {
  checkChannels('batchNormTrain', x, gamma, beta)
  if (dropout) checkRate(dropout.rate)
  const attrs: BatchNormTrainAttrs = { epsilon, activation, dropout }
  const [y, mean, variance] = tf
    .engine()
    .runKernel('BatchNormTrain', { x, gamma, beta }, attrs as unknown as tf.NamedAttrMap) as tf.Tensor[]
  return { y: y as tf.Tensor4D, mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D }
}

tf.registerGradient({
  kernelName: 'BatchNormTrain',
  inputsToSave: ['x', 'gamma', 'beta'],
  outputsToSave: [false, true, true],
  gradFunc: (dys, saved, attrs) => {
    const [x, gamma, beta, mean, variance] = saved
    const dy = (dys as tf.Tensor[])[0]
    const inputs = { dy, x, gamma, beta, mean, variance }
    const [dx, dgamma, dbeta] = tf.engine().runKernel('BatchNormTrainGrad', inputs, attrs) as tf.Tensor[]
    return { x: () => dx, gamma: () => dgamma, beta: () => dbeta }
  },
})

/**
 * activation(x * scale + shift) with one scale and shift per channel: batch normalisation with running statistics.
 * Not differentiable.
 * @param x [N, H, W, C]
 * @param scale [C]
 * @param shift [C]
 */
export function scaleShift(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  activation: Activation,
): tf.Tensor4D {
  checkChannels('scaleShift', x, scale, shift)
  return tf.engine().runKernel('ScaleShift', { x, scale, shift }, { activation }) as tf.Tensor4D
}
