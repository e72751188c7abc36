/** Our operations, one by one. */
import * as tf from '@tensorflow/tfjs-core'
import { PART_ALIGNMENT } from '../../../src/kernels/arena/block'
import { gaussianAttention } from '../../../src/kernels/attention/gaussian-attention'
import { batchNormTrain } from '../../../src/kernels/batch-norm/batch-norm'
import { voteEntropy } from '../../../src/kernels/committee/vote-entropy'
import { conv2d } from '../../../src/kernels/convolution/convolution'
import { depthwiseConv2d } from '../../../src/kernels/convolution/depthwise-convolution'
import { dropout } from '../../../src/kernels/layers/dropout'
import { crossEntropySums } from '../../../src/kernels/loss/cross-entropy'
import { sgdStep } from '../../../src/kernels/optimizer/sgd'
import { upsample } from '../../../src/kernels/upsampling/upsample'
import { lossLabels, type Operations } from './kernels'
import { BATCH, TRAINING_SIZE } from './workload'

const { height, width } = TRAINING_SIZE
let optimizer: { velocities: tf.Tensor1D; rates: tf.Tensor1D } | null = null
let target: { labels: tf.Tensor3D; weights: tf.Tensor3D } | null = null

function lossTarget() {
  if (target) return target
  const labels = lossLabels()
  target = {
    labels: tf.keep(tf.tensor3d(labels, [BATCH, height, width], 'int32')),
    weights: tf.keep(
      tf.tensor3d(
        Float32Array.from(labels, (id) => (id === 255 ? 0 : 1)),
        [BATCH, height, width],
      ),
    ),
  }
  return target
}

export const OPERATIONS: Operations = {
  conv2d,
  depthwiseConv2d,
  batchNormRelu6: (x, gamma, beta) => batchNormTrain(x, gamma, beta, 'relu6').y,
  dropout: (x) => dropout(x, { rate: 0.5, seed: 1, layer: 1, firstPass: 0 }),
  upsample,
  crossEntropy: (logits) => {
    const { labels, weights } = lossTarget()
    return tf.sum(crossEntropySums(logits, labels, weights))
  },
  sgd: (parameter, gradient) => {
    optimizer ??= {
      velocities: tf.keep(tf.zerosLike(gradient)),
      rates: tf.keep(tf.fill([gradient.size / PART_ALIGNMENT], 0.01)),
    }
    const { velocities, rates } = optimizer
    sgdStep(parameter, gradient, velocities, rates, { momentum: 0.9, weightDecay: 5e-4 })
  },
  voteEntropy: (logits, size) => voteEntropy(logits, size, 'hard'),
  attention: gaussianAttention,
}
