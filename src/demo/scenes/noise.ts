/** Lattice noise from integer hashes. Only + - * / and sqrt, which every machine rounds alike: no sin, exp or pow. */

const COLUMN = 374761393
const ROW = 668265263

/** A number in [0, 1) for a lattice point. */
export function latticeNoise(seed: number, column: number, row: number): number {
  return scramble((Math.imul(column, COLUMN) + Math.imul(row, ROW) + seed) | 0)
}

function scramble(word: number): number {
  const h = Math.imul(word ^ (word >>> 13), 1274126177)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

/** Smooth noise in [0, 1) with features of size 1. */
export function valueNoise(seed: number, x: number, y: number): number {
  const column = Math.floor(x)
  const row = Math.floor(y)
  const u = smooth(x - column)
  const v = smooth(y - row)
  const word = (Math.imul(column, COLUMN) + Math.imul(row, ROW) + seed) | 0
  const top = mix(scramble(word), scramble((word + COLUMN) | 0), u)
  const bottom = mix(scramble((word + ROW) | 0), scramble((word + ROW + COLUMN) | 0), u)
  return mix(top, bottom, v)
}

/** Three octaves of smooth noise in [0, 1). */
export function cloudNoise(seed: number, x: number, y: number): number {
  return (
    valueNoise(seed, x, y) * 0.57 +
    valueNoise(seed + 101, x * 2.1, y * 2.1) * 0.29 +
    valueNoise(seed + 202, x * 4.3, y * 4.3) * 0.14
  )
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smoothStep(from: number, to: number, x: number): number {
  return smooth(clamp01((x - from) / (to - from)))
}

export function clamp01(x: number): number {
  return Math.min(1, Math.max(0, x))
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t)
}
