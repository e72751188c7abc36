import { expect, test } from 'vitest'
import { SuperpixelMap } from '../../../annotation/superpixels'
import { guideArea, paintSuperpixels, type SuperpixelView } from './superpixel-guide'

const IMAGE = { height: 800, width: 1200 }
/** Superpixels of 400 x 400 pixels of the image, of a copy a hundredth of its area. */
const MAP = new SuperpixelMap(
  {
    size: { height: 80, width: 120 },
    ids: Int32Array.from({ length: 9600 }, (_, i) => 3 * Math.floor(i / 4800) + Math.floor((i % 120) / 40)),
    count: 6,
  },
  IMAGE,
)
const SCREEN = { height: 1000, width: 1000 }

function paint(view: SuperpixelView) {
  const area = guideArea(view, SCREEN)
  const pixels = new Uint32Array(area.width * area.height)
  paintSuperpixels(pixels, area, view, [255, 0, 0])
  return (x: number, y: number) => pixels[(y - area.y) * area.width + x - area.x] ?? 0
}

test('the whole superpixel under the pointer is marked and framed, however large it is on the screen', () => {
  const at = paint({ map: MAP, image: IMAGE, place: { scale: 2, x: -300, y: -700 }, at: { x: 520, y: 120 } })
  const red = (120 * 2 ** 24 + 255) >>> 0
  expect([at(501, 101), at(999, 899), at(750, 500)]).toEqual([red, red, red])
  // Its left and upper borders, the nearer the clearer.
  expect([at(500, 500), at(750, 100)].map((pixel) => pixel & 0xffffff)).toEqual([0xffffff, 0xffffff])
  expect(at(500, 200) >>> 24).toBeGreaterThan(at(500, 800) >>> 24)
  expect(at(400, 150)).toBe(0)
})

test('borders around the pointer are shown where superpixels are small, and none outside the image', () => {
  const view = { map: MAP, image: IMAGE, place: { scale: 0.1, x: 0, y: 0 }, at: { x: 60.5, y: 60.5 } }
  expect(guideArea(view, SCREEN)).toEqual({ x: 0, y: 0, width: 201, height: 201 })
  const at = paint(view)
  expect([at(40, 20), at(80, 20), at(20, 40)].map((pixel) => pixel & 0xffffff)).toEqual(Array(3).fill(0xffffff))
  expect(at(60, 81)).toBe(0)
  expect(paint({ ...view, at: { x: 180, y: 20 } })(180, 20)).toBe(0)
})
