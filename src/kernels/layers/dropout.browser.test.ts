import type * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { describeEngines } from '../../../tests/support/engines'
import { evaluate, gradients } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { dropout } from './dropout'
import { type DropoutOptions, dropoutReference } from './dropout.reference'

const CASES: { shape: number[]; options: DropoutOptions }[] = [
  { shape: [2, 3, 5, 7], options: { rate: 0.5, seed: 4294967295, layer: 3, firstPass: 0 } },
  { shape: [3, 4, 4, 6], options: { rate: 0.1, seed: 9, layer: 1, firstPass: 17 } },
  { shape: [2, 3, 5, 7], options: { rate: 0.25, seed: 5, layer: 2, firstPass: 3, channelwise: true } },
  { shape: [1, 2, 3, 4], options: { rate: 0, seed: 5, layer: 2, firstPass: 3 } },
]

describeEngines('dropout', () => {
  test.each(CASES)('mask and gradient agree with the reference: $shape, $options', async ({ shape, options }) => {
    const size = shape.reduce((product, extent) => product * extent)
    const [x, dy] = [pattern(size), pattern(size, 5)]
    const inputs = [{ values: x, shape }]
    const [y] = await evaluate(inputs, (a) => [dropout(a as tf.Tensor4D, options)])
    expectClose(y, dropoutReference(x, shape[0], shape[3], options), { relative: 1e-6, absolute: 0 })
    const [dx] = await gradients(inputs, { values: dy, shape }, (a) => dropout(a, options))
    expectClose(dx, dropoutReference(dy, shape[0], shape[3], options), { relative: 1e-6, absolute: 0 })
  })

  test('a rate of 1 is refused', async () => {
    const inputs = [{ values: pattern(4), shape: [1, 4] }]
    await expect(evaluate(inputs, (a) => [dropout(a, { rate: 1, seed: 0, layer: 0, firstPass: 0 })])).rejects.toThrow(
      'rate of 1',
    )
  })
})
