import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { useWebGpu } from '../../../tests/support/webgpu'
import { voteEntropy } from './vote-entropy'
import { type Vote, voteEntropyReference } from './vote-entropy.reference'

useWebGpu()

type Logits = [number, number, number, number]

const CASES = [
  { logits: [1, 1, 1, 2], size: { height: 1, width: 1 } },
  { logits: [5, 2, 3, 4], size: { height: 7, width: 9 } },
  { logits: [5, 2, 3, 4], size: { height: 8, width: 8 } },
  { logits: [4, 3, 3, 11], size: { height: 5, width: 13 } },
  { logits: [20, 4, 6, 19], size: { height: 15, width: 23 } },
  { logits: [20, 4, 6, 20], size: { height: 15, width: 23 } },
  { logits: [256, 2, 2, 4], size: { height: 3, width: 3 } },
  { logits: [3, 2, 3, 68], size: { height: 4, width: 5 } },
  { logits: [3, 2, 3, 64], size: { height: 4, width: 5 } },
  { logits: [3, 2, 3, 130], size: { height: 4, width: 5 } },
  { logits: [3, 1, 1, 3], size: { height: 4, width: 6 } },
] as { logits: Logits; size: { height: number; width: number } }[]

const random = (shape: Logits, scale: number) => {
  // Products of two patterns, so that passes do not agree.
  const size = shape.reduce((a, b) => a * b)
  const other = pattern(size, 3)
  return pattern(size).map((v, i) => scale * (v + other[(i * i) % size]))
}

describe.each<Vote>(['hard', 'soft'])('%s votes', (vote) => {
  test.each(CASES)('$logits at $size.height x $size.width', async ({ logits: shape, size }) => {
    for (const scale of [1, 30]) {
      const logits = random(shape, scale)
      const map = voteEntropy(tf.tensor4d(logits, shape), size, vote)
      expectClose(await map.data(), voteEntropyReference(logits, shape, size, vote), { absolute: 3e-5 })
    }
  })

  test('a committee of equals has no entropy, or that of one member', async () => {
    const one = pattern(3 * 4 * 5)
    const all = tf.tile(tf.tensor4d(one, [1, 3, 4, 5]), [6, 1, 1, 1]) as tf.Tensor4D
    const map = await voteEntropy(all, { height: 6, width: 8 }, vote).data()
    const want = voteEntropyReference(one, [1, 3, 4, 5], { height: 6, width: 8 }, vote)
    expectClose(map, want, { absolute: 1e-5 })
    if (vote === 'hard') expect(Math.max(...map)).toBe(0)
  })
})

test('ties go to the lowest class', async () => {
  const map = voteEntropy(tf.zeros([4, 2, 2, 7]), { height: 3, width: 3 }, 'hard')
  expect(Math.max(...(await map.data()))).toBe(0)
})
