import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { read, useWebGpu } from '../../../tests/support/webgpu'
import { pixelStatistics } from './pixel-statistics'
import { pixelStatisticsReference } from './pixel-statistics.reference'

useWebGpu()

const CASES = [
  { logits: [1, 1, 1, 1], size: { height: 1, width: 1 } },
  { logits: [2, 2, 3, 4], size: { height: 7, width: 9 } },
  { logits: [1, 3, 2, 2], size: { height: 8, width: 8 } },
  { logits: [1, 3, 3, 11], size: { height: 5, width: 13 } },
  { logits: [3, 4, 6, 19], size: { height: 15, width: 23 } },
] as { logits: [number, number, number, number]; size: { height: number; width: number } }[]

test.each(CASES)('$logits at $size.height x $size.width', async ({ logits: shape, size }) => {
  for (const scale of [1, 10, 80]) {
    const logits = pattern(shape.reduce((a, b) => a * b)).map((v) => v * scale)
    const got = pixelStatistics(tf.tensor4d(logits, shape), size)
    const want = pixelStatisticsReference(logits, shape, size)
    expect(await got.prediction.data()).toEqual(want.prediction)
    const [confidence, margin, entropy] = await read(got.confidence, got.margin, got.entropy)
    expectClose(confidence, want.confidence, { absolute: 2e-5 })
    expectClose(margin, want.margin, { absolute: 2e-5 })
    expectClose(entropy, want.entropy, { absolute: 1e-4 })
  }
})

test('equal logits: lowest class, no margin, entropy log2 C', async () => {
  const got = pixelStatistics(tf.zeros([1, 2, 2, 8]), { height: 3, width: 5 })
  expect(new Set(await got.prediction.data())).toEqual(new Set([0]))
  const [margin, entropy] = await read(got.margin, got.entropy)
  expect(Math.max(...margin)).toBe(0)
  expectClose(entropy, new Float32Array(15).fill(3))
})
