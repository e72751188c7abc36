import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { read, useWebGpu } from '../../../tests/support/webgpu'
import { dropout } from './dropout'
import { dropoutReference } from './dropout.reference'

useWebGpu()

const SHAPES: [number, number, number, number][] = [
  [1, 1, 1, 1],
  [1, 7, 9, 1],
  [1, 8, 8, 1],
  [1, 5, 13, 1],
  [3, 4, 7, 6],
]

describe.each([false, true])('channelwise %s', (channelwise) => {
  test.each(SHAPES)('[%i, %i, %i, %i]: the mask of the reference, forward and backward', async (...shape) => {
    const x = pattern(shape.reduce((a, b) => a * b)).map((v) => v + 2)
    for (const options of [
      { rate: 0.5, seed: 1, layer: 2, firstPass: 3, channelwise },
      { rate: 0.1, seed: 4294967295, layer: 5, firstPass: 4294967290, channelwise },
      { rate: 0, seed: 7, layer: 0, firstPass: 0, channelwise },
    ]) {
      const input = tf.tensor4d(x, shape)
      const dy = tf.tensor4d(x, shape)
      const grad = tf.grad((v) => tf.sum(tf.mul(dropout(v, options), dy)))(input)
      const [y, dx] = await read(dropout(input, options), grad)
      const want = dropoutReference(x, shape[0], shape[3], options)
      expectClose(y, want)
      expectClose(dx, want)
    }
  })
})

test('keeps the share it promises', async () => {
  const y = dropout(tf.ones([1, 100, 100, 1]), { rate: 0.3, seed: 5, layer: 1, firstPass: 0 })
  const dropped = (await y.data()).filter((value) => value === 0).length / 10000
  expect(Math.abs(dropped - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 10000))
})
