/**
 * Seeded randomness. Every random decision of the system is a pure function of (seed, labels...), so that a run can be
 * repeated, resumed in the middle, and compared across engines.
 */

/** PCG output permutation of a 32-bit word (O'Neill 2014, RXS-M-XS): the counter-based hash used on every engine. */
export function hash32(value: number): number {
  const state = (Math.imul(value >>> 0, 747796405) + 2891336453) >>> 0
  const word = Math.imul(((state >>> ((state >>> 28) + 4)) ^ state) >>> 0, 277803737) >>> 0
  return ((word >>> 22) ^ word) >>> 0
}

/** Folds a list of 32-bit words into one; order matters. */
export function hashWords(...words: number[]): number {
  let h = 0
  for (const word of words) h = hash32((h ^ (word >>> 0)) >>> 0)
  return h
}

/** FNV-1a hash of a string, so that a stream can be named: `random(seed, hashString('initial-pool'))`. */
export function hashString(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0
  return h
}

/**
 * A map of random 32-bit words, one for each index (a pixel, a segment), keyed by (seed, name, ...counters): any part of
 * it can be computed without the rest. Two words of key are mixed in at two places. With one, as in hash32(key ^ index),
 * two keys with the same high bits would give the same words in another order: one in 512 pairs, for 8 million pixels.
 */
export function randomMap(seed: number, name: string, ...counters: number[]): (index: number) => number {
  const key = [seed, hashString(name), ...counters]
  const first = hashWords(...key)
  const second = hashWords(0x9e3779b9, ...key)
  return (index) => hash32((hash32((first ^ index) >>> 0) + second) >>> 0)
}

/** A stream of uniform numbers in [0, 1) with 32 bits each, keyed by (seed, name, ...counters). */
export interface RandomStream {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in 0..n-1. */
  below(n: number): number
  /** Standard normal (Box-Muller). */
  normal(): number
  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[]
}

export function randomStream(seed: number, name: string, ...counters: number[]): RandomStream {
  const wordOf = randomMap(seed, name, ...counters)
  let counter = 0
  const next = () => wordOf(counter++) / 4294967296
  const below = (n: number) => Math.floor(next() * n)
  return {
    next,
    below,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffle: <T>(items: readonly T[]) => {
      const copy = [...items]
      for (let i = copy.length - 1; i > 0; i--) {
        const j = below(i + 1)
        ;[copy[i], copy[j]] = [copy[j] as T, copy[i] as T]
      }
      return copy
    },
  }
}
