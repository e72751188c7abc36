/**
 * The WASM kernels against the plain loops of their references and against compositions of tfjs's own operations.
 * Run: npx vitest bench --project browser src/kernels
 */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, bench, describe } from 'vitest'
import { bootWasm } from '../engine/wasm'
import { pattern } from '../gpu/testing'
import { batchNormTrainGradReference, batchNormTrainReference } from './batch-norm/batch-norm.reference'
import { conv2dGradFilterReference } from './convolution/convolution.reference'
import { crossEntropyGradReference, crossEntropySumsReference } from './cross-entropy/cross-entropy.reference'
import {
  depthwiseConv2dGradFilterReference,
  depthwiseConv2dGradInputReference,
} from './depthwise-convolution/depthwise-convolution.reference'
import { dropoutReference } from './dropout/dropout.reference'
import { gaussianAttentionReference } from './gaussian-attention/gaussian-attention.reference'
import { pixelStatisticsReference } from './pixel-statistics/pixel-statistics.reference'
import { upsampleGradReference } from './upsample/upsample.reference'
import { voteEntropyReference } from './vote-entropy/vote-entropy.reference'

type Shape = [number, number, number, number]

beforeAll(async () => {
  await bootWasm()
})

function values(shape: number[], phase = 0): Float32Array {
  return pattern(
    shape.reduce((a, b) => a * b),
    phase,
  )
}

interface Contestants {
  kernel: string
  attrs?: object
  inputs: Record<string, { values: Float32Array | Int32Array; shape: number[] }>
  /** The reference. */
  loops(): unknown
  /** The same from tfjs's operations, where there is a way. */
  tfjs?(tensors: Record<string, tf.Tensor>): unknown
}

function compete(title: string, { kernel, attrs = {}, inputs, loops, tfjs }: Contestants): void {
  describe(title, () => {
    const tensors: Record<string, tf.Tensor> = {}
    const upload = () => {
      for (const [name, { values: data, shape }] of Object.entries(inputs)) tensors[name] ??= tf.tensor(data, shape)
    }
    // V8 compiles a WASM function well only after it ran for a while.
    const options = { time: 0, iterations: 9, warmupTime: 0, warmupIterations: 20, setup: upload }
    bench('ours', () => tf.tidy(() => void tf.engine().runKernel(kernel, tensors, attrs as tf.NamedAttrMap)), options)
    if (tfjs) bench('tfjs', () => tf.tidy(() => void tfjs(tensors)), { ...options, warmupIterations: 3 })
    bench('loops', () => void loops(), { time: 0, iterations: 2, warmupTime: 0, warmupIterations: 1 })
  })
}

const UNIT = { stride: 1, padding: 0, dilation: 1 }
const SAME = { stride: 1, padding: 1, dilation: 1 }
const NORM = { epsilon: 1e-5, activation: 'relu6' }

for (const shape of [
  [4, 45, 60, 96],
  [4, 90, 120, 96],
] as Shape[]) {
  const C = shape[3]
  const [x, dy, gamma, beta] = [values(shape), values(shape, 5), values([C], 1), values([C], 2)]
  const { mean, variance } = { mean: new Float32Array(C), variance: new Float32Array(C).fill(0.33) }
  const channels = (data: Float32Array) => ({ values: data, shape: [C] })
  const affine = { gamma: channels(gamma), beta: channels(beta) }
  const normalise = (a: tf.Tensor, g: tf.Tensor, b: tf.Tensor) => {
    const moments = tf.moments(a, [0, 1, 2])
    const y = tf.batchNorm(
      a as tf.Tensor4D,
      moments.mean as tf.Tensor1D,
      moments.variance as tf.Tensor1D,
      b as tf.Tensor1D,
      g as tf.Tensor1D,
      1e-5,
    )
    return tf.relu6(y)
  }

  compete(`BatchNormTrain ${shape}`, {
    kernel: 'BatchNormTrain',
    attrs: NORM,
    inputs: { x: { values: x, shape }, ...affine },
    loops: () => batchNormTrainReference(x, gamma, beta, 'relu6', 1e-5),
    tfjs: (t) => normalise(t.x, t.gamma, t.beta),
  })
  compete(`BatchNormTrainGrad (tfjs: with forward) ${shape}`, {
    kernel: 'BatchNormTrainGrad',
    attrs: NORM,
    inputs: {
      dy: { values: dy, shape },
      x: { values: x, shape },
      ...affine,
      mean: channels(mean),
      variance: channels(variance),
    },
    loops: () => batchNormTrainGradReference(dy, x, gamma, beta, mean, variance, 'relu6', 1e-5),
    tfjs: (t) => tf.grads(normalise)([t.x, t.gamma, t.beta], t.dy),
  })
  compete(`Conv2dGradFilter 1x1 ${shape} -> 24`, {
    kernel: 'Conv2dGradFilter',
    attrs: { filterShape: [1, 1, C, 24], ...UNIT },
    inputs: {
      x: { values: x, shape },
      dy: { values: dy.slice(0, (dy.length / C) * 24), shape: [...shape.slice(0, 3), 24] },
    },
    loops: () => conv2dGradFilterReference(x, shape, dy, [1, 1, C, 24], UNIT),
    tfjs: (t) => tf.matMul(tf.reshape(t.x, [-1, C]), tf.reshape(t.dy, [-1, 24]), true),
  })
  compete(`DepthwiseConv2dGradInput 3x3 ${shape}`, {
    kernel: 'DepthwiseConv2dGradInput',
    attrs: { inputShape: shape, ...SAME },
    inputs: { dy: { values: dy, shape }, filter: { values: values([9 * C]), shape: [3, 3, C, 1] } },
    loops: () => depthwiseConv2dGradInputReference(dy, shape, x, [3, 3, C, 1], SAME),
    tfjs: (t) => tf.depthwiseConv2d(t.dy as tf.Tensor4D, tf.reverse(t.filter as tf.Tensor4D, [0, 1]), 1, 'same'),
  })
  compete(`DepthwiseConv2dGradFilter 3x3 ${shape}`, {
    kernel: 'DepthwiseConv2dGradFilter',
    attrs: { filterShape: [3, 3, C, 1], ...SAME },
    inputs: { x: { values: x, shape }, dy: { values: dy, shape } },
    loops: () => depthwiseConv2dGradFilterReference(x, shape, dy, [3, 3, C, 1], SAME),
  })
  const dropout = { rate: 0.5, seed: 1, layer: 1, firstPass: 0, channelwise: false }
  compete(`CounterDropout ${shape}`, {
    kernel: 'CounterDropout',
    attrs: dropout,
    inputs: { x: { values: x, shape } },
    loops: () => dropoutReference(x, 4, C, dropout),
    tfjs: (t) => tf.dropout(t.x, 0.5),
  })
  const [h, w] = [Math.ceil(shape[1] / 4), Math.ceil(shape[2] / 4)]
  compete(`UpsampleGrad ${shape}`, {
    kernel: 'UpsampleGrad',
    attrs: { height: h, width: w },
    inputs: { dy: { values: dy, shape } },
    loops: () => upsampleGradReference(dy, shape, { height: h, width: w }),
    tfjs: (t) =>
      tf
        .engine()
        .runKernel(
          'ResizeBilinearGrad',
          { images: tf.zeros([4, h, w, C]), dy: t.dy },
          { alignCorners: true, halfPixelCenters: false },
        ),
  })
}

const SIZE = { height: 180, width: 240 }
const pixels = [4, SIZE.height, SIZE.width]
const logits = values([...pixels, 11])
const labels = Int32Array.from({ length: logits.length / 11 }, (_, i) => i % 11)
const weights = new Float32Array(labels.length).fill(1)
const loss = {
  logits: { values: logits, shape: [...pixels, 11] },
  labels: { values: labels, shape: pixels },
  weights: { values: weights, shape: pixels },
}
const composedLoss = (z: tf.Tensor, l: tf.Tensor) =>
  tf.neg(tf.sum(tf.mul(tf.logSoftmax(z), tf.oneHot(tf.cast(l, 'int32'), 11)), [1, 2, 3]))
compete('CrossEntropySums 4,180,240,11', {
  kernel: 'CrossEntropySums',
  inputs: loss,
  loops: () => crossEntropySumsReference(logits, [4, 180, 240, 11], { labels, weights, height: 180, width: 240 }),
  tfjs: (t) => composedLoss(t.logits, t.labels),
})
compete('CrossEntropyGrad (tfjs: with forward) 4,180,240,11', {
  kernel: 'CrossEntropyGrad',
  inputs: {
    ...loss,
    norms: { values: values([...pixels, 2]), shape: [...pixels, 2] },
    dsums: { values: Float32Array.of(1, 1, 1, 1), shape: [4] },
  },
  loops: () =>
    crossEntropyGradReference(
      logits,
      [4, 180, 240, 11],
      { labels, weights, height: 180, width: 240 },
      Float32Array.of(1, 1, 1, 1),
    ),
  tfjs: (t) => tf.grad((z) => composedLoss(z, t.labels))(t.logits),
})

const committee: Shape = [20, 45, 60, 11]
const passes = { logits: { values: values(committee), shape: committee } }
const resized = (t: Record<string, tf.Tensor>) =>
  tf.image.resizeBilinear(t.logits as tf.Tensor4D, [SIZE.height, SIZE.width], true)
const entropy = (p: tf.Tensor) => tf.neg(tf.sum(tf.mul(p, tf.log(tf.maximum(p, 1e-30))), -1))
compete('VoteEntropy hard 20,45,60,11 -> 180,240', {
  kernel: 'VoteEntropy',
  attrs: { ...SIZE, vote: 'hard' },
  inputs: passes,
  loops: () => voteEntropyReference(passes.logits.values, committee, SIZE, 'hard'),
  tfjs: (t) => entropy(tf.mean(tf.oneHot(tf.argMax(resized(t), 3), 11).toFloat(), 0)),
})
compete('VoteEntropy soft 20,45,60,11 -> 180,240', {
  kernel: 'VoteEntropy',
  attrs: { ...SIZE, vote: 'soft' },
  inputs: passes,
  loops: () => voteEntropyReference(passes.logits.values, committee, SIZE, 'soft'),
  tfjs: (t) => entropy(tf.mean(tf.softmax(resized(t)), 0)),
})
compete('PixelStatistics 20,45,60,11 -> 180,240', {
  kernel: 'PixelStatistics',
  attrs: SIZE,
  inputs: passes,
  loops: () => pixelStatisticsReference(passes.logits.values, committee, SIZE),
  tfjs: (t) => {
    const p = tf.softmax(resized(t))
    return [tf.argMax(p, 3), tf.topk(p, 2), entropy(p)]
  },
})
const map = values([SIZE.height, SIZE.width])
const window = new Float32Array(64).fill(1)
compete('GaussianAttention 180,240, w = 64', {
  kernel: 'GaussianAttention',
  inputs: { map: { values: map, shape: [SIZE.height, SIZE.width] }, a: { values: window, shape: [64] } },
  loops: () => gaussianAttentionReference(map, SIZE, window),
  tfjs: (t) => {
    const rows = tf.conv2d<tf.Tensor4D>(
      tf.reshape(t.map, [1, SIZE.height, SIZE.width, 1]),
      tf.reshape(t.a, [1, 64, 1, 1]),
      1,
      'same',
    )
    return tf.conv2d(rows, tf.reshape(t.a, [64, 1, 1, 1]), 1, 'same')
  },
})
