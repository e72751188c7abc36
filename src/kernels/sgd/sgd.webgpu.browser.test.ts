import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { read, useWebGpu, WORKGROUP_SIZES } from '../../engine/webgpu-testing'
import { expectClose, pattern } from '../../gpu/testing'
import { sgdStep } from './sgd'
import { sgdStepReference } from './sgd.reference'

useWebGpu()

const OPTIONS = { learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4 }

test.each([...WORKGROUP_SIZES, 1000])('three steps on %i elements, read after each', async (size) => {
  const want = { parameter: pattern(size), velocity: pattern(size, 3) }
  const parameter = tf.variable(tf.tensor1d(want.parameter))
  const velocity = tf.variable(tf.tensor1d(want.velocity))
  for (let step = 0; step < 3; step++) {
    const gradient = pattern(size, 20 + step)
    sgdStep(parameter, tf.tensor1d(gradient), velocity, OPTIONS)
    sgdStepReference(want.parameter, gradient, want.velocity, OPTIONS)
    const [p, v] = await read(parameter, velocity)
    expectClose(p, want.parameter)
    expectClose(v, want.velocity)
  }
})

test('operations recorded before a step see the old weights, those after it the new ones', async () => {
  const parameter = tf.variable(tf.tensor1d([1, 2]))
  const before = tf.mul(parameter, 10)
  sgdStep(parameter, tf.tensor1d([1, 1]), tf.zeros([2]), { learningRate: 1, momentum: 0, weightDecay: 0 })
  const after = tf.mul(parameter, 10)
  expect(await read(before, after)).toEqual([Float32Array.of(10, 20), Float32Array.of(0, 10)])
})

test('steps keep no memory', async () => {
  const parameter = tf.variable(tf.tensor1d(pattern(100)))
  const velocity = tf.variable(tf.zeros([100]))
  const gradient = tf.tensor1d(pattern(100, 2))
  const before = tf.memory().numTensors
  for (let step = 0; step < 100; step++) sgdStep(parameter, gradient, velocity, OPTIONS)
  await parameter.data()
  expect(tf.memory().numTensors).toBe(before)
})
