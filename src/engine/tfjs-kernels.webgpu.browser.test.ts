/** The forward kernels of tfjs that the network relies on, at odd sizes, against plain loops. */
import * as tf from '@tensorflow/tfjs-core'
import { describe, test } from 'vitest'
import { expectClose, pattern } from '../../tests/support/numbers'
import { read, useWebGpu } from '../../tests/support/webgpu'
import { activate } from '../kernels/activation'
import { explicitPadding } from '../kernels/convolution/convolution'
import { conv2dReference } from '../kernels/convolution/convolution.reference'
import { depthwiseConv2dReference } from '../kernels/convolution/depthwise-convolution.reference'

useWebGpu()

type Shape = [number, number, number, number]
const filled = (shape: number[], phase = 0) =>
  pattern(
    shape.reduce((a, b) => a * b),
    phase,
  )

test.each([
  [1, 1, 1],
  [7, 5, 3],
  [65, 33, 17],
  [130, 12, 70],
])('matMul [%i, %i] x [%i columns], also transposed', async (m, k, n) => {
  const a = filled([m, k])
  const b = filled([k, n], 3)
  const want = new Float64Array(m * n)
  for (let i = 0; i < m * n; i++) {
    for (let l = 0; l < k; l++) want[i] += a[Math.floor(i / n) * k + l] * b[l * n + (i % n)]
  }
  const product = tf.matMul(tf.tensor2d(a, [m, k]), tf.tensor2d(b, [k, n]))
  const transposed = tf.matMul(tf.transpose(tf.tensor2d(a, [m, k])), tf.transpose(tf.tensor2d(b, [k, n])), true, true)
  for (const got of await read(product, transposed)) expectClose(got, want, { absolute: 2e-5 })
})

test('concat on channels, mean over rows and columns, broadcast, add of a bias', async () => {
  const [n, h, w] = [2, 5, 7]
  const parts = [3, 1, 8].map((channels, i) => ({ channels, values: filled([n, h, w, channels], i) }))
  const joined = tf.concat(
    parts.map(({ channels, values }) => tf.tensor4d(values, [n, h, w, channels])),
    3,
  )
  const want = new Float32Array(n * h * w * 12)
  for (let pixel = 0; pixel < n * h * w; pixel++) {
    let c = 0
    for (const { channels, values } of parts) {
      for (let i = 0; i < channels; i++) want[pixel * 12 + c++] = values[pixel * channels + i]
    }
  }
  const mean = tf.mean(joined, [1, 2], true)
  const wantMean = Float64Array.from({ length: n * 12 }, (_, i) => {
    let sum = 0
    for (let pixel = 0; pixel < h * w; pixel++) sum += want[(Math.floor(i / 12) * h * w + pixel) * 12 + (i % 12)]
    return sum / (h * w)
  })
  const bias = filled([12], 9)
  const spread = tf.add(tf.broadcastTo(mean, [n, h, w, 12]), tf.tensor1d(bias))
  const [gotJoined, gotMean, gotSpread] = await read(joined, mean, spread)
  expectClose(gotJoined, want)
  expectClose(gotMean, wantMean)
  expectClose(
    gotSpread,
    want.map((_, i) => wantMean[Math.floor(i / (12 * h * w)) * 12 + (i % 12)] + bias[i % 12]),
  )
})

describe('fused convolutions with explicit padding, bias and activation', () => {
  const cases: { x: Shape; outputs: number; kernel: number; stride: number; dilation: number }[] = [
    { x: [1, 9, 13, 3], outputs: 8, kernel: 3, stride: 2, dilation: 1 },
    { x: [2, 7, 5, 6], outputs: 5, kernel: 3, stride: 1, dilation: 2 },
    { x: [1, 6, 11, 8], outputs: 12, kernel: 3, stride: 1, dilation: 6 },
    { x: [1, 4, 7, 16], outputs: 8, kernel: 1, stride: 1, dilation: 1 },
  ]
  test.each(cases)('$x, $kernel x $kernel, stride $stride, dilation $dilation', async (layer) => {
    const { x: shape, outputs, kernel, stride, dilation } = layer
    const padding = (dilation * (kernel - 1)) / 2
    const options = { stride, padding, dilation }
    const [x, bias, channelBias] = [filled(shape), filled([outputs], 4), filled([shape[3]], 4)]
    const denseShape: Shape = [kernel, kernel, shape[3], outputs]
    const depthwiseShape: Shape = [kernel, kernel, shape[3], 1]
    const input = tf.tensor4d(x, shape)
    const common = {
      x: input,
      strides: stride,
      dilations: dilation,
      pad: explicitPadding(padding),
      activation: 'relu6' as const,
    }
    const dense = filled(denseShape, 2).map((v) => 4 * v)
    const depthwise = filled(depthwiseShape, 2).map((v) => 4 * v)
    const [gotDense, gotDepthwise] = await read(
      tf.fused.conv2d({ ...common, filter: tf.tensor4d(dense, denseShape), bias: tf.tensor1d(bias) }),
      tf.fused.depthwiseConv2d({
        ...common,
        // Its type leaves out the explicit padding that it takes.
        pad: explicitPadding(padding) as unknown as 'valid',
        filter: tf.tensor4d(depthwise, depthwiseShape),
        bias: tf.tensor1d(channelBias),
      }),
    )
    const finish = (values: Float32Array, biases: Float32Array) =>
      values.map((value, i) => activate(value + biases[i % biases.length], 'relu6'))
    expectClose(gotDense, finish(conv2dReference(x, shape, dense, denseShape, options), bias), { absolute: 5e-5 })
    const wantDepthwise = depthwiseConv2dReference(x, shape, depthwise, depthwiseShape, options)
    expectClose(gotDepthwise, finish(wantDepthwise, channelBias), { absolute: 5e-5 })
  })
})
