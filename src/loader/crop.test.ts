import { describe, expect, it, test } from 'vitest'
import golden from '../../tests/golden/crops.json'
import { PROVENANCE } from '../domain/labels'
import { type Canvas, type Crop, cropSize, drawCrop, emptyCanvas } from './crop'

const { height, width } = golden.sample
const rgb = Uint8Array.from(golden.sample.rgb)
const classes = Uint8Array.from(golden.sample.classes)
const provenance = new Uint8Array(height * width).fill(PROVENANCE.oracle)
const SAMPLE = { rgb, classes, provenance }
const WHOLE: Crop = { target: { x: 0, y: 0, width, height }, scale: 1, left: 0, top: 0, isFlipped: false, jitter: null }

function drawn(crop: Partial<Crop>, sample = SAMPLE, only: Uint8Array | null = null): Canvas {
  const canvas = emptyCanvas(1, { height, width })
  drawCrop(canvas, 0, sample, { ...WHOLE, ...crop }, 0.5, only)
  return canvas
}

test.each(golden.examples)('crop $crop agrees with scikit-image', ({ crop, image, labels }) => {
  const [x, y] = [width - crop.width, height - crop.height]
  const canvas = drawn({ ...crop, target: { x, y, width: crop.width, height: crop.height } })
  for (let i = 0; i < labels.length; i++) {
    const at = (y + Math.floor(i / crop.width)) * width + x + (i % crop.width)
    expect(canvas.labels[at]).toBe(labels[i])
    expect(canvas.weights[at]).toBe(labels[i] === 255 ? 0 : 1)
    for (let c = 0; c < 3; c++) expect(canvas.images[3 * at + c]).toBeCloseTo(image[3 * i + c], 4)
  }
})

describe('a crop', () => {
  it('leaves the rest of the image as it was: padding', () => {
    const { images, labels, weights } = drawn({ target: { x: 2, y: 1, width: 3, height: 4 } })
    const outside = Array.from(labels, (_, i) => i).filter((i) => {
      const [x, y] = [i % width, Math.floor(i / width)]
      return x < 2 || x >= 5 || y < 1 || y >= 5
    })
    expect(outside).toHaveLength(height * width - 12)
    expect(outside.every((i) => labels[i] === 255 && weights[i] === 0 && images[3 * i] === 0)).toBe(true)
  })

  it('weighs extended pixels less', () => {
    const extended = { ...SAMPLE, provenance: new Uint8Array(height * width).fill(PROVENANCE.extended) }
    expect([...drawn({}, extended).weights]).toEqual([...classes].map((label) => (label === 255 ? 0 : 0.5)))
  })

  it('draws only given pixels of some classes where it is told so', () => {
    const half = Uint8Array.from(provenance, (value, i) => (i % 2 === 0 ? value : PROVENANCE.extended))
    const only = Uint8Array.from({ length: 255 }, (_, classId) => Number(classId === 2))
    const { labels, images } = drawn({}, { ...SAMPLE, provenance: half }, only)
    const kept = [...classes].map((label, i) => label === 2 && i % 2 === 0)
    expect([...labels]).toEqual(kept.map((isKept) => (isKept ? 2 : 255)))
    expect(kept.map((_, i) => images[3 * i] !== 0)).toEqual(kept)
  })

  it('without scale is what flipping makes of the image, to the last bit of a label', () => {
    const { labels } = drawn({ isFlipped: true })
    const mirrored = Array.from(classes, (_, i) => classes[Math.floor(i / width) * width + width - 1 - (i % width)])
    expect([...labels]).toEqual(mirrored)
  })

  it('of a part is that part of the whole', () => {
    const whole = drawn({})
    const [part, x, y] = [{ height: 4, width: 3 }, 2, 1]
    const canvas = emptyCanvas(1, part, { height, width })
    drawCrop(canvas, 0, SAMPLE, { ...WHOLE, target: { x: 0, y: 0, ...part }, left: x, top: y }, 1)
    const inWhole = Array.from({ length: 12 }, (_, i) => (y + Math.floor(i / 3)) * width + x + (i % 3))
    expect([...canvas.labels]).toEqual(inWhole.map((at) => whole.labels[at]))
    expect([...canvas.images]).toEqual(inWhole.flatMap((at) => [...whole.images.slice(3 * at, 3 * at + 3)]))
  })
})

test.each([
  [1, 127, 255],
  [0.5, 64, 128],
  [0.6, 80, 160],
  [0.01, 16, 16],
])('the share %s makes crops of %i x %i', (cropShare, high, wide) => {
  const size = cropShare === 1 ? { height: 127, width: 255 } : { height: 128, width: 256 }
  expect(cropSize(size, { cropShare })).toEqual({ height: high, width: wide })
  expect(cropSize(size, {})).toEqual(size)
})
