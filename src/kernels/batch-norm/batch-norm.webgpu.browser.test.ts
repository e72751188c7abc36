import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { read, useWebGpu, WORKGROUP_SIZES } from '../../../tests/support/webgpu'
import type { Activation } from '../activation'
import { batchNormTrain, scaleShift } from './batch-norm'
import { batchNormTrainGradReference, batchNormTrainReference, scaleShiftReference } from './batch-norm.reference'

useWebGpu()

const EPSILON = 1e-5

/** Maps whose rows, channels and reduction lanes lie on both sides of the workgroup and slice sizes. */
const SHAPES: [number, number, number, number][] = [
  [1, 1, 1, 1],
  ...WORKGROUP_SIZES.map((size): [number, number, number, number] => [1, size, 3, 1]),
  [2, 3, 5, 63],
  [1, 7, 2, 65],
  [1, 31, 67, 3],
  [4, 16, 33, 16],
]

function values(shape: number[], offset = 0) {
  const channels = shape[3]
  const size = shape.reduce((product, extent) => product * extent)
  return {
    x: pattern(size).map((v) => 3 * v + offset),
    dy: pattern(size, 31),
    gamma: pattern(channels, 5).map((v) => v + 1.5),
    beta: pattern(channels, 9).map((v) => 2 * v),
  }
}

describe.each(SHAPES.map((shape) => ({ shape })))('batch normalisation of $shape', ({ shape }) => {
  test.each<Activation>(['none', 'relu', 'relu6'])('%s, forward and gradients', async (activation) => {
    const { x, dy, gamma, beta } = values(shape)
    const inputs = [tf.tensor4d(x, shape), tf.tensor1d(gamma), tf.tensor1d(beta)] as const
    const { y, mean, variance } = batchNormTrain(...inputs, activation, { epsilon: EPSILON })
    const [gotY, gotMean, gotVariance] = await read(y, mean, variance)
    const want = batchNormTrainReference(x, gamma, beta, activation, EPSILON)
    expectClose(gotMean, want.mean, { absolute: 1e-6 })
    expectClose(gotVariance, want.variance, { absolute: 1e-6 })
    expectClose(gotY, want.y, { absolute: 1e-5 })

    const objective = (...tensors: tf.Tensor[]) =>
      tf.sum(
        tf.mul(
          batchNormTrain(tensors[0] as tf.Tensor4D, tensors[1] as tf.Tensor1D, tensors[2] as tf.Tensor1D, activation, {
            epsilon: EPSILON,
          }).y,
          tf.tensor4d(dy, shape),
        ),
      )
    const [dx, dgamma, dbeta] = await read(...tf.grads(objective)([...inputs]))
    const grad = batchNormTrainGradReference(dy, x, gamma, beta, want.mean, want.variance, activation, EPSILON)
    expectClose(dbeta, grad.dbeta, { absolute: 1e-4 })
    expectClose(dgamma, grad.dgamma, { absolute: 1e-4 })
    expectClose(dx, grad.dx, { absolute: shape[1] * shape[2] === 1 ? 1e-3 : 2e-5 })
  })
})

test('the variance survives a mean a thousand times the deviation', async () => {
  const shape = [2, 20, 30, 5] as [number, number, number, number]
  const { x, gamma, beta } = values(shape, 2000)
  const { mean, variance } = batchNormTrain(tf.tensor4d(x, shape), tf.tensor1d(gamma), tf.tensor1d(beta), 'none')
  const [gotMean, gotVariance] = await read(mean, variance)
  const want = batchNormTrainReference(x, gamma, beta, 'none', EPSILON)
  expectClose(gotMean, want.mean, { relative: 1e-6 })
  expectClose(gotVariance, want.variance, { relative: 1e-4 })
})

test('a constant map has variance 0 and normalises to beta', async () => {
  const x = tf.fill([1, 9, 9, 4], 12345.678) as tf.Tensor4D
  const beta = tf.tensor1d([0, 1, -1, 7])
  const { y, variance } = batchNormTrain(x, tf.ones([4]), beta, 'relu6')
  expect([...(await variance.data())]).toEqual([0, 0, 0, 0])
  expectClose(
    await y.data(),
    Array.from({ length: 324 }, (_, i) => [0, 1, 0, 6][i % 4]),
  )
})

test('two runs give the same bits', async () => {
  const shape = [2, 40, 50, 6] as [number, number, number, number]
  const { x, gamma, beta } = values(shape)
  const run = async () => {
    const { y, mean, variance } = batchNormTrain(tf.tensor4d(x, shape), tf.tensor1d(gamma), tf.tensor1d(beta), 'relu')
    return read(y, mean, variance)
  }
  expect(await run()).toEqual(await run())
})

test.each<Activation>(['none', 'relu', 'relu6'])('scale and shift, %s', async (activation) => {
  for (const shape of SHAPES) {
    const { x, gamma, beta } = values(shape)
    const y = scaleShift(tf.tensor4d(x, shape), tf.tensor1d(gamma), tf.tensor1d(beta), activation)
    expectClose(await y.data(), scaleShiftReference(x, gamma, beta, activation), { absolute: 1e-6 })
  }
})
