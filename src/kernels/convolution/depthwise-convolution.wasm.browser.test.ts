import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { bootWasm } from '../../engine/wasm'
import { activate } from '../activation'
import { explicitPadding } from './convolution'
import { depthwiseConv2dReference } from './depthwise-convolution.reference'
import type { ConvolutionOptions, Shape4D } from './geometry'

beforeAll(async () => {
  await bootWasm()
})

const CASES: { x: Shape4D; kernel: number; options: ConvolutionOptions }[] = [
  { x: [1, 1, 1, 1], kernel: 1, options: { stride: 1, padding: 0, dilation: 1 } },
  { x: [2, 5, 9, 8], kernel: 3, options: { stride: 1, padding: 1, dilation: 1 } },
  { x: [1, 6, 13, 19], kernel: 3, options: { stride: 1, padding: 1, dilation: 1 } },
  { x: [2, 9, 11, 7], kernel: 3, options: { stride: 2, padding: 1, dilation: 1 } },
  { x: [1, 7, 10, 12], kernel: 3, options: { stride: 1, padding: 6, dilation: 6 } },
  { x: [1, 8, 12, 16], kernel: 5, options: { stride: 1, padding: 0, dilation: 1 } },
]

describe('fused depthwise convolution on WASM', () => {
  it.each(CASES)('$x, $kernel x $kernel, $options', async ({ x: shape, kernel, options }) => {
    const channels = shape[3]
    const filterShape: Shape4D = [kernel, kernel, channels, 1]
    const size = shape.reduce((a, b) => a * b)
    const [x, filter, bias] = [pattern(size), pattern(kernel * kernel * channels, 3), pattern(channels, 7)]
    const plain = depthwiseConv2dReference(x, shape, filter, filterShape, options)
    const { stride, dilation, padding } = options
    const attrs = { strides: [stride, stride], dilations: [dilation, dilation], pad: explicitPadding(padding) }
    for (const [activation, name] of [
      ['linear', 'none'],
      ['relu6', 'relu6'],
    ] as const) {
      for (const hasBias of [true, false]) {
        const y = tf.tidy(() => {
          const inputs = { x: tf.tensor4d(x, shape), filter: tf.tensor4d(filter, filterShape) }
          const all = hasBias ? { ...inputs, bias: tf.tensor1d(bias) } : inputs
          const named = { ...attrs, dataFormat: 'NHWC', activation } as unknown as tf.NamedAttrMap
          return tf.engine().runKernel('FusedDepthwiseConv2D', all, named) as tf.Tensor
        })
        const want = Array.from(plain, (value, i) => activate(value + (hasBias ? bias[i % channels] : 0), name))
        expectClose(await y.data(), want, { relative: 1e-5, absolute: 1e-5 })
        y.dispose()
      }
    }
  })

  it('leaves a channel multiplier to tfjs', async () => {
    const y = tf.tidy(() => tf.depthwiseConv2d(tf.ones<tf.Rank.R4>([1, 3, 3, 2]), tf.ones([3, 3, 2, 2]), 1, 'valid'))
    expect([...(await y.data())]).toEqual([9, 9, 9, 9])
    y.dispose()
  })
})
