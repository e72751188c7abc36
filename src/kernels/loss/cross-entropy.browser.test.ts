import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import { describeEngines } from '../../../tests/support/engines'
import { checkGradients, evaluate, from256ths, gradients } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import type { Shape4D } from '../convolution/geometry'
import { crossEntropySums } from './cross-entropy'
import { crossEntropyGradReference, crossEntropySumsReference } from './cross-entropy.reference'

/** The loss as a function of the logits alone. */
const lossOf = (labels: Int32Array, weights: Float32Array, [height, width]: number[]) => {
  return (logits: tf.Tensor) => {
    const shape: [number, number, number] = [logits.shape[0], height, width]
    return crossEntropySums(logits as tf.Tensor4D, tf.tensor3d(labels, shape, 'int32'), tf.tensor3d(weights, shape))
  }
}

const GOLDEN = [
  ...golden.crossEntropy.map((example) => ({ ...example, size: example.shape.slice(1, 3) })),
  ...golden.upsampledCrossEntropy,
]

/** Maps, the labels' size and the largest logit: one pixel, 4 times the size, odd ratios, one row or column, shrinking. */
const CASES: { shape: Shape4D; size: [number, number]; scale: number }[] = [
  { shape: [1, 1, 1, 1], size: [1, 1], scale: 1 },
  { shape: [1, 1, 1, 3], size: [5, 7], scale: 20 },
  { shape: [2, 9, 7, 4], size: [9, 7], scale: 200 },
  { shape: [2, 9, 16, 19], size: [36, 64], scale: 20 },
  { shape: [1, 1, 6, 2], size: [3, 17], scale: 200 },
  { shape: [3, 5, 1, 5], size: [13, 4], scale: 1 },
  { shape: [2, 17, 33, 11], size: [65, 129], scale: 40 },
  { shape: [1, 7, 9, 3], size: [3, 4], scale: 20 },
  { shape: [1, 4, 4, 2], size: [1, 1], scale: 20 },
]

describeEngines('cross-entropy', () => {
  test.each(GOLDEN)('$shape to $size agrees with PyTorch', async (numbers) => {
    const [logits, weights, dsums] = [numbers.logits, numbers.weights, numbers.dsums].map(from256ths)
    const inputs = [{ values: logits, shape: numbers.shape }]
    const loss = lossOf(Int32Array.from(numbers.labels), weights, numbers.size)
    const [sums] = await evaluate(inputs, (a) => [loss(a)])
    expectClose(sums, numbers.sums)
    const [dlogits] = await gradients(inputs, { values: dsums, shape: [numbers.shape[0]] }, loss)
    expectClose(dlogits, numbers.dlogits, { relative: 1e-5, absolute: 2e-6 })
  })

  test.each(CASES)(
    '$shape to $size, logits up to $scale, agrees with the reference',
    async ({ shape, size, scale }) => {
      const [items, h, w, classes] = shape
      const [height, width] = size
      const count = items * height * width
      const logits = pattern(items * h * w * classes).map((value) => scale * value)
      // Among them labels that are no class, in every way.
      const labels = Int32Array.from({ length: count }, (_, i) => [i % classes, 255, classes, i % classes, -1][i % 5])
      const weights = pattern(count, 4).map((value) => (value < -0.8 ? 0 : value + 1))
      const dsums = pattern(items, 11)
      const labelled = { labels, weights, height, width }
      const inputs = [{ values: logits, shape }]
      const loss = lossOf(labels, weights, size)
      const [sums] = await evaluate(inputs, (a) => [loss(a)])
      expectClose(sums, crossEntropySumsReference(logits, shape, labelled), { relative: 2e-5, absolute: 1e-4 })
      const [dlogits] = await gradients(inputs, { values: dsums, shape: [items] }, loss)
      expectClose(dlogits, crossEntropyGradReference(logits, shape, labelled, dsums), {
        relative: 1e-4,
        // Positions are rounded to float32, which large logits multiply.
        absolute: 1e-5 + 1e-6 * scale,
      })
      expect(await gradients(inputs, { values: dsums, shape: [items] }, loss)).toEqual([dlogits])
    },
  )

  test('gradients agree with differences', async () => {
    const labels = Int32Array.from({ length: 35 }, (_, i) => (i % 4 === 3 ? 255 : i % 5))
    const inputs = [{ values: pattern(30), shape: [1, 2, 3, 5] }]
    await checkGradients(inputs, [1], lossOf(labels, pattern(35, 2), [5, 7]), { step: 2e-2, tolerance: 5e-3 })
  })

  test('labels of another batch are refused by name', async () => {
    const labels = { values: pattern(8), shape: [2, 2, 2] }
    const inputs = [{ values: pattern(12), shape: [1, 2, 3, 2] }, labels, labels]
    await expect(
      evaluate(inputs, (a, b, c) => [crossEntropySums(a as tf.Tensor4D, b as tf.Tensor3D, c as tf.Tensor3D)]),
    ).rejects.toThrow('[1,2,3,2]')
  })
})
