import { expect, test } from 'vitest'
import { emptyRaster, pixelLabel } from '../../../annotation/raster'
import { Stroke } from '../../../annotation/stroke'
import { PROVENANCE } from '../../../domain/labels'
import { classColors, composeOverlay, labelLayer, type OverlayLayer, type ScreenPlace } from './overlay'

const CLASSES = [
  { name: 'red', color: [255, 0, 0] as [number, number, number] },
  { name: 'blue', color: [0, 0, 255] as [number, number, number] },
]
const SIZE = { height: 2, width: 4 }

function plain(values: number[], opacity = 1, size = SIZE): OverlayLayer {
  const colors = classColors(CLASSES, opacity)
  return {
    size,
    values: Uint8Array.from(values),
    colors,
    outlines: null,
    provenance: null,

    isHatched: false,
  }
}

/** Composes and returns the bytes of one pixel each as [red, green, blue, alpha]. */
function compose(
  layers: OverlayLayer[],
  area: { x: number; y: number; width: number; height: number },
  place: ScreenPlace,
) {
  const pixels = new Uint32Array(area.width * area.height)
  composeOverlay(pixels, area, SIZE, place, layers)
  const bytes = new Uint8Array(pixels.buffer)
  return (x: number, y: number) => [...bytes.subarray(4 * (y * area.width + x), 4 * (y * area.width + x) + 4)]
}

const ONE_TO_ONE = { scale: 1, x: 0, y: 0 }
const WHOLE = { x: 0, y: 0, ...SIZE }

test('each screen pixel has the colour of the pixel under its centre; outside is clear', () => {
  const layer = plain([0, 1, 255, 255, 255, 255, 255, 0])
  const at = compose([layer], { x: 0, y: 0, width: 12, height: 8 }, { scale: 2, x: 1, y: 2 })
  expect(at(0, 2)).toEqual([0, 0, 0, 0])
  expect(at(1, 2)).toEqual([255, 0, 0, 255])
  expect(at(2, 3)).toEqual([255, 0, 0, 255])
  expect(at(3, 3)).toEqual([0, 0, 255, 255])
  expect(at(5, 2)).toEqual([0, 0, 0, 0])
  expect(at(8, 5)).toEqual([255, 0, 0, 255])
  expect(at(9, 5)).toEqual([0, 0, 0, 0])
  expect(at(8, 6)).toEqual([0, 0, 0, 0])
})

test('a part is what the whole has there', () => {
  const layer = plain([0, 1, 0, 1, 1, 0, 1, 0], 0.5)
  const place = { scale: 3.7, x: -2.3, y: 1.1 }
  const whole = compose([layer], { x: 0, y: 0, width: 14, height: 10 }, place)
  const part = compose([layer], { x: 5, y: 3, width: 6, height: 4 }, place)
  for (let y = 0; y < 4; y++) for (let x = 0; x < 6; x++) expect(part(x, y)).toEqual(whole(x + 5, y + 3))
})

test('half over half is the mean weighted by what shows', () => {
  const at = compose([plain([0, 0, 0, 0, 0, 0, 0, 0], 0.5), plain([1, 1, 255, 1, 1, 1, 1, 1], 0.5)], WHOLE, ONE_TO_ONE)
  // 128 of 255 on top, 128 * 127 / 255 below it.
  const alpha = 128 + (128 * 127) / 255
  expect(at(0, 0)).toEqual([
    Math.round(255 - (255 * 128) / alpha),
    0,
    Math.round((255 * 128) / alpha),
    Math.round(alpha),
  ])
  expect(at(2, 0)).toEqual([255, 0, 0, 128])
})

test('a layer of another size covers the whole image', () => {
  const at = compose([plain([0, 1], 1, { height: 1, width: 2 })], WHOLE, ONE_TO_ONE)
  expect([at(0, 1), at(1, 0), at(2, 0), at(3, 1)].map(([red]) => red)).toEqual([255, 255, 0, 0])
})

test('labels have outlines, and void shows where it was given but not where nothing is', () => {
  const raster = emptyRaster(SIZE)
  const stroke = new Stroke(raster)
  stroke.fill(0, 0, 2, pixelLabel(1, PROVENANCE.human))
  stroke.fill(1, 0, 2, pixelLabel(1, PROVENANCE.human))
  stroke.fill(0, 3, 4, pixelLabel(255, PROVENANCE.human))
  const at = compose([labelLayer(raster, CLASSES, 0.5)], WHOLE, ONE_TO_ONE)
  expect(at(1, 1)).toEqual([0, 0, 255, 128])
  expect(at(2, 1)).toEqual([0, 0, 255, 255])
  expect(at(3, 0).slice(0, 3)).toEqual([110, 110, 110])
  expect(at(3, 1)).toEqual([0, 0, 0, 0])
})

test('what was refused shows like what has no label', () => {
  const raster = emptyRaster(SIZE)
  new Stroke(raster).fill(0, 0, 4, pixelLabel(255, PROVENANCE.rejected))
  expect(compose([labelLayer(raster, CLASSES, 0.5)], WHOLE, ONE_TO_ONE)(1, 0)).toEqual([0, 0, 0, 0])
})

test('outlines and void fade with the areas, to nothing', () => {
  const raster = emptyRaster(SIZE)
  new Stroke(raster).fill(0, 0, 2, pixelLabel(1, PROVENANCE.human))
  new Stroke(raster).fill(0, 3, 4, pixelLabel(255, PROVENANCE.human))
  const alphas = [0, 0.25, 1].map((opacity) => {
    const at = compose([labelLayer(raster, CLASSES, opacity)], WHOLE, ONE_TO_ONE)
    return [at(2, 0)[3], at(3, 0)[3]]
  })
  expect(alphas).toEqual([
    [0, 0],
    [128, 83],
    [255, 166],
  ])
})

test('a hatched layer leaves half of its area clear', () => {
  const size = { height: 1, width: 1 }
  const layer = { ...plain([0], 1, size), isHatched: true }
  const pixels = new Uint32Array(64 * 64)
  composeOverlay(pixels, { x: 0, y: 0, width: 64, height: 64 }, size, { scale: 64, x: 0, y: 0 }, [layer])
  expect(pixels.filter((pixel) => pixel !== 0)).toHaveLength((64 * 64) / 2)
})
