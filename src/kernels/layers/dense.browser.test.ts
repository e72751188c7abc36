import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { describeEngines } from '../../../tests/support/engines'
import { checkGradients, evaluate } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { dense } from './dense'
import { denseReference } from './dense.reference'

describeEngines('dense layers', () => {
  test.each(
    (
      [
        [1, 1, 1],
        [4, 24, 128],
        [3, 65, 7],
        [2, 768, 1],
      ] as const
    ).flatMap(([items, inputs, outputs]) =>
      (['none', 'relu'] as const).map((activation) => ({ items, inputs, outputs, activation })),
    ),
  )('$items x $inputs to $outputs, $activation', async ({ items, inputs, outputs, activation }) => {
    const given = [
      { values: pattern(items * inputs), shape: [items, inputs] },
      { values: pattern(inputs * outputs, 3), shape: [inputs, outputs] },
      { values: pattern(outputs, 7), shape: [outputs] },
    ]
    const run = (...tensors: tf.Tensor[]) =>
      dense(tensors[0] as tf.Tensor2D, tensors[1] as tf.Tensor2D, tensors[2] as tf.Tensor1D, activation)
    const [y] = await evaluate(given, (...tensors) => [run(...tensors)])
    const [x, weights, bias] = given.map(({ values }) => values)
    expectClose(y, denseReference(x, weights, bias, activation), { absolute: 1e-4 })
  })

  test.each(['none', 'relu'] as const)('gradients agree with differences, %s', async (activation) => {
    // Away from the kink: every sum is at least 0.1 from 0.
    const given = [
      { values: pattern(12), shape: [3, 4] },
      { values: pattern(20, 3), shape: [4, 5] },
      { values: Float32Array.of(3, -3, 3, -3, 3), shape: [5] },
    ]
    const run = (...tensors: tf.Tensor[]) =>
      dense(tensors[0] as tf.Tensor2D, tensors[1] as tf.Tensor2D, tensors[2] as tf.Tensor1D, activation)
    await checkGradients(given, [3, 5], run, { step: 1e-2, tolerance: 1e-3 })
  })

  test('shapes that do not fit are refused by name', () => {
    expect(() => tf.tidy(() => dense(tf.zeros([2, 3]), tf.zeros([4, 5]), tf.zeros([5]), 'none'))).toThrow('[4,5]')
  })
})
