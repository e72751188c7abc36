import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { describeEngines } from '../../../tests/support/engines'
import { evaluate, gradients } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { addBias, constantMap, globalMean } from './channel-sums'
import { channelBroadcastReference, channelSumsReference } from './channel-sums.reference'

const SHAPES = [
  [1, 1, 1, 1],
  [2, 3, 5, 15],
  [4, 7, 9, 16],
  [3, 13, 17, 33],
]

describeEngines('channel sums', () => {
  test.each(SHAPES)('the global mean of [%i, %i, %i, %i], forward and gradient', async (...shape) => {
    const [items, height, width, channels] = shape
    const x = pattern(tf.util.sizeFromShape(shape)).map((value) => value + 3)
    const dy = pattern(items * channels, 5)
    const pixels = height * width
    const inputs = [{ values: x, shape }]
    const run = (tensor: tf.Tensor) => globalMean(tensor as tf.Tensor4D)
    const [mean] = await evaluate(inputs, (tensor) => [run(tensor)])
    expectClose(mean, channelSumsReference(x, items, channels, 1 / pixels))
    const [dx] = await gradients(inputs, { values: dy, shape: [items, channels] }, run)
    expectClose(dx, channelBroadcastReference(dy, items, pixels, 1 / pixels))
  })

  test.each(SHAPES)('the constant map [%i, %i, %i, %i], forward and gradient', async (...shape) => {
    const [items, height, width, channels] = shape
    const x = pattern(items * channels)
    const dy = pattern(tf.util.sizeFromShape(shape), 5)
    const inputs = [{ values: x, shape: [items, 1, 1, channels] }]
    const run = (tensor: tf.Tensor) => constantMap(tensor as tf.Tensor4D, { height, width })
    const [y] = await evaluate(inputs, (tensor) => [run(tensor)])
    expect(y).toEqual(channelBroadcastReference(x, items, height * width, 1))
    const [dx] = await gradients(inputs, { values: dy, shape }, run)
    expectClose(dx, channelSumsReference(dy, items, channels, 1), { absolute: 1e-5 })
  })

  test.each(SHAPES)('a bias of [%i, %i, %i, %i], forward and gradients', async (...shape) => {
    const channels = shape[3]
    const [x, bias] = [pattern(tf.util.sizeFromShape(shape)), pattern(channels, 9)]
    const dy = pattern(x.length, 5)
    const inputs = [
      { values: x, shape },
      { values: bias, shape: [channels] },
    ]
    const run = (...tensors: tf.Tensor[]) => addBias(tensors[0] as tf.Tensor4D, tensors[1] as tf.Tensor1D)
    const [y] = await evaluate(inputs, (...tensors) => [run(...tensors)])
    expectClose(
      y,
      x.map((value, i) => value + bias[i % channels]),
    )
    const [dx, dbias] = await gradients(inputs, { values: dy, shape }, run)
    expect(dx).toEqual(dy)
    expectClose(dbias, channelSumsReference(dy, 1, channels, 1), { absolute: 1e-5 })
  })

  test('shapes that do not fit are refused by name', () => {
    expect(() => tf.tidy(() => addBias(tf.zeros([2, 3]), tf.zeros([2])))).toThrow('[2,3]')
    expect(() => tf.tidy(() => constantMap(tf.zeros([1, 2, 1, 3]), { height: 2, width: 2 }))).toThrow('[1,2,1,3]')
  })
})
