import { expect, test } from 'vitest'
import golden from '../../tests/golden/study.json'
import { expectClose } from '../../tests/support/numbers'
import { areaUnder, type CurvePoint, commonRange, p90Of, shareAt } from './curves'

const curve = (...points: [share: number, mIoU: number][]): CurvePoint[] =>
  points.map(([share, mIoU]) => ({ share, mIoU }))

test("areas are NumPy's, ends between two rounds included", () => {
  for (const { share, mIoU, from, to, area } of golden.areas) {
    const points = share.map((x, i) => ({ share: x, mIoU: mIoU[i] ?? 0 }))
    expectClose([areaUnder(points, { from, to }) ?? 0], [area], { absolute: 2e-9 })
  }
})

test('the area by hand: half way up, then level', () => {
  const points = curve([0.1, 0], [0.2, 0.5], [0.3, 0.5])
  expect(areaUnder(points, { from: 0.1, to: 0.3 })).toBeCloseTo(0.375, 12)
  expect(areaUnder(points, { from: 0.15, to: 0.25 })).toBeCloseTo(0.4375, 12)
})

test('a curve that does not cover the range has no area', () => {
  const points = curve([0.1, 0.2], [0.2, 0.4])
  expect(areaUnder(points, { from: 0.05, to: 0.2 })).toBeNull()
  expect(areaUnder(points, { from: 0.1, to: 0.21 })).toBeNull()
  expect(areaUnder([], { from: 0.1, to: 0.2 })).toBeNull()
  expect(areaUnder(points, { from: 0.2, to: 0.2 })).toBeNull()
})

test('a round that added no labels is a step straight up', () => {
  expect(areaUnder(curve([0.1, 0.2], [0.1, 0.4], [0.2, 0.4]), { from: 0.1, to: 0.2 })).toBeCloseTo(0.4, 12)
  expect(shareAt(curve([0.1, 0.2], [0.1, 0.4]), 0.3)).toBe(0.1)
})

test('curves have the range in common that all cover', () => {
  expect(commonRange([curve([0.1, 1], [0.3, 1]), curve([0.12, 1], [0.2, 1], [0.29, 1])])).toEqual({
    from: 0.12,
    to: 0.29,
  })
  expect(commonRange([curve([0.1, 1], [0.2, 1]), curve([0.2, 1], [0.3, 1])])).toBeNull()
  expect(commonRange([curve([0.1, 1])])).toBeNull()
  expect(commonRange([])).toBeNull()
})

test('a curve first reaches a height between two rounds, at its first round, or never', () => {
  const points = curve([0.1, 0.2], [0.2, 0.4], [0.3, 0.3], [0.4, 0.6])
  expect(shareAt(points, 0.3)).toBeCloseTo(0.15, 12)
  expect(shareAt(points, 0.4)).toBeCloseTo(0.2, 12)
  expect(shareAt(points, 0.1)).toBe(0.1)
  expect(shareAt(points, 0.45)).toBeCloseTo(0.35, 12)
  expect(shareAt(points, 0.61)).toBeNull()
  expect(shareAt(points, p90Of(0.5))).toBeCloseTo(0.35, 12)
})
