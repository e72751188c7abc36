import { afterEach, expect, it, vi } from 'vitest'
import { emptyRaster } from '../../../annotation/raster'
import { CanvasPainter } from './canvas-painter'
import { labelLayer, type ScreenPlace } from './overlay'
import type { ImagePyramid } from './pyramid'

/** Large enough that the overlay cannot be composed for every frame. */
const SCREEN = { width: 2400, height: 1600 }
const IMAGE = { width: 4800, height: 1600 }

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))

let painter: CanvasPainter | null = null

afterEach(() => {
  painter?.close()
  vi.useRealTimers()
})

it('draws a map with an area in that area alone', async () => {
  const [photo, overlay, guides] = ['photo', 'overlay', 'guides'].map(() => document.createElement('canvas'))
  const source = new OffscreenCanvas(4, 4)
  source.getContext('2d')?.fillRect(0, 0, 4, 4)
  const size = { width: 40, height: 40 }
  const pyramid = { size, at: () => new OffscreenCanvas(1, 1) } as unknown as ImagePyramid
  const map = { source, opacity: 1, within: { x: 10, y: 20, width: 5, height: 8 } }
  const place = { scale: 2, x: 3, y: -4 }
  painter = new CanvasPainter({ photo, overlay, guides }, () => {
    return { pyramid, photoOpacity: 0, maps: [map], layers: [], place, drawGuides: () => {} }
  })
  painter.resize({ width: 100, height: 100 })
  await nextFrame()
  await nextFrame()
  const context = photo.getContext('2d')
  const alpha = (x: number, y: number) => context?.getImageData(x, y, 1, 1).data[3]
  const [left, top, right, bottom] = [3 + 2 * 10, 2 * 20 - 4, 3 + 2 * 15, 2 * 28 - 4]
  expect([alpha(left, top), alpha(right - 1, bottom - 1)]).toEqual([255, 255])
  expect([alpha(left - 1, top), alpha(left, top - 1), alpha(right, top), alpha(left, bottom)]).toEqual([0, 0, 0, 0])
})

it('shows the labels that come into sight while the view goes on moving', async () => {
  // However long a frame takes, there is no rest between two.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const raster = emptyRaster(IMAGE)
  raster.classes.fill(0)
  const layers = [labelLayer(raster, [{ name: 'road', color: [255, 0, 0] }], 1)]
  const place: ScreenPlace = { scale: 1, x: SCREEN.width / 2, y: 0 }
  const [photo, overlay, guides] = ['photo', 'overlay', 'guides'].map(() => document.createElement('canvas'))
  const pyramid = { size: IMAGE, at: () => new OffscreenCanvas(1, 1) } as unknown as ImagePyramid
  const view = { pyramid, photoOpacity: 0, maps: [], layers, drawGuides: () => {} }
  painter = new CanvasPainter({ photo, overlay, guides }, () => ({ ...view, place: { ...place } }))
  painter.resize(SCREEN)
  await nextFrame()
  await nextFrame()
  // At the left the screen is empty; the image moves over it.
  const context = overlay.getContext('2d')
  const redAtLeft = () => context?.getImageData(SCREEN.width / 2 - 200, 800, 1, 1).data[0]
  expect(redAtLeft()).toBe(0)
  let wasMoved = false
  for (let k = 0; k < 200; k++) {
    place.x -= 2
    painter.moved()
    await nextFrame()
    vi.advanceTimersByTime(16)
    wasMoved ||= overlay.style.transform !== ''
  }
  expect(redAtLeft()).toBe(255)
  // Between two compositions, the last one is moved.
  expect(wasMoved).toBe(true)
})

it('tells the milliseconds from a stroke to the frame that shows it, once a frame', async () => {
  const [photo, overlay, guides] = ['photo', 'overlay', 'guides'].map(() => document.createElement('canvas'))
  const pyramid = { size: { width: 4, height: 4 }, at: () => new OffscreenCanvas(1, 1) } as unknown as ImagePyramid
  const view = { pyramid, photoOpacity: 1, maps: [], layers: [], place: { scale: 1, x: 0, y: 0 }, drawGuides: () => {} }
  painter = new CanvasPainter({ photo, overlay, guides }, () => view)
  const delays: number[] = []
  guides.addEventListener('strokepainted', (event) => delays.push((event as CustomEvent<number>).detail))
  const area = { x: 0, y: 0, width: 1, height: 1 }
  painter.changed(area)
  await nextFrame()
  await nextFrame()
  expect(delays).toEqual([])
  const time = performance.now()
  painter.changed(area, time)
  painter.changed(area, time + 1)
  await nextFrame()
  await nextFrame()
  expect(delays).toHaveLength(1)
  expect(delays[0]).toBeGreaterThanOrEqual(0)
  expect(delays[0]).toBeLessThanOrEqual(performance.now() - time)
})
