import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { pretendCard, read, useWebGpu } from '../../../tests/support/webgpu'
import { conv2d } from './convolution'
import { conv2dGradFilterReference, conv2dGradInputReference, conv2dReference } from './convolution.reference'
import type { ConvolutionOptions, Shape4D } from './geometry'

useWebGpu()

interface Case extends ConvolutionOptions {
  name: string
  x: Shape4D
  filter: Shape4D
}

const CASES: Case[] = [
  { name: 'one of everything', x: [1, 1, 1, 1], filter: [1, 1, 1, 1], stride: 1, padding: 0, dilation: 1 },
  { name: 'pointwise, odd channels', x: [2, 5, 7, 3], filter: [1, 1, 3, 5], stride: 1, padding: 0, dilation: 1 },
  { name: 'pointwise, tiles of 4', x: [1, 9, 6, 8], filter: [1, 1, 8, 12], stride: 1, padding: 0, dilation: 1 },
  { name: 'pointwise, 63 tiles', x: [1, 3, 4, 36], filter: [1, 1, 36, 28], stride: 1, padding: 0, dilation: 1 },
  { name: 'pointwise, 65 tiles', x: [1, 3, 4, 20], filter: [1, 1, 20, 52], stride: 1, padding: 0, dilation: 1 },
  { name: 'pointwise on a pooled map', x: [3, 1, 1, 16], filter: [1, 1, 16, 4], stride: 1, padding: 0, dilation: 1 },
  { name: '3x3', x: [2, 7, 5, 4], filter: [3, 3, 4, 6], stride: 1, padding: 1, dilation: 1 },
  { name: '3x3 stem, stride 2, odd size', x: [2, 9, 13, 3], filter: [3, 3, 3, 8], stride: 2, padding: 1, dilation: 1 },
  { name: '3x3 stem, stride 2, even size', x: [1, 8, 12, 3], filter: [3, 3, 3, 8], stride: 2, padding: 1, dilation: 1 },
  { name: 'dilation 2', x: [1, 8, 9, 4], filter: [3, 3, 4, 4], stride: 1, padding: 2, dilation: 2 },
  { name: 'dilation 6, mostly outside', x: [1, 5, 8, 4], filter: [3, 3, 4, 8], stride: 1, padding: 6, dilation: 6 },
  {
    name: 'dilation 18, all but the centre outside',
    x: [1, 4, 6, 4],
    filter: [3, 3, 4, 4],
    stride: 1,
    padding: 18,
    dilation: 18,
  },
  { name: '7x7, rows of a wide map', x: [1, 3, 70, 2], filter: [7, 7, 2, 3], stride: 1, padding: 3, dilation: 1 },
]

function suite(): void {
  describe.each(CASES)('$name', ({ x: xShape, filter: filterShape, ...options }) => {
    const x = pattern(xShape.reduce((a, b) => a * b))
    const filter = pattern(
      filterShape.reduce((a, b) => a * b),
      17,
    )
    const inputs = [tf.tensor4d, tf.tensor4d] as const

    test('forward', async () => {
      const y = conv2d(inputs[0](x, xShape), inputs[1](filter, filterShape), options)
      expectClose(await y.data(), conv2dReference(x, xShape, filter, filterShape, options), { absolute: 2e-5 })
    })

    test('gradients', async () => {
      const run = (a: tf.Tensor, b: tf.Tensor) => conv2d(a as tf.Tensor4D, b as tf.Tensor4D, options)
      const shape = run(inputs[0](x, xShape), inputs[1](filter, filterShape)).shape
      const dy = pattern(
        shape.reduce((a, b) => a * b),
        3,
      )
      const objective = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(run(a, b), tf.tensor(dy, shape))) as tf.Scalar
      const [dx, dfilter] = await read(...tf.grads(objective)([inputs[0](x, xShape), inputs[1](filter, filterShape)]))
      expectClose(dx, conv2dGradInputReference(dy, xShape, filter, filterShape, options), { absolute: 2e-5 })
      expectClose(dfilter, conv2dGradFilterReference(x, xShape, dy, filterShape, options), { absolute: 2e-5 })
    })
  })
}

describe('on a software adapter', suite)

describe('as on a graphics card', () => {
  pretendCard()
  suite()
})

test('the filter gradient gives the same bits twice', async () => {
  const x = tf.tensor4d(pattern(2 * 30 * 40 * 8), [2, 30, 40, 8])
  const dy = tf.tensor4d(pattern(2 * 30 * 40 * 12, 5), [2, 30, 40, 12])
  const attrs = { filterShape: [1, 1, 8, 12], stride: 1, padding: 0, dilation: 1 }
  const run = () => tf.engine().runKernel('Conv2dGradFilter', { x, dy }, attrs) as tf.Tensor
  expect(await run().data()).toEqual(await run().data())
})

test('what our kernel does not take runs on tfjs as before', async () => {
  const xShape: Shape4D = [1, 4, 5, 3]
  const filterShape: Shape4D = [3, 3, 3, 4]
  const [x, filter] = [pattern(60), pattern(108, 7)]
  const [a, b] = [tf.tensor4d(x, xShape), tf.tensor4d(filter, filterShape)]
  const leaky = tf.fused.conv2d({
    x: a,
    filter: b,
    strides: 1,
    pad: 'valid',
    activation: 'leakyrelu',
    leakyreluAlpha: 0.5,
  })
  const channelsFirst = tf.transpose(tf.conv2d(tf.transpose(a, [0, 3, 1, 2]), b, 1, 'valid', 'NCHW'), [0, 2, 3, 1])
  const want = conv2dReference(x, xShape, filter, filterShape, { stride: 1, padding: 0, dilation: 1 })
  const [gotLeaky, gotFirst] = await read(leaky, channelsFirst)
  expectClose(
    gotLeaky,
    want.map((value) => (value < 0 ? value / 2 : value)),
    { absolute: 2e-5 },
  )
  expectClose(gotFirst, want, { absolute: 2e-5 })
})
