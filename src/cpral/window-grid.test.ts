import { expect, test } from 'vitest'
import { disjointWindows, unlabelledPixels, windowGrid, windowScoreMap } from './window-grid'

test('windows lie at every quarter of their side, the last ones at the edges', () => {
  expect(windowGrid({ height: 720, width: 1280 }, 128).ys).toHaveLength(20)
  expect(windowGrid({ height: 720, width: 1280 }, 128).xs).toHaveLength(37)
  expect(windowGrid({ height: 21, width: 8 }, 8)).toEqual({ side: 8, ys: [0, 2, 4, 6, 8, 10, 12, 13], xs: [0] })
  expect(windowGrid({ height: 16, width: 8 }, 8).ys).toEqual([0, 2, 4, 6, 8])
  expect(windowGrid({ height: 3, width: 2 }, 1)).toEqual({ side: 1, ys: [0, 1, 2], xs: [0, 1] })
})

test('no window fits a smaller image', () => {
  expect(windowGrid({ height: 7, width: 30 }, 8).ys).toEqual([])
})

test('counts what is not labelled in every window', () => {
  const size = { height: 9, width: 11 }
  const labelled = Uint8Array.from({ length: 99 }, (_, i) => Number((i * i) % 7 < 3))
  const grid = windowGrid(size, 4)
  const got = unlabelledPixels(labelled, size, grid)
  expect(got).toHaveLength(grid.ys.length * grid.xs.length)
  for (const [r, y] of grid.ys.entries()) {
    for (const [c, x] of grid.xs.entries()) {
      let left = 0
      for (let i = 0; i < 16; i++) left += 1 - labelled[(y + (i >> 2)) * 11 + x + (i % 4)]
      expect(got[r * grid.xs.length + c]).toBe(left)
    }
  }
})

test('takes the best that overlaps none before it, the lowest of equals, and none of -Infinity', () => {
  // Columns 0, 1, 2, 3, 4 of windows of side 4: those below 4 apart overlap.
  const grid = windowGrid({ height: 4, width: 8 }, 4)
  expect(disjointWindows([1, 5, 3, 2, 4], grid, 9)).toEqual([1])
  expect(disjointWindows([3, 1, 1, 1, 3], grid, 9)).toEqual([0, 4])
  expect(disjointWindows([3, 1, 1, 1, 4], grid, 1)).toEqual([4])
  expect(disjointWindows([-2, Number.NEGATIVE_INFINITY, 0, 0, -1], grid, 9)).toEqual([2])
  expect(disjointWindows(new Array(5).fill(Number.NEGATIVE_INFINITY), grid, 9)).toEqual([])
})

test('a map has the score of each window at its centre, goes evenly between them, and stays beyond them', () => {
  const size = { height: 7, width: 8 }
  // Rows 0, 1, 2, 3; columns 0, 1, 2, 3, 4; centres two further.
  const grid = windowGrid(size, 4)
  const scores = Float64Array.from({ length: 20 }, (_, i) => (i * 7) % 11)
  const map = windowScoreMap(scores, grid, size)
  for (const [r, y] of grid.ys.entries()) {
    for (const [c, x] of grid.xs.entries()) expect(map[(y + 2) * 8 + x + 2]).toBe(scores[r * 5 + c])
  }
  expect([map[0], map[1], map[8], map[7], map[55]]).toEqual([scores[0], scores[0], scores[0], scores[4], scores[19]])

  // Windows 0, 2, 4 and, at the edge, 5.
  const wide = windowGrid({ height: 8, width: 13 }, 8)
  const line = windowScoreMap([4, 8, 0, 6], wide, { height: 8, width: 13 })
  expect([...line.subarray(4, 10)]).toEqual([4, 6, 8, 4, 0, 6])
})

test('one window makes an even map', () => {
  const size = { height: 4, width: 5 }
  expect(windowScoreMap([3, 1], windowGrid(size, 4), size).slice(0, 5)).toEqual(Float32Array.of(3, 3, 3, 1, 1))
  expect(new Set(windowScoreMap([3], windowGrid({ height: 4, width: 4 }, 4), { height: 4, width: 4 }))).toEqual(
    new Set([3]),
  )
})
