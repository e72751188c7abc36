import { describe, expect, it, test } from 'vitest'
import golden from '../../tests/golden/crops.json'
import { PROVENANCE } from '../domain/labels'
import { type Canvas, type Crop, cropSize, drawCrop, emptyCanvas } from './crop'

const { height, width } = golden.sample
const rgb = Uint8Array.from(golden.sample.rgb)
const classes = Uint8Array.from(golden.sample.classes)
const provenance = new Uint8Array(height * width).fill(PROVENANCE.oracle)
const SAMPLE = { rgb, classes, provenance }
const WHOLE: Crop = { scale: 1, left: 0, top: 0, isFlipped: false }

function drawn(crop: Partial<Crop>, sample = SAMPLE, size = { height, width }): Canvas {
  const canvas = emptyCanvas(2, size, { height, width })
  drawCrop(canvas, 1, sample, { ...WHOLE, ...crop }, 0.5)
  return canvas
}

/** The second image of a canvas. */
const second = <T extends Float32Array | Int32Array>(values: T) => [...values.slice(values.length / 2)]

test.each(golden.examples)('crop $crop agrees with scikit-image', ({ crop, image, labels }) => {
  const canvas = drawn(crop, SAMPLE, { height: crop.height, width: crop.width })
  expect(second(canvas.labels)).toEqual(labels)
  expect(second(canvas.weights)).toEqual(labels.map((label) => (label === 255 ? 0 : 1)))
  for (const [i, value] of second(canvas.images).entries()) expect(value).toBeCloseTo(image[i], 4)
})

describe('a crop', () => {
  it('leaves the other images as they were: padding', () => {
    const { images, labels, weights } = drawn({})
    const pixels = height * width
    expect([...labels.subarray(0, pixels)].every((label) => label === 255)).toBe(true)
    expect([...weights.subarray(0, pixels), ...images.subarray(0, 3 * pixels)].every((value) => value === 0)).toBe(true)
  })

  it('weighs extended pixels less', () => {
    const extended = { ...SAMPLE, provenance: new Uint8Array(height * width).fill(PROVENANCE.extended) }
    expect(second(drawn({}, extended).weights)).toEqual([...classes].map((label) => (label === 255 ? 0 : 0.5)))
  })

  it('without scale is what flipping makes of the image, to the last bit of a label', () => {
    const { labels } = drawn({ isFlipped: true })
    const mirrored = Array.from(classes, (_, i) => classes[Math.floor(i / width) * width + width - 1 - (i % width)])
    expect(second(labels)).toEqual(mirrored)
  })

  it('of a part is that part of the whole', () => {
    const [part, x, y] = [{ height: 4, width: 3 }, 2, 1]
    const { labels, images } = drawn({ left: x, top: y }, SAMPLE, part)
    const whole = drawn({})
    const [allLabels, allImages] = [second(whole.labels), second(whole.images)]
    const inWhole = Array.from({ length: 12 }, (_, i) => (y + Math.floor(i / 3)) * width + x + (i % 3))
    expect(second(labels)).toEqual(inWhole.map((at) => allLabels[at]))
    expect(second(images)).toEqual(inWhole.flatMap((at) => allImages.slice(3 * at, 3 * at + 3)))
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
