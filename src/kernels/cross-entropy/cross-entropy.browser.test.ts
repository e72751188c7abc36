import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import { describeEngines } from '../../engine/testing'
import { expectClose, pattern } from '../../gpu/testing'
import { checkGradients, evaluate, from256ths, gradients } from '../testing'
import { crossEntropySums } from './cross-entropy'
import { crossEntropyGradReference, crossEntropySumsReference } from './cross-entropy.reference'

/** The loss as a function of the logits alone. */
const lossOf = (labels: Int32Array, weights: Float32Array) => (logits: tf.Tensor) => {
  const shape = logits.shape.slice(0, 3) as [number, number, number]
  return crossEntropySums(logits as tf.Tensor4D, tf.tensor3d(labels, shape, 'int32'), tf.tensor3d(weights, shape))
}

describeEngines('cross-entropy', () => {
  test.each(golden.crossEntropy)('$shape agrees with PyTorch', async (numbers) => {
    const [logits, weights, dsums] = [numbers.logits, numbers.weights, numbers.dsums].map(from256ths)
    const inputs = [{ values: logits, shape: numbers.shape }]
    const loss = lossOf(Int32Array.from(numbers.labels), weights)
    const [sums] = await evaluate(inputs, (a) => [loss(a)])
    expectClose(sums, numbers.sums)
    const [dlogits] = await gradients(inputs, { values: dsums, shape: [numbers.shape[0]] }, loss)
    expectClose(dlogits, numbers.dlogits, { relative: 1e-5, absolute: 1e-6 })
  })

  test.each([1, 3, 4, 19])('%i classes with extreme logits agree with the reference', async (classes) => {
    const shape = [2, 9, 7, classes]
    const logits = pattern(126 * classes).map((value, i) => (i % 11 === 0 ? 200 : 20) * value)
    const labels = Int32Array.from({ length: 126 }, (_, i) => (i % 5 === 0 ? 255 : i % classes))
    const weights = pattern(126, 4).map((value) => 1 + value)
    const dsums = Float32Array.of(0.5, -2)
    const [sums] = await evaluate([{ values: logits, shape }], (a) => [lossOf(labels, weights)(a)])
    expectClose(sums, crossEntropySumsReference(logits, labels, weights, 2, classes), {
      relative: 1e-5,
      absolute: 1e-4,
    })
    const [dlogits] = await gradients(
      [{ values: logits, shape }],
      { values: dsums, shape: [2] },
      lossOf(labels, weights),
    )
    expectClose(dlogits, crossEntropyGradReference(logits, labels, weights, dsums, classes), {
      relative: 1e-4,
      absolute: 1e-5,
    })
  })

  test('gradients agree with differences', async () => {
    const labels = Int32Array.of(0, 1, 2, 255, 3, 4)
    const inputs = [{ values: pattern(30), shape: [1, 2, 3, 5] }]
    await checkGradients(inputs, [1], lossOf(labels, Float32Array.of(1, 0.5, 1, 1, 0.5, 2)), {
      step: 2e-2,
      tolerance: 5e-3,
    })
  })

  test('labels of another size are refused by name', async () => {
    const labels = { values: pattern(4), shape: [1, 2, 2] }
    const inputs = [{ values: pattern(12), shape: [1, 2, 3, 2] }, labels, labels]
    await expect(
      evaluate(inputs, (a, b, c) => [crossEntropySums(a as tf.Tensor4D, b as tf.Tensor3D, c as tf.Tensor3D)]),
    ).rejects.toThrow('[1,2,3,2]')
  })
})
