import { expect, test } from 'vitest'
import type { PatchAttention } from '../../math/patch-attention'
import { countKeysBefore, DISPATCH_WORK, splitTiles, tileQueries } from './patch-attention-tiles'

test('tiles are up to four near neighbours of one row', () => {
  // Columns 0-4 and 13 of the first row, 0 and 13 of the second.
  expect([...tileQueries(Int32Array.of(0, 1, 2, 3, 4, 13, 20, 33), 20)]).toEqual([0, 4, 5, 6, 7, 8])
  expect([...tileQueries(Int32Array.of(7), 10)]).toEqual([0, 1])
})

test('the keys of a stretch of cells are a range', () => {
  expect([...countKeysBefore(Int32Array.of(1, 2, 5), 6)]).toEqual([0, 0, 1, 2, 2, 2, 3])
})

test('work is split into ranges that are neither long nor empty', () => {
  const [rows, columns] = [95, 127]
  const cells = Int32Array.from({ length: rows * columns }, (_, i) => i)
  const facts = { patch: 8, stride: 4, rows, columns, channels: 11, reach: 102.4, queries: cells, keys: cells }
  const [tiles, before] = [tileQueries(cells, columns), countKeysBefore(cells, cells.length)]
  const ends = splitTiles(facts as PatchAttention, tiles, before)
  expect(ends.at(-1)).toBe(tiles.length - 1)
  for (const [i, end] of ends.entries()) expect(end).toBeGreaterThan(ends[i - 1] ?? 0)
  // Inside, a query meets the 2058 cells within 25.6 of it, and its tile those of its neighbours: 6% more.
  const most = Math.max(...ends.map((end, i) => end - (ends[i - 1] ?? 0)))
  expect(DISPATCH_WORK / (4 * (192 + 11) * 2058 * 1.1)).toBeGreaterThan(20)
  expect(most * 4 * (192 + 11) * 2058 * 0.25).toBeLessThan(DISPATCH_WORK * 1.05)
  expect(ends.length).toBeGreaterThan(40)
  const few = { ...facts, reach: 4 } as PatchAttention
  expect(splitTiles({ ...few, queries: cells.slice(0, 8) }, tileQueries(cells.slice(0, 8), columns), before)).toEqual([
    2,
  ])
})
