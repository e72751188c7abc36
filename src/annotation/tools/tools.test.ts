import { expect, test } from 'vitest'
import { PROVENANCE } from '../../domain/labels'
import { emptyRaster, type LabelRaster, pixelLabel } from '../raster'
import { NO_LOCKS, Stroke } from '../stroke'
import { SuperpixelMap } from '../superpixels'
import { brush } from './brush'
import { eraser } from './eraser'
import { fill } from './fill'
import { line } from './line'
import { pickClass } from './pick'
import { closesPolygon, paintPolygon } from './polygon'
import { superpixel } from './superpixel'
import { type GestureSettings, type GestureTool, startGesture } from './tool'
import { TOOLS, toolOf } from './tools'

const SIZE = { height: 6, width: 9 }
/** Superpixels of 3 x 3 pixels, numbered row by row. */
const SQUARES = new SuperpixelMap(
  {
    size: SIZE,
    ids: Int32Array.from({ length: 54 }, (_, i) => 3 * Math.floor(i / 27) + Math.floor((i % 9) / 3)),
    count: 6,
  },
  SIZE,
)

function draw(tool: GestureTool, way: [number, number][], raster = emptyRaster(SIZE), settings = {}): string[] {
  const all: GestureSettings = { classId: 4, radius: 0.5, superpixels: SQUARES, ...settings }
  const points = way.map(([x, y]) => ({ x: x + 0.5, y: y + 0.5 }))
  const gesture = startGesture(tool, new Stroke(raster, NO_LOCKS), raster, all, points[0])
  for (const point of points.slice(1)) gesture.move(point)
  gesture.end()
  return rowsOf(raster)
}

function rowsOf({ classes, size }: LabelRaster): string[] {
  const text = Array.from(classes, (id) => (id === 255 ? '.' : String(id))).join('')
  return Array.from({ length: size.height }, (_, y) => text.slice(y * size.width, (y + 1) * size.width))
}

test('the brush leaves no gaps between events', () => {
  expect(
    draw(brush, [
      [0, 1],
      [8, 1],
    ]).slice(0, 3),
  ).toEqual(['.........', '444444444', '.........'])
})

test('the eraser takes labels away, whoever gave them', () => {
  const raster = emptyRaster(SIZE)
  draw(fill, [[0, 0]], raster)
  raster.provenance.fill(PROVENANCE.imported, 0, 9)
  draw(
    eraser,
    [
      [2, 0],
      [4, 0],
    ],
    raster,
  )
  expect(rowsOf(raster)[0]).toBe('44...4444')
  expect([...raster.provenance.subarray(1, 6)]).toEqual([5, 0, 0, 0, 5])
})

test('superpixels are painted whole, also those between two events', () => {
  expect(
    draw(superpixel, [
      [1, 1],
      [8, 1],
    ]),
  ).toEqual([...Array(3).fill('444444444'), ...Array(3).fill('.........')])
  expect(draw(superpixel, [[4, 5]])).toEqual([...Array(3).fill('.........'), ...Array(3).fill('...444...')])
  expect(draw(superpixel, [[4, 5]], emptyRaster(SIZE), { superpixels: null })).toEqual(Array(6).fill('.........'))
})

test('a line closes itself and paints its inside when it ends', () => {
  const raster = emptyRaster(SIZE)
  const settings: GestureSettings = { classId: 4, radius: 3, superpixels: null }
  const gesture = startGesture(line, new Stroke(raster), raster, settings, { x: 1, y: 1 })
  for (const [x, y] of [
    [7, 1],
    [7, 4],
    [1, 4],
  ])
    gesture.move({ x, y })
  expect(rowsOf(raster)).toEqual(Array(6).fill('.........'))
  expect(gesture.way).toHaveLength(4)
  gesture.end()
  expect(rowsOf(raster)).toEqual(['.........', '.444444..', '.444444..', '.444444..', '.........', '.........'])
})

test('a line keeps no more points than make a difference, and ends at the pointer', () => {
  const raster = emptyRaster(SIZE)
  const settings: GestureSettings = { classId: 4, radius: 0.5, superpixels: null }
  const gesture = startGesture(line, new Stroke(raster), raster, settings, { x: 0, y: 1 })
  for (let k = 1; k <= 1000; k++) gesture.move({ x: k / 128, y: 1 })
  expect(gesture.way.length).toBeLessThan(20)
  expect(gesture.way.at(-1)).toEqual({ x: 1000 / 128, y: 1 })
})

test('a fill stops at other classes and outside the image', () => {
  const raster = emptyRaster(SIZE)
  draw(
    brush,
    [
      [0, 2],
      [8, 2],
    ],
    raster,
    { classId: 1 },
  )
  expect(draw(fill, [[3, 0]], raster)).toEqual([
    '444444444',
    '444444444',
    '111111111',
    '.........',
    '.........',
    '.........',
  ])
  expect(draw(fill, [[20, 0]], raster)[5]).toBe('.........')
})

test('a fill tells void from no label, and what was refused is no label', () => {
  const raster = emptyRaster(SIZE)
  new Stroke(raster).fill(5, 0, 9, pixelLabel(255, PROVENANCE.human))
  new Stroke(raster).fill(4, 0, 9, pixelLabel(255, PROVENANCE.rejected))
  expect(draw(fill, [[3, 0]], raster)).toEqual([...Array(5).fill('444444444'), '.........'])
  expect(draw(fill, [[3, 5]], raster, { classId: 2 })[5]).toBe('222222222')
})

test('a fill that is locked to a region does not run around through what lies outside', () => {
  const raster = emptyRaster(SIZE)
  // A wall through the region that ends below it.
  for (let y = 0; y < 4; y++) new Stroke(raster).fill(y, 4, 5, pixelLabel(1, PROVENANCE.human))
  const stroke = new Stroke(raster, { onlyUnlabelled: false, within: { x: 1, y: 1, width: 7, height: 2 } })
  const settings: GestureSettings = { classId: 7, radius: 0, superpixels: null }
  startGesture(fill, stroke, raster, settings, { x: 2.5, y: 1.5 }).end()
  expect(rowsOf(raster)).toEqual(['....1....', '.7771....', '.7771....', '....1....', '.........', '.........'])
})

test('void is a label; picking tells it from no label', () => {
  const raster = emptyRaster(SIZE)
  draw(
    brush,
    [
      [0, 0],
      [2, 0],
    ],
    raster,
    { classId: 255 },
  )
  new Stroke(raster).fill(1, 0, 1, pixelLabel(3, PROVENANCE.accepted))
  expect(pickClass(raster, { x: 1.2, y: 0.9 })).toBe(255)
  expect(pickClass(raster, { x: 0.5, y: 1.5 })).toBe(3)
  expect(pickClass(raster, { x: 5, y: 5 })).toBeNull()
  new Stroke(raster).fill(5, 0, 9, pixelLabel(255, PROVENANCE.rejected))
  expect(pickClass(raster, { x: 5, y: 5 })).toBeNull()
  expect(pickClass(raster, { x: -1, y: -1 })).toBeNull()
})

test('a polygon is closed by a click near its first corner, and painted from its last corner to its first', () => {
  const raster = emptyRaster(SIZE)
  const corners = [
    { x: 1, y: 1 },
    { x: 7, y: 1 },
    { x: 7, y: 4 },
    { x: 1, y: 4 },
  ]
  expect(closesPolygon(corners.slice(0, 2), { x: 1, y: 1 }, 2)).toBe(false)
  expect(closesPolygon(corners, { x: 2, y: 1 }, 2)).toBe(true)
  expect(closesPolygon(corners, { x: 4, y: 1 }, 2)).toBe(false)
  paintPolygon(new Stroke(raster), raster, 4, corners)
  expect(rowsOf(raster)).toEqual(['.........', '.444444..', '.444444..', '.444444..', '.........', '.........'])
})

test('each tool is found by its id', () => {
  expect(TOOLS.map(({ id }) => toolOf(id))).toEqual([...TOOLS])
  expect(new Set(TOOLS.map(({ id }) => id)).size).toBe(TOOLS.length)
})
