import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import { type Case, describeKernel, filled } from '../../../tests/support/kernels'
import { expectClose, from256ths } from '../../../tests/support/numbers'
import { disposeBlock, makeBlock, readBlock, writePart } from '../arena/block'
import { sgdStep } from './sgd'
import { sgdStepReference } from './sgd.reference'

const OPTIONS = { momentum: 0.9, weightDecay: 5e-4 }

function example(blocks: number): Case {
  const size = 64 * blocks
  const [parameters, gradients, velocities] = [filled([size]), filled([size], 20), filled([size], 3)]
  const rates = Float32Array.from({ length: blocks }, (_, i) => [0.1, -1, 0.25][i % 3])
  return {
    name: `blocks with rates of their own: ${blocks}`,
    inputs: [parameters, gradients, velocities, { values: rates, shape: [blocks] }],
    run: (p: tf.Tensor1D, g: tf.Tensor1D, v: tf.Tensor1D, table: tf.Tensor1D) => {
      sgdStep(p, g, v, table, OPTIONS)
      return [p, v]
    },
    want: () => {
      const [p, v] = [parameters.values.slice(), velocities.values.slice()]
      sgdStepReference(p, gradients.values, v, rates, OPTIONS)
      return [p, v]
    },
  }
}

async function takesPyTorchsSteps(): Promise<void> {
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
}

async function keepsItsPlace(): Promise<void> {
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
}

describeKernel('SGD', {
  cases: [1, 3, 64, 1000].map(example),
  refusals: {
    'gradients of other blocks': {
      run: () => sgdStep(tf.zeros([128]), tf.zeros([64]), tf.zeros([128]), tf.zeros([2]), OPTIONS),
      says: '[64]',
    },
    'rates of other blocks': {
      run: () => sgdStep(tf.zeros([128]), tf.zeros([128]), tf.zeros([128]), tf.zeros([3]), OPTIONS),
      says: 'rates [3]',
    },
  },
  also: () => {
    test('three steps in place agree with PyTorch and leave no tensor behind', takesPyTorchsSteps)
    test('operations recorded before a step see the old weights, those after it the new ones', keepsItsPlace)
  },
})
