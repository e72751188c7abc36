import { expect, test } from 'vitest'
import { emptyRaster, pixelLabel } from '../../annotation/raster'
import { Stroke } from '../../annotation/stroke'
import { SuperpixelMap } from '../../annotation/superpixels'
import { PROVENANCE } from '../../domain/labels'
import { randomStream } from '../../math/random'
import { Suggestions } from './suggestions'

const IMAGE = { height: 4, width: 8 }
const WHOLE = { x: 0, y: 0, ...IMAGE }
/** 2 x 4 pixels over an image of 4 x 8. */
const suggestions = new Suggestions(Uint8Array.of(1, 1, 2, 255, 1, 2, 2, 2), { height: 2, width: 4 }, IMAGE)

function rows(paint: (stroke: Stroke) => void, raster = emptyRaster(IMAGE), onlyUnlabelled = true) {
  const stroke = new Stroke(raster, { onlyUnlabelled, within: null })
  paint(stroke)
  const text = Array.from(raster.classes, (id, i) => (raster.provenance[i] === 0 ? '.' : id === 255 ? '-' : String(id)))
  return [0, 1, 2, 3].map((y) => text.slice(8 * y, 8 * y + 8).join(''))
}

test('accepting takes what is suggested, at the size of the image, and nothing where nothing is', () => {
  const raster = emptyRaster(IMAGE)
  expect(rows((stroke) => suggestions.accept(stroke, WHOLE, null), raster)).toEqual([
    '111122..',
    '111122..',
    '11222222',
    '11222222',
  ])
  expect(new Set(raster.provenance)).toEqual(new Set([PROVENANCE.accepted, PROVENANCE.none]))
})

test('one class, in an area, and never over what somebody has labelled', () => {
  const raster = emptyRaster(IMAGE)
  new Stroke(raster).fill(3, 0, 8, pixelLabel(5, PROVENANCE.human))
  expect(rows((stroke) => suggestions.accept(stroke, { x: 3, y: 1, width: 4, height: 3 }, 2), raster)).toEqual([
    '........',
    '....22..',
    '...2222.',
    '55555555',
  ])
})

test('refusing marks what was suggested, and leaves it without a label', () => {
  const raster = emptyRaster(IMAGE)
  expect(rows((stroke) => suggestions.reject(stroke, WHOLE, 1), raster)).toEqual([
    '----....',
    '----....',
    '--......',
    '--......',
  ])
  expect(raster.provenance[0]).toBe(PROVENANCE.rejected)
  // A refused pixel may still be painted.
  expect(rows((stroke) => stroke.fill(0, 0, 2, pixelLabel(4, PROVENANCE.human)), raster)[0]).toBe('44--....')
})

test('a superpixel takes the class that is suggested for most of it', () => {
  const ids = Int32Array.from({ length: 32 }, (_, i) => (i % 8 < 6 ? 0 : 1))
  const map = new SuperpixelMap({ size: IMAGE, ids, count: 2 }, IMAGE)
  expect(rows((stroke) => suggestions.acceptSuperpixel(stroke, map, 0))).toEqual(Array(4).fill('111111..'))
})

test('shares of the suggested classes, the largest first', () => {
  expect(suggestions.shares(WHOLE)).toEqual([
    { classId: 2, share: 16 / 32 },
    { classId: 1, share: 12 / 32 },
    { classId: 255, share: 4 / 32 },
  ])
})

test('where sizes are no multiples of each other, each pixel is still what is suggested for it', () => {
  const random = randomStream(7, 'suggestions')
  for (const [size, image] of [
    [
      { height: 5, width: 7 },
      { height: 23, width: 71 },
    ],
    [
      { height: 19, width: 50 },
      { height: 11, width: 16 },
    ],
  ]) {
    const classes = Uint8Array.from({ length: size.height * size.width }, () => [1, 1, 2, 255][random.below(4)])
    const suggested = new Suggestions(classes, size, image)
    const raster = emptyRaster(image)
    const area = { x: 3, y: 2, width: 12, height: 8 }
    suggested.accept(new Stroke(raster), area, null)
    const expected = emptyRaster(image).classes
    const counts = new Map<number, number>()
    for (let y = 2; y < 10; y++) {
      for (let x = 3; x < 15; x++) {
        const id = suggested.at(x, y)
        expected[y * image.width + x] = id
        counts.set(id, (counts.get(id) ?? 0) + 1)
      }
    }
    expect(raster.classes).toEqual(expected)
    const shares = suggested.shares(area).map(({ classId, share }) => [classId, Math.round(96 * share)] as const)
    expect(new Map(shares)).toEqual(counts)
  }
})
