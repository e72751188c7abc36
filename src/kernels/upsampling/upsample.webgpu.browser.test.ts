import * as tf from '@tensorflow/tfjs-core'
import { test } from 'vitest'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { read, useWebGpu } from '../../../tests/support/webgpu'
import { upsample } from './upsample'
import { upsampleGradReference, upsampleReference } from './upsample.reference'

useWebGpu()

const CASES = [
  { from: [1, 1, 1, 1], to: [1, 1] },
  { from: [2, 1, 1, 3], to: [4, 6] },
  { from: [1, 1, 5, 2], to: [3, 9] },
  { from: [1, 4, 1, 2], to: [13, 2] },
  { from: [1, 3, 5, 4], to: [12, 20] },
  { from: [2, 3, 5, 3], to: [9, 17] },
  { from: [1, 8, 8, 1], to: [8, 8] },
  { from: [1, 7, 9, 2], to: [3, 4] },
  { from: [1, 4, 4, 2], to: [1, 1] },
  { from: [1, 5, 13, 1], to: [10, 26] },
] as { from: [number, number, number, number]; to: [number, number] }[]

test.each(CASES)('$from to $to, forward and gradient', async ({ from, to: [height, width] }) => {
  const x = pattern(from.reduce((a, b) => a * b))
  const shape: [number, number, number, number] = [from[0], height, width, from[3]]
  const dy = pattern(
    shape.reduce((a, b) => a * b),
    5,
  )
  const input = tf.tensor4d(x, from)
  const run = (v: tf.Tensor) => upsample(v as tf.Tensor4D, { height, width })
  const grad = tf.grad((v) => tf.sum(tf.mul(run(v), tf.tensor4d(dy, shape))))(input)
  const [y, dx] = await read(run(input), grad)
  expectClose(y, upsampleReference(x, from, { height, width }), { absolute: 1e-5 })
  expectClose(dx, upsampleGradReference(dy, shape, { height: from[1], width: from[2] }), { absolute: 1e-5 })
})
