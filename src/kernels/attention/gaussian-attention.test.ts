import { expect, test } from 'vitest'
import { gaussianAttentionReference } from './gaussian-attention.reference'

test('a single spot is spread to the mirrored window around it', () => {
  const map = new Float32Array(49)
  map[3 * 7 + 3] = 1
  const a = Float32Array.of(1, 2, 4)
  const attended = gaussianAttentionReference(map, { height: 7, width: 7 }, a)
  // out[r] sums rows r - 1 .. r + 1, so the spot enters row 2 by the last tap and row 4 by the first.
  for (const [dy, wy] of [
    [-1, 4],
    [0, 2],
    [1, 1],
  ]) {
    for (const [dx, wx] of [
      [-1, 4],
      [0, 2],
      [1, 1],
    ])
      expect(attended[(3 + dy) * 7 + 3 + dx]).toBe(wy * wx)
  }
  expect(attended.reduce((sum, value) => sum + value, 0)).toBe(49)
})

test('an even window reaches one row further up', () => {
  const attended = gaussianAttentionReference(
    Float32Array.of(1, 10, 100, 1000),
    { height: 4, width: 1 },
    Float32Array.of(1, 1),
  )
  expect([...attended]).toEqual([1, 11, 110, 1100])
})
