import { expect, test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import { expectClose } from '../../gpu/testing'
import { from256ths } from '../testing'
import { crossEntropyGradReference, crossEntropySumsReference } from './cross-entropy.reference'

test.each(golden.crossEntropy)('$shape agrees with PyTorch', (example) => {
  const [logits, weights, dsums] = [example.logits, example.weights, example.dsums].map(from256ths)
  const labels = Int32Array.from(example.labels)
  const [items, , , classes] = example.shape
  expectClose(crossEntropySumsReference(logits, labels, weights, items, classes), example.sums)
  expectClose(crossEntropyGradReference(logits, labels, weights, dsums, classes), example.dlogits)
})

test('an item without valid pixels has loss 0, a uniform one log C per pixel', () => {
  const labels = Int32Array.of(255, 255, 0, 3)
  const sums = crossEntropySumsReference(new Float32Array(16), labels, Float32Array.of(1, 1, 1, 0.5), 2, 4)
  expect(sums[0]).toBe(0)
  expect(sums[1]).toBeCloseTo(1.5 * Math.log(4), 6)
})

test('logits too large for exp are no problem', () => {
  const sums = crossEntropySumsReference(Float32Array.of(1000, 0), Int32Array.of(1), Float32Array.of(1), 1, 2)
  expect(sums[0]).toBe(1000)
})
