import { expect, test } from 'vitest'
import golden from '../../../tests/golden/annotations.json'
import runLengths from '../../../tests/golden/run-lengths.json'
import { polygonRuns } from './coco-polygon'
import { ColumnCanvas, countPixels } from './columns'
import { runsOf, unpackRuns } from './run-lengths'

const CORNERS = [4, 4, 24, 4, 24, 14, 4, 14]

test('a rectangle of 20 x 10 pixels, drawn either way round, has 200', () => {
  const size = { height: 32, width: 48 }
  expect(countPixels(polygonRuns(CORNERS, size))).toBe(200)
  expect(countPixels(polygonRuns([4, 14, 24, 14, 24, 4, 4, 4], size))).toBe(200)
})

test('polygons have the pixels that the walk around them encloses', () => {
  expect(golden.coco.length).toBeGreaterThan(30)
  for (const { points, rows } of golden.coco) {
    const size = { height: rows.length, width: rows[0].length }
    const canvas = new ColumnCanvas(size)
    canvas.paint(polygonRuns(points, size), 1)
    const drawn = [...canvas.rows()].map((id) => (id === 1 ? '1' : '0')).join('')
    expect(drawn, JSON.stringify(points)).toBe(rows.join(''))
  }
})

test('a polygon far outside its image takes no time and no pixels', () => {
  const size = { height: 8, width: 8 }
  expect(polygonRuns([1e15, 1e15, 2e15, 1e15, 1.5e15, 3e15], size)).toEqual([])
  expect(countPixels(polygonRuns([-1e9, -1e9, 1e9, -1e9, 1e9, 1e9, -1e9, 1e9], size))).toBe(64)
})

test('run lengths are unpacked as pycocotools packs them', () => {
  expect(runLengths.map(({ packed }) => unpackRuns(packed))).toEqual(runLengths.map(({ runs }) => runs))
  expect(unpackRuns('o')).toBe(null)
  expect(unpackRuns('1 2')).toBe(null)
})

test('run lengths that do not add up are refused', () => {
  expect(runsOf([1, 2, 0, 1, 2], 6)).toEqual([1, 3, 3, 4])
  expect(runsOf([1, 2, 2], 6)).toBe(null)
  expect(runsOf([9, -3], 6)).toBe(null)
  expect(runsOf([1, 5.5], 6.5)).toBe(null)
  expect(runsOf(['6'], 6)).toBe(null)
})
