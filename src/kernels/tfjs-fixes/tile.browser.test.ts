import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { describeEngines } from '../../../tests/support/engines'
import { checkGradients, evaluate } from '../../../tests/support/gradients'
import { pattern } from '../../../tests/support/numbers'

describeEngines('tile', () => {
  test.each([
    { shape: [2, 1, 1, 3], reps: [1, 2, 4, 1] },
    { shape: [1, 2, 3, 5], reps: [3, 1, 1, 1] },
    { shape: [2, 3], reps: [2, 3] },
    { shape: [2, 3], reps: [1, 1] },
    { shape: [4], reps: [5] },
  ])('$shape by $reps repeats along every axis', async ({ shape, reps }) => {
    const x = pattern(shape.reduce((a, b) => a * b))
    const [tiled] = await evaluate([{ values: x, shape }], (a) => [tf.tile(a, reps)])
    const outputShape = shape.map((extent, axis) => extent * reps[axis])
    const expected = Array.from({ length: outputShape.reduce((a, b) => a * b) }, (_, index) => {
      let rest = index
      let source = 0
      let step = 1
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        source += ((rest % outputShape[axis]) % shape[axis]) * step
        rest = Math.floor(rest / outputShape[axis])
        step *= shape[axis]
      }
      return x[source]
    })
    expect([...tiled]).toEqual(expected)
  })

  test('gradients agree with differences', async () => {
    const inputs = [{ values: pattern(6), shape: [2, 1, 1, 3] }]
    await checkGradients(inputs, [2, 4, 5, 6], (x) => tf.tile(x, [1, 4, 5, 2]), { step: 0.5, tolerance: 1e-5 })
    await checkGradients(inputs, [2, 4, 5, 3], (x) => tf.broadcastTo(x, [2, 4, 5, 3]), { step: 0.5, tolerance: 1e-5 })
  })
})
