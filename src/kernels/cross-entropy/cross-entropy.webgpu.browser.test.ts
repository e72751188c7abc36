import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { read, useWebGpu, WORKGROUP_SIZES } from '../../engine/webgpu-testing'
import { expectClose, pattern } from '../../gpu/testing'
import { crossEntropySums } from './cross-entropy'
import { crossEntropyGradReference, crossEntropySumsReference } from './cross-entropy.reference'

useWebGpu()

const SHAPES: [number, number, number, number][] = [
  ...WORKGROUP_SIZES.map((size): [number, number, number, number] => [1, 1, size, 3]),
  [2, 5, 7, 1],
  [3, 6, 11, 19],
  [2, 70, 61, 5],
  [17, 2, 3, 4],
]

describe.each(SHAPES)('[%i, %i, %i, %i]', (items, height, width, classes) => {
  test.each([1, 40])('sums and gradient, logits up to %i', async (size) => {
    const pixels = items * height * width
    const logits = pattern(pixels * classes).map((v) => v * size)
    const labels = Int32Array.from({ length: pixels }, (_, i) => (i % 5 === 3 ? 255 : (i * 7) % classes))
    const weights = pattern(pixels, 3).map((v) => (v < -0.8 ? 0 : v + 1))
    const dsums = pattern(items, 11)
    const wanted = {
      sums: crossEntropySumsReference(logits, labels, weights, items, classes),
      grad: crossEntropyGradReference(logits, labels, weights, dsums, classes),
    }
    const shape: [number, number, number] = [items, height, width]
    const tensors = {
      logits: tf.tensor4d(logits, [...shape, classes]),
      labels: tf.tensor3d(labels, shape, 'int32'),
      weights: tf.tensor3d(weights, shape),
    }
    const sums = (x: tf.Tensor) => crossEntropySums(x as tf.Tensor4D, tensors.labels, tensors.weights)
    const grad = tf.grad((x) => tf.sum(tf.mul(sums(x), tf.tensor1d(dsums))))
    const [gotSums, gotGrad] = await read(sums(tensors.logits), grad(tensors.logits))
    expectClose(gotSums, wanted.sums, { relative: 1e-5, absolute: 1e-5 })
    expectClose(gotGrad, wanted.grad, { absolute: 1e-6 })
  })
})

test('an item without a labelled pixel has loss and gradient 0', async () => {
  const logits = tf.tensor4d(pattern(24), [1, 2, 3, 4])
  const labels = tf.fill([1, 2, 3], 255, 'int32') as tf.Tensor3D
  const weights = tf.ones([1, 2, 3]) as tf.Tensor3D
  const [sums, grad] = await read(
    crossEntropySums(logits, labels, weights),
    tf.grad((x) => tf.sum(crossEntropySums(x as tf.Tensor4D, labels, weights)))(logits),
  )
  expect([...sums, ...grad].every((value) => value === 0)).toBe(true)
})
