import { expect, test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import { expectClose, from256ths } from '../../../tests/support/numbers'
import type { Shape4D } from '../convolution/geometry'
import { crossEntropyGradReference, crossEntropySumsReference } from './cross-entropy.reference'

const EXAMPLES = [
  ...golden.crossEntropy.map((example) => ({ ...example, size: example.shape.slice(1, 3) })),
  ...golden.upsampledCrossEntropy,
]

test.each(EXAMPLES)('$shape to $size agrees with PyTorch', (example) => {
  const [logits, weights, dsums] = [example.logits, example.weights, example.dsums].map(from256ths)
  const [height, width] = example.size
  const labelled = { labels: Int32Array.from(example.labels), weights, height, width }
  const shape = example.shape as Shape4D
  expectClose(crossEntropySumsReference(logits, shape, labelled), example.sums)
  expectClose(crossEntropyGradReference(logits, shape, labelled, dsums), example.dlogits)
})

test('an item without valid pixels has loss 0, a uniform one log C per pixel', () => {
  const labels = Int32Array.of(255, -1, 0, 3, 4, 255)
  const labelled = { labels, weights: Float32Array.of(1, 1, 1, 0.5, 1, 1), height: 1, width: 2 }
  const sums = crossEntropySumsReference(new Float32Array(24), [3, 1, 2, 4], labelled)
  expect(sums[0]).toBe(0)
  expect(sums[1]).toBeCloseTo(1.5 * Math.log(4), 6)
  expect(sums[2]).toBe(0)
})

test('logits too large for exp are no problem', () => {
  const labelled = { labels: Int32Array.of(1), weights: Float32Array.of(1), height: 1, width: 1 }
  expect(crossEntropySumsReference(Float32Array.of(1000, 0), [1, 1, 1, 2], labelled)[0]).toBe(1000)
})
