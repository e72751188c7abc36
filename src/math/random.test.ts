import { describe, expect, it } from 'vitest'
import { hash32, hashString, hashWords, randomMap } from './random'

type WordMap = (index: number) => number

/** What two words of key are for: the map that has one, under the same key. */
function oneWordMap(seed: number, name: string, ...counters: number[]): WordMap {
  const key = hashWords(seed, hashString(name), ...counters)
  return (index) => hash32((key ^ index) >>> 0)
}

/** Pearson's statistic of counts that should be equal, in standard deviations from its mean. */
function excess(counts: Uint32Array): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  const freedom = counts.length - 1
  return (statistic - freedom) / Math.sqrt(2 * freedom)
}

/** Counts pairs of 4-bit parts of two words, `shift` bits from the right. */
function jointCounts(pairs: number, shift: number, pairAt: (i: number) => [number, number]): Uint32Array {
  const counts = new Uint32Array(256)
  for (let i = 0; i < pairs; i++) {
    const [a, b] = pairAt(i)
    counts[((a >>> shift) & 15) * 16 + ((b >>> shift) & 15)]++
  }
  return counts
}

/** Pairs of maps that hold the same words, in whatever order. */
function sameWords(mapOf: (image: number) => WordMap, images: number, pixels: number): number {
  const seen = new Map<number, number>()
  let pairs = 0
  for (let image = 0; image < images; image++) {
    const map = mapOf(image)
    let sum = 0
    for (let i = 0; i < pixels; i++) sum += map(i)
    pairs += seen.get(sum) ?? 0
    seen.set(sum, (seen.get(sum) ?? 0) + 1)
  }
  return pairs
}

describe('randomMap', () => {
  it('is a pure function of its key and the index', () => {
    const words = Array.from({ length: 5 }, (_, i) => randomMap(1, 'a', 2)(i))
    expect(words.map((_, i) => randomMap(1, 'a', 2)(4 - i)).reverse()).toEqual(words)
    for (const other of [randomMap(2, 'a', 2), randomMap(1, 'b', 2), randomMap(1, 'a', 3), randomMap(1, 'a')]) {
      expect(words.map((_, i) => other(i))).not.toEqual(words)
    }
    for (const word of words) expect(word).toBe(word >>> 0)
  })

  it('gives no two of 1500 images the same words in another order, as one word of key does', () => {
    expect(sameWords((image) => oneWordMap(1, 'test', image), 1500, 2 ** 14)).toBeGreaterThan(0)
    expect(sameWords((image) => randomMap(1, 'test', image), 1500, 2 ** 14)).toBe(0)
  })

  it.each([0, 7, 14, 21, 28])('is uniform, pixel by pixel and pair by pair (bits from %i)', (shift) => {
    const [map, next, later] = [randomMap(5, 'test', 0), randomMap(5, 'test', 1), randomMap(6, 'test', 0)]
    const n = 2 ** 18
    for (const pairAt of [
      (i: number): [number, number] => [map(2 * i), map(2 * i + 1)],
      (i: number): [number, number] => [map(i), map(i + n)],
      (i: number): [number, number] => [map(i), next(i)],
      (i: number): [number, number] => [map(i), later(i)],
      (i: number): [number, number] => [next(i), later(i ^ 1)],
    ]) {
      // 255 degrees of freedom: 5 standard deviations are one in a million and a half.
      expect(Math.abs(excess(jointCounts(n, shift, pairAt)))).toBeLessThan(5)
    }
  })

  it('gives no word twice, so that no two pixels tie', () => {
    const map = randomMap(3, 'test')
    expect(new Set(Array.from({ length: 2 ** 18 }, (_, i) => map(i))).size).toBe(2 ** 18)
  })
})
