import { afterEach, expect, it, vi } from 'vitest'
import { emptyRaster } from '../../annotation/raster'
import { labelLayer, type ScreenPlace } from './overlay'
import type { ImagePyramid } from './pyramid'
import { StagePainter } from './stage-painter'

/** Large enough that the overlay cannot be composed for every frame. */
const SCREEN = { width: 2400, height: 1600 }
const IMAGE = { width: 4800, height: 1600 }

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))

let painter: StagePainter | null = null

afterEach(() => {
  painter?.close()
  vi.useRealTimers()
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
  const scene = { pyramid, photoOpacity: 0, maps: [], layers, drawGuides: () => {} }
  painter = new StagePainter({ photo, overlay, guides }, () => ({ ...scene, place: { ...place } }))
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
  // Between, what was composed before is moved.
  expect(wasMoved).toBe(true)
})
