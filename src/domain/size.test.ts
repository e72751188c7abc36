import { expect, test } from 'vitest'
import { hullOf, overlapOf, scaledTo } from './size'

const A = { x: 880, y: 70, width: 60, height: 30 }
const B = { x: 1180, y: 75, width: 80, height: 20 }

test('the hull holds every rectangle; there is none of nothing', () => {
  expect(hullOf([B, A])).toEqual({ x: 880, y: 70, width: 380, height: 30 })
  expect(hullOf([])).toBeNull()
})

test('an overlap is what two rectangles share; rectangles that only touch share nothing', () => {
  expect(overlapOf(A, { x: 900, y: 0, width: 100, height: 80 })).toEqual({ x: 900, y: 70, width: 40, height: 10 })
  expect(overlapOf(A, { ...A, x: 940 })).toBeNull()
  expect(overlapOf(A, B)).toBeNull()
})

test('scaled rectangles that touch still touch', () => {
  const [from, to] = [
    { height: 3, width: 3 },
    { height: 10, width: 7 },
  ]
  const columns = [0, 1, 2].map((x) => scaledTo({ x, y: 0, width: 1, height: 3 }, from, to))
  expect(columns.map(({ x, width }) => [x, width])).toEqual([
    [0, 2],
    [2, 3],
    [5, 2],
  ])
  expect(columns.every(({ y, height }) => y === 0 && height === 10)).toBe(true)
})
