import { expect, test } from 'vitest'
import { disjointWindows, unlabelledPixels, windowGrid } from './window-grid'

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
