import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import { describeEngines } from '../../../tests/support/engines'
import { from256ths } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { disposeBlock, makeBlock, readBlock, writePart } from '../arena/block'
import { sgdStep } from './sgd'
import { sgdStepReference } from './sgd.reference'

describeEngines('SGD', () => {
  test('three steps in place agree with PyTorch and leave no tensor behind', async () => {
    const { learningRate, ...options } = golden.sgd.options
    const shape = [golden.sgd.parameter.length]
    const parameters = makeBlock([{ shape, values: from256ths(golden.sgd.parameter) }])
    const [gradients, velocities] = [makeBlock([{ shape }]), makeBlock([{ shape }])]
    const rates = tf.tensor1d([learningRate])
    const before = tf.memory().numTensors
    for (const { gradient } of golden.sgd.steps) {
      tf.tidy(() => writePart(gradients, 0, tf.tensor1d(from256ths(gradient))))
      sgdStep(parameters.whole, gradients.whole, velocities.whole, rates, options)
    }
    expect(tf.memory().numTensors).toBe(before)
    expectClose((await readBlock(parameters))[0], golden.sgd.steps[2].parameter)
    for (const block of [parameters, gradients, velocities]) disposeBlock(block)
    rates.dispose()
  })

  test.each([1, 3, 64, 1000])('%i blocks with rates of their own agree with the reference', async (blocks) => {
    const size = 64 * blocks
    const want = { parameters: pattern(size), velocities: pattern(size, 3) }
    const gradients = pattern(size, 20)
    const rates = Array.from({ length: blocks }, (_, i) => [0.1, -1, 0.25][i % 3])
    const options = { momentum: 0.9, weightDecay: 5e-4 }
    const [p, g, v] = [want.parameters, gradients, want.velocities].map((values) => tf.tensor1d(values))
    const table = tf.tensor1d(rates)
    sgdStep(p, g, v, table, options)
    sgdStepReference(want.parameters, gradients, want.velocities, rates, options)
    expectClose(await p.data(), want.parameters)
    expectClose(await v.data(), want.velocities)
    tf.dispose([p, g, v, table])
  })

  test('operations recorded before a step see the old weights, those after it the new ones', async () => {
    const x = tf.ones([1, 2, 2, 1]) as tf.Tensor4D
    const filter = makeBlock([{ shape: [1, 1, 1, 2], values: [1, 2] }])
    const convolve = () => tf.conv2d(x, filter.parts[0] as tf.Tensor4D, 1, 'valid')
    const before = convolve()
    const [gradients, zeros, rates] = [tf.ones([64]), tf.zeros([64]), tf.tensor1d([1])] as tf.Tensor1D[]
    sgdStep(filter.whole, gradients, zeros, rates, { momentum: 0, weightDecay: 0 })
    const after = convolve()
    expect([...(await before.data())]).toEqual([1, 2, 1, 2, 1, 2, 1, 2])
    expect([...(await after.data())]).toEqual([0, 1, 0, 1, 0, 1, 0, 1])
    disposeBlock(filter)
    tf.dispose([x, before, after, gradients, zeros, rates])
  })

  test('blocks that do not fit are refused by name', () => {
    const [p, g, rates] = [tf.zeros([128]), tf.zeros([64]), tf.zeros([2])] as tf.Tensor1D[]
    expect(() => sgdStep(p, g, p, rates, { momentum: 0, weightDecay: 0 })).toThrow('[64]')
    expect(() => sgdStep(p, p, p, tf.zeros([3]), { momentum: 0, weightDecay: 0 })).toThrow('rates [3]')
    tf.dispose([p, g, rates])
  })
})
