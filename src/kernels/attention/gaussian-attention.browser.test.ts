import type * as tf from '@tensorflow/tfjs-core'
import { test } from 'vitest'
import { describeEngines } from '../../../tests/support/engines'
import { evaluate } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { gaussianAttention } from './gaussian-attention'
import { gaussianAttentionReference } from './gaussian-attention.reference'

describeEngines('Gaussian attention', () => {
  test.each([
    { height: 1, width: 1, taps: 1 },
    { height: 9, width: 37, taps: 5 },
    { height: 23, width: 16, taps: 8 },
    { height: 6, width: 7, taps: 20 },
  ])('$height x $width with $taps taps agrees with the reference', async ({ height, width, taps }) => {
    const map = pattern(height * width).map(Math.abs)
    const a = pattern(taps, 3).map((value) => 1 + value / 2)
    const [attended] = await evaluate([{ values: map, shape: [height, width] }], (x) => [
      gaussianAttention(x as tf.Tensor2D, a),
    ])
    expectClose(attended, gaussianAttentionReference(map, { height, width }, a), { relative: 1e-5, absolute: 1e-5 })
  })
})
