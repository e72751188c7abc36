import type * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { describeEngines } from '../../../tests/support/engines'
import { evaluate } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { pixelStatistics } from './pixel-statistics'
import { pixelStatisticsReference } from './pixel-statistics.reference'

describeEngines('pixel statistics', () => {
  test.each([
    { shape: [1, 1, 1, 2], size: { height: 1, width: 1 }, range: 4 },
    { shape: [2, 3, 5, 11], size: { height: 9, width: 17 }, range: 4 },
    { shape: [1, 5, 4, 19], size: { height: 5, width: 4 }, range: 150 },
  ])('$shape at $size agrees with the reference', async ({ shape, size, range }) => {
    const logits = pattern(shape.reduce((a, b) => a * b)).map((value) => range * value)
    const want = pixelStatisticsReference(logits, shape as [number, number, number, number], size)
    const [prediction, confidence, margin, entropy] = await evaluate([{ values: logits, shape }], (x) => {
      const statistics = pixelStatistics(x as tf.Tensor4D, size)
      return [statistics.prediction, statistics.confidence, statistics.margin, statistics.entropy]
    })
    expect([...prediction]).toEqual([...want.prediction])
    expectClose(confidence, want.confidence, { relative: 1e-5, absolute: 1e-5 })
    expectClose(margin, want.margin, { relative: 1e-5, absolute: 3e-5 })
    expectClose(entropy, want.entropy, { relative: 1e-5, absolute: 3e-5 })
  })

  test('equal logits: class 0, confidence 1/C, no margin, log2 C bits', async () => {
    const [prediction, confidence, margin, entropy] = await evaluate(
      [{ values: new Float32Array(6), shape: [1, 1, 1, 6] }],
      (x) => {
        const statistics = pixelStatistics(x as tf.Tensor4D, { height: 2, width: 2 })
        return [statistics.prediction, statistics.confidence, statistics.margin, statistics.entropy]
      },
    )
    expect([...prediction]).toEqual([0, 0, 0, 0])
    expectClose(confidence, new Array(4).fill(1 / 6))
    expectClose(margin, new Array(4).fill(0))
    expectClose(entropy, new Array(4).fill(Math.log2(6)))
  })
})
