/**
 * Suppression and quantisation on the GPU against those in plain arrays, where scores tie, vanish or are no numbers.
 */

import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { useEngine } from '../../tests/support/engines'
import { pattern } from '../../tests/support/numbers'
import { integralImage, regionCandidates } from '../cpral/region-selection'
import { queryResult, unpackQueryResult } from '../kernels/committee/query-result'
import { quantize } from '../math/quantize'

interface Case {
  name: string
  size: { height: number; width: number }
  side: number
  score: (i: number) => number
  isLabelled?: (y: number, x: number) => boolean
}

const noise = pattern(48 * 67, 3)
const CASES: Case[] = [
  { name: 'one pixel', size: { height: 1, width: 1 }, side: 1, score: () => 2 },
  { name: 'noise', size: { height: 48, width: 67 }, side: 7, score: (i) => 1 + noise[i] },
  { name: 'one window fills the image', size: { height: 9, width: 9 }, side: 9, score: (i) => 1 + noise[i] },
  { name: 'a window larger than the image', size: { height: 8, width: 40 }, side: 9, score: () => 1 },
  { name: 'all equal: the lowest index wins', size: { height: 25, width: 33 }, side: 8, score: () => 0.5 },
  {
    name: 'few levels',
    size: { height: 40, width: 51 },
    side: 4,
    score: (i) => Math.floor(4 * Math.abs(noise[i])) / 4,
  },
  { name: 'nothing above 0', size: { height: 20, width: 20 }, side: 4, score: (i) => Math.min(0, noise[i]) },
  { name: 'no numbers', size: { height: 20, width: 21 }, side: 3, score: (i) => (i % 3 ? Number.NaN : 1 + noise[i]) },
  {
    name: 'labelled windows',
    size: { height: 32, width: 40 },
    side: 6,
    score: (i) => 1 + noise[i],
    isLabelled: (y, x) => y < 10 || (x > 12 && x < 27),
  },
  { name: 'all labelled', size: { height: 16, width: 16 }, side: 4, score: () => 1, isLabelled: () => true },
]

async function agrees({ size, side, score, isLabelled }: Case): Promise<void> {
  const { height, width } = size
  const shape: [number, number] = [height, width]
  const attention = Float32Array.from({ length: height * width }, (_, i) => score(i))
  const entropy = attention.map((value) => Math.abs(value) / 3)
  const labelled = isLabelled
    ? Uint8Array.from(attention, (_, i) => Number(isLabelled(Math.floor(i / width), i % width)))
    : null
  const sums = labelled && integralImage(labelled, size)
  const packed = queryResult(tf.tensor2d(entropy, shape), tf.tensor2d(attention, shape), sums, side)
  const got = unpackQueryResult(await packed.data<'int32'>(), size, side)
  expect(got.picks).toEqual(regionCandidates(attention, labelled, size, side))
  for (const [bytes, map] of [
    [got.entropy, entropy],
    [got.attention, attention.map((value) => Math.max(0, value))],
  ] as const) {
    const want = quantize(map)
    expect(bytes.max).toBe(want.max)
    expect(bytes.values).toHaveLength(map.length)
    bytes.values.forEach((value, i) => {
      expect(Math.abs(value - want.values[i])).toBeLessThanOrEqual(1)
    })
  }
}

describe('with what the adapter offers', () => {
  useEngine('webgpu')
  test('which is subgroups, too', () => {
    expect((tf.backend() as WebGPUBackend).device.features.has('subgroups')).toBe(true)
  })
  test.each(CASES)('$name', agrees)
})

describe('without subgroups', () => {
  useEngine('webgpu without subgroups')
  test.each(CASES)('$name', agrees)
})
