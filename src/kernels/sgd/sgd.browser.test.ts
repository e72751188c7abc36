import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import { describeEngines } from '../../engine/testing'
import { expectClose } from '../../gpu/testing'
import { from256ths } from '../testing'
import { sgdStep } from './sgd'

describeEngines('SGD', () => {
  test('three steps in place agree with PyTorch and leave no tensor behind', async () => {
    const parameter = tf.variable(tf.tensor1d(from256ths(golden.sgd.parameter)))
    const velocity = tf.zerosLike(parameter)
    const before = tf.memory().numTensors
    for (const { gradient } of golden.sgd.steps) {
      tf.tidy(() => sgdStep(parameter, tf.tensor1d(from256ths(gradient)), velocity, golden.sgd.options))
    }
    expect(tf.memory().numTensors).toBe(before)
    // Through an operation: an engine may keep the values that were read before.
    const result = parameter.mul(1)
    expectClose(await result.data(), golden.sgd.steps[2].parameter)
    tf.dispose([parameter, velocity, result])
  })

  test('a gradient of another shape is refused by name', () => {
    const [p, g] = [tf.zeros([2, 3]), tf.zeros([3, 2])]
    expect(() => sgdStep(p, g, p, golden.sgd.options)).toThrow('[3,2]')
    tf.dispose([p, g])
  })
})
