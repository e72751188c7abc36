import * as tf from '@tensorflow/tfjs-core'
import { describe, test } from 'vitest'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { read, useWebGpu } from '../../../tests/support/webgpu'
import { depthwiseConv2d } from './depthwise-convolution'
import {
  depthwiseConv2dGradFilterReference,
  depthwiseConv2dGradInputReference,
  depthwiseConv2dReference,
} from './depthwise-convolution.reference'
import type { ConvolutionOptions, Shape4D } from './geometry'

useWebGpu()

interface Case extends ConvolutionOptions {
  name: string
  x: Shape4D
  kernel: [number, number]
}

const CASES: Case[] = [
  { name: 'one of everything', x: [1, 1, 1, 1], kernel: [1, 1], stride: 1, padding: 0, dilation: 1 },
  { name: '63 channels', x: [1, 3, 4, 63], kernel: [3, 3], stride: 1, padding: 1, dilation: 1 },
  { name: '64 channels', x: [1, 4, 3, 64], kernel: [3, 3], stride: 1, padding: 1, dilation: 1 },
  { name: '65 channels', x: [1, 3, 3, 65], kernel: [3, 3], stride: 1, padding: 1, dilation: 1 },
  { name: 'batch of non-square maps', x: [3, 7, 12, 8], kernel: [3, 3], stride: 1, padding: 1, dilation: 1 },
  { name: 'stride 2, odd size', x: [2, 9, 13, 4], kernel: [3, 3], stride: 2, padding: 1, dilation: 1 },
  { name: 'stride 2, even size', x: [2, 8, 14, 4], kernel: [3, 3], stride: 2, padding: 1, dilation: 1 },
  { name: 'dilation 2', x: [1, 9, 8, 5], kernel: [3, 3], stride: 1, padding: 2, dilation: 2 },
  { name: 'dilation 12, mostly outside', x: [1, 8, 15, 4], kernel: [3, 3], stride: 1, padding: 12, dilation: 12 },
  {
    name: 'dilation 18, all but the centre outside',
    x: [1, 4, 6, 4],
    kernel: [3, 3],
    stride: 1,
    padding: 18,
    dilation: 18,
  },
  { name: 'dilation 2 and stride 2', x: [1, 11, 10, 3], kernel: [3, 3], stride: 2, padding: 2, dilation: 2 },
  { name: 'stride 3 without padding', x: [1, 11, 14, 4], kernel: [3, 3], stride: 3, padding: 0, dilation: 1 },
  { name: '5x3', x: [1, 12, 7, 2], kernel: [5, 3], stride: 1, padding: 2, dilation: 1 },
]

describe.each(CASES)('$name', ({ x: xShape, kernel, ...options }) => {
  const filterShape: Shape4D = [...kernel, xShape[3], 1]
  const x = pattern(xShape.reduce((a, b) => a * b))
  const filter = pattern(
    filterShape.reduce((a, b) => a * b),
    17,
  )
  const run = (a: tf.Tensor, b: tf.Tensor) => depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, options)

  test('forward', async () => {
    const y = run(tf.tensor4d(x, xShape), tf.tensor4d(filter, filterShape))
    expectClose(await y.data(), depthwiseConv2dReference(x, xShape, filter, filterShape, options), { absolute: 2e-5 })
  })

  test('gradients', async () => {
    const shape = run(tf.tensor4d(x, xShape), tf.tensor4d(filter, filterShape)).shape
    const dy = pattern(
      shape.reduce((a, b) => a * b),
      3,
    )
    const objective = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(run(a, b), tf.tensor(dy, shape))) as tf.Scalar
    const [dx, dfilter] = await read(...tf.grads(objective)([tf.tensor4d(x, xShape), tf.tensor4d(filter, filterShape)]))
    expectClose(dx, depthwiseConv2dGradInputReference(dy, xShape, filter, filterShape, options), { absolute: 2e-5 })
    expectClose(dfilter, depthwiseConv2dGradFilterReference(x, xShape, dy, filterShape, options), { absolute: 2e-5 })
  })
})
