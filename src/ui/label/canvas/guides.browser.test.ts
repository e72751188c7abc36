import { beforeEach, expect, test } from 'vitest'
import { drawPolygon, drawWay } from './guides'

const PLACE = { scale: 1, x: 0, y: 0 }
const CORNERS = [
  { x: 20, y: 20 },
  { x: 80, y: 20 },
]
let context: CanvasRenderingContext2D

/** A black photo. */
beforeEach(() => {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 100
  context = canvas.getContext('2d') as CanvasRenderingContext2D
  context.fillRect(0, 0, 100, 100)
})

/** The brightest value near a point. */
const light = (x: number, y: number) =>
  Math.max(...context.getImageData(x - 3, y - 3, 7, 7).data.filter((_, i) => i % 4 < 3))

test.each([[[0, 0, 70]], [[220, 220, 0]]] as const)(
  'a line is seen on a black photo, also that of a class in %j',
  (color) => {
    drawWay(context, PLACE, CORNERS, color)
    expect(light(50, 20)).toBeGreaterThan(180)
    expect(light(50, 60)).toBe(0)
  },
)

test('a polygon shows the side that a click would add, and the one that would close it then', () => {
  drawPolygon(context, PLACE, CORNERS, { x: 80, y: 80 }, [220, 220, 0])
  expect(light(80, 50)).toBeGreaterThan(180)
  expect(light(50, 50)).toBeGreaterThan(180)
})
