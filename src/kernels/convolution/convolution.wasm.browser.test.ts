import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { bootWasm } from '../../engine/wasm'
import { activate } from '../activation'
import { conv2dReference } from './convolution.reference'
import type { ConvolutionOptions, Shape4D } from './geometry'

beforeAll(async () => {
  await bootWasm()
})

const CASES: { x: Shape4D; outputs: number; kernel: number; options: ConvolutionOptions }[] = [
  { x: [1, 1, 1, 1], outputs: 1, kernel: 1, options: { stride: 1, padding: 0, dilation: 1 } },
  { x: [2, 7, 7, 5], outputs: 11, kernel: 1, options: { stride: 1, padding: 0, dilation: 1 } },
  { x: [1, 6, 8, 12], outputs: 16, kernel: 1, options: { stride: 1, padding: 0, dilation: 1 } },
  { x: [1, 7, 7, 4], outputs: 24, kernel: 1, options: { stride: 2, padding: 0, dilation: 1 } },
  { x: [2, 9, 5, 3], outputs: 8, kernel: 3, options: { stride: 2, padding: 1, dilation: 1 } },
  { x: [1, 5, 11, 7], outputs: 9, kernel: 3, options: { stride: 1, padding: 6, dilation: 6 } },
  { x: [1, 13, 9, 2], outputs: 10, kernel: 7, options: { stride: 1, padding: 3, dilation: 1 } },
]

function fused(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | null,
  activation: string,
  o: ConvolutionOptions,
) {
  const pad = [
    [0, 0],
    [o.padding, o.padding],
    [o.padding, o.padding],
    [0, 0],
  ]
  const attrs = {
    strides: [o.stride, o.stride],
    dilations: [o.dilation, o.dilation],
    pad,
    dataFormat: 'NHWC',
    activation,
  }
  const inputs = bias ? { x, filter, bias } : { x, filter }
  return tf.engine().runKernel('FusedConv2D', inputs, attrs as unknown as tf.NamedAttrMap) as tf.Tensor
}

describe('fused convolution on WASM', () => {
  it.each(CASES)('$x -> $outputs, $kernel x $kernel, $options', async ({ x: shape, outputs, kernel, options }) => {
    const filterShape: Shape4D = [kernel, kernel, shape[3], outputs]
    const size = (extents: number[]) => extents.reduce((a, b) => a * b)
    const [x, filter, bias] = [pattern(size(shape)), pattern(size(filterShape), 3), pattern(outputs, 7)]
    const plain = conv2dReference(x, shape, filter, filterShape, options)
    for (const [activation, name] of [
      ['linear', 'none'],
      ['relu', 'relu'],
      ['relu6', 'relu6'],
    ] as const) {
      for (const hasBias of [true, false]) {
        const y = tf.tidy(() => {
          const b = hasBias ? tf.tensor1d(bias) : null
          return fused(tf.tensor4d(x, shape), tf.tensor4d(filter, filterShape), b, activation, options)
        })
        const want = Array.from(plain, (value, i) => activate(value + (hasBias ? bias[i % outputs] : 0), name))
        expectClose(await y.data(), want, { relative: 1e-5, absolute: 1e-5 })
        y.dispose()
      }
    }
  })

  it('leaves what it does not know to tfjs', async () => {
    const [x, filter] = [tf.ones([1, 4, 4, 2]), tf.ones([3, 3, 2, 2])] as tf.Tensor4D[]
    const y = fused(x, filter, null, 'elu', { stride: 1, padding: 0, dilation: 1 })
    expect([...(await y.data())]).toEqual(new Array(8).fill(18))
    tf.dispose([x, filter, y])
  })
})
