import type * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import { describeEngines } from '../../../tests/support/engines'
import { checkGradients, evaluate, from256ths, gradients } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import type { Activation } from '../activation'
import { dropoutReference } from '../layers/dropout.reference'
import { batchNormTrain, scaleShift } from './batch-norm'
import { batchNormTrainGradReference, batchNormTrainReference, scaleShiftReference } from './batch-norm.reference'

const EPSILON = 1e-5
const train = (activation: Activation) => (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) =>
  batchNormTrain(x as tf.Tensor4D, gamma as tf.Tensor1D, beta as tf.Tensor1D, activation)

/** Rows on both sides of the block size, channels on both sides of a vector. */
const SHAPES: [number, number, number, number][] = [
  [1, 1, 2, 1],
  [1, 9, 7, 3],
  [2, 8, 4, 4],
  [1, 13, 5, 17],
  [2, 9, 11, 8],
]

function example(shape: number[], offset: number) {
  const channels = shape[3]
  const x = pattern(shape.reduce((product, extent) => product * extent)).map((value) => 3 * value + offset)
  const gamma = pattern(channels, 5).map((value) => value + 1.5)
  const beta = pattern(channels, 9).map((value) => 2 * value)
  return { x, dy: pattern(x.length, 31), gamma, beta }
}

/** Numbers whose activations lie below 0, between and above 6, none so near to 0 or 6 that a difference would step across. */
function awayFromKinks() {
  const shape = [2, 3, 3, 3]
  const beta = Float32Array.of(1, 2, 3)
  const gamma = Float32Array.of(2, 3, 4)
  for (let phase = 0; ; phase++) {
    const x = pattern(54, phase).map((value, i) => value + Math.sin(i))
    const { y } = batchNormTrainReference(x, gamma, beta, 'none', EPSILON)
    const isNear = y.some((value) => Math.abs(value) < 0.05 || Math.abs(value - 6) < 0.05)
    if (!isNear && y.some((value) => value < 0) && y.some((value) => value > 6)) return { x, gamma, beta, shape }
  }
}

describeEngines('batch normalisation', () => {
  test.each(golden.batchNorm)('agrees with PyTorch ($activation)', async (numbers) => {
    const [x, gamma, beta, dy] = [numbers.x, numbers.gamma, numbers.beta, numbers.dy].map(from256ths)
    const { shape } = numbers
    const inputs = [
      { values: x, shape },
      { values: gamma, shape: [shape[3]] },
      { values: beta, shape: [shape[3]] },
    ]
    const run = train(numbers.activation as Activation)
    const [y, mean, variance] = await evaluate(inputs, (...tensors) =>
      Object.values(run(tensors[0], tensors[1], tensors[2])),
    )
    expectClose(y, numbers.y, { relative: 1e-5, absolute: 1e-5 })
    expectClose(mean, numbers.mean)
    expectClose(variance, numbers.variance)
    const [dx, dgamma, dbeta] = await gradients(inputs, { values: dy, shape }, (a, b, c) => run(a, b, c).y)
    expectClose(dx, numbers.dx, { relative: 1e-4, absolute: 1e-5 })
    expectClose(dgamma, numbers.dgamma, { relative: 1e-4, absolute: 1e-5 })
    expectClose(dbeta, numbers.dbeta, { relative: 1e-5, absolute: 1e-5 })
  })

  test.each(SHAPES)('agrees with the reference on %i x %i x %i x %i', async (...shape) => {
    // A mean of 20 standard deviations takes digits from a variance that is computed carelessly.
    const { x, dy, gamma, beta } = example(shape, 40)
    const inputs = [
      { values: x, shape },
      { values: gamma, shape: [shape[3]] },
      { values: beta, shape: [shape[3]] },
    ]
    for (const activation of ['none', 'relu6'] as const) {
      const want = batchNormTrainReference(x, gamma, beta, activation, EPSILON)
      const [y, mean, variance] = await evaluate(inputs, (a, b, c) => Object.values(train(activation)(a, b, c)))
      expectClose(mean, want.mean)
      expectClose(variance, want.variance, { relative: 1e-4, absolute: 1e-6 })
      expectClose(y, want.y, { relative: 1e-4, absolute: 1e-4 })
      const grads = batchNormTrainGradReference(dy, x, gamma, beta, mean, variance, activation, EPSILON)
      const [dx, dgamma, dbeta] = await gradients(
        inputs,
        { values: dy, shape },
        (a, b, c) => train(activation)(a, b, c).y,
      )
      expectClose(dbeta, grads.dbeta, { relative: 1e-4, absolute: 1e-4 })
      expectClose(dgamma, grads.dgamma, { relative: 1e-4, absolute: 1e-4 })
      expectClose(dx, grads.dx, { relative: 1e-3, absolute: 1e-4 })
    }
  })

  test.each(SHAPES)('with a dropout behind it, forward and back, on %i x %i x %i x %i', async (...shape) => {
    const { x, dy, gamma, beta } = example(shape, 1)
    const inputs = [
      { values: x, shape },
      { values: gamma, shape: [shape[3]] },
      { values: beta, shape: [shape[3]] },
    ]
    const dropout = { rate: 0.4, seed: 3, layer: 2, firstPass: 4_294_967_295 }
    const dropped = (values: Float32Array) => dropoutReference(values, shape[0], shape[3], dropout)
    const run = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) =>
      batchNormTrain(a as tf.Tensor4D, b as tf.Tensor1D, c as tf.Tensor1D, 'relu6', { dropout })
    const want = batchNormTrainReference(x, gamma, beta, 'relu6', EPSILON)
    const [y, mean, variance] = await evaluate(inputs, (a, b, c) => Object.values(run(a, b, c)))
    expectClose(y, dropped(want.y), { relative: 1e-4, absolute: 1e-4 })
    const grads = batchNormTrainGradReference(dropped(dy), x, gamma, beta, mean, variance, 'relu6', EPSILON)
    const [dx, dgamma, dbeta] = await gradients(inputs, { values: dy, shape }, (a, b, c) => run(a, b, c).y)
    expectClose(dbeta, grads.dbeta, { relative: 1e-4, absolute: 1e-4 })
    expectClose(dgamma, grads.dgamma, { relative: 1e-4, absolute: 1e-4 })
    expectClose(dx, grads.dx, { relative: 1e-3, absolute: 1e-4 })
  })

  test.each(['none', 'relu', 'relu6'] as const)('gradients agree with differences (%s)', async (activation) => {
    const { x, gamma, beta, shape } = awayFromKinks()
    const inputs = [
      { values: x, shape },
      { values: gamma, shape: [3] },
      { values: beta, shape: [3] },
    ]
    await checkGradients(inputs, shape, (a, b, c) => train(activation)(a, b, c).y, { step: 4e-3, tolerance: 2e-2 })
  })

  test('scale and shift agree with the reference', async () => {
    for (const activation of ['none', 'relu', 'relu6'] as const) {
      for (const shape of SHAPES) {
        const { x, gamma, beta } = example(shape, 0)
        const inputs = [
          { values: x, shape },
          { values: gamma, shape: [shape[3]] },
          { values: beta, shape: [shape[3]] },
        ]
        const [y] = await evaluate(inputs, (a, b, c) => [
          scaleShift(a as tf.Tensor4D, b as tf.Tensor1D, c as tf.Tensor1D, activation),
        ])
        expectClose(y, scaleShiftReference(x, gamma, beta, activation), { relative: 1e-6, absolute: 1e-6 })
      }
    }
  })

  test('a vector of another length is refused by name', async () => {
    const inputs = [
      { values: pattern(8), shape: [1, 2, 2, 2] },
      { values: pattern(3), shape: [3] },
      { values: pattern(2), shape: [2] },
    ]
    await expect(evaluate(inputs, (a, b, c) => [train('relu')(a, b, c).y])).rejects.toThrow('[1,2,2,2]')
  })
})
