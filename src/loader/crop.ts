/**
 * A scaled, mirrored part of an image, drawn into a batch's image in one pass: image bilinear, labels nearest, both by
 * pixel centres.
 */
import type { TrainingConfig } from '../domain/config'
import { IGNORE, PROVENANCE } from '../domain/labels'
import type { Size } from '../domain/size'
import { IMAGENET } from '../domain/weights'
import type { BatchArrays, TrainingSample } from './batch'

/** Sides of crops are multiples of this, the largest output stride, in pixels. */
const SIDE_STEP = 16

export interface Crop {
  /** Pixels of the batch's image a pixel of the sample. */
  scale: number
  /** The sample's position of the crop's top left corner, in pixels; whatever lies outside the sample is padding. */
  left: number
  top: number
  isFlipped: boolean
}

/** A sample whose image may have been blurred: sRGB values 0..255. */
export type CropSource = Omit<TrainingSample, 'rgb'> & { rgb: Uint8Array | Float32Array }

export interface Canvas extends Pick<BatchArrays, 'images' | 'labels' | 'weights'> {
  /** Of the batch's images. */
  size: Size
  /** Of the samples that are drawn into them. */
  sampleSize: Size
}

/** Size of a batch's images: parts of the input where `cropShare` asks for them. */
export function cropSize({ height, width }: Size, { cropShare = 1 }: Pick<TrainingConfig, 'cropShare'>): Size {
  if (cropShare === 1) return { height, width }
  const side = (length: number) =>
    Math.min(length, Math.max(SIDE_STEP, SIDE_STEP * Math.round((length * cropShare) / SIDE_STEP)))
  return { height: side(height), width: side(width) }
}

/** All padding: labels 255, weights 0, and the mean colour, which is 0 once it is normalised. */
export function emptyCanvas(count: number, size: Size, sampleSize = size): Canvas {
  const pixels = count * size.height * size.width
  const labels = new Int32Array(pixels).fill(IGNORE)
  return { images: new Float32Array(3 * pixels), labels, weights: new Float32Array(pixels), size, sampleSize }
}

const clamped = (value: number, most: number) => Math.max(0, Math.min(most, value))

/** For each sample along one axis of a crop: nearest pixel, -1 for padding; lower and upper one, and the upper's share. */
interface Taps {
  nearest: Int32Array
  lower: Int32Array
  upper: Int32Array
  share: Float64Array
}

function tapsOf(length: number, extent: number, scale: number, start: number, isFlipped: boolean): Taps {
  const [nearest, lower, upper] = [new Int32Array(length), new Int32Array(length), new Int32Array(length)]
  const share = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    const centre = ((isFlipped ? length - 1 - i : i) + 0.5) / scale + start
    const pixel = Math.floor(centre)
    nearest[i] = pixel < 0 || pixel >= extent ? -1 : pixel
    const below = Math.floor(centre - 0.5)
    lower[i] = clamped(below, extent - 1)
    upper[i] = clamped(below + 1, extent - 1)
    share[i] = centre - 0.5 - below
  }
  return { nearest, lower, upper, share }
}

/** Draws the crop as image `n` of the canvas. Extended pixels weigh `extendedWeight`, other labelled ones 1. */
export function drawCrop(canvas: Canvas, n: number, sample: CropSource, crop: Crop, extendedWeight: number): void {
  const { size, sampleSize, labels, weights } = canvas
  const { scale, left, top, isFlipped } = crop
  const { classes, provenance, rgb } = sample
  const columns = tapsOf(size.width, sampleSize.width, scale, left, isFlipped)
  const rows = tapsOf(size.height, sampleSize.height, scale, top, false)
  const paint = painter(rgb, canvas.images)
  for (let y = 0; y < size.height; y++) {
    if (rows.nearest[y] < 0) continue
    const row = rows.nearest[y] * sampleSize.width
    const [above, below] = [rows.lower[y] * sampleSize.width, rows.upper[y] * sampleSize.width]
    const first = (n * size.height + y) * size.width
    for (let x = 0; x < size.width; x++) {
      if (columns.nearest[x] < 0) continue
      const source = row + columns.nearest[x]
      const label = classes[source]
      labels[first + x] = label
      weights[first + x] = label === IGNORE ? 0 : provenance[source] === PROVENANCE.extended ? extendedWeight : 1
      paint(first + x, above, below, columns.lower[x], columns.upper[x], columns.share[x], rows.share[y])
    }
  }
}

type Paint = (
  target: number,
  above: number,
  below: number,
  before: number,
  after: number,
  shareX: number,
  shareY: number,
) => void

/** Gives a function that mixes four neighbours, normalises them, and writes the pixel `target`. */
function painter(rgb: CropSource['rgb'], images: Float32Array): Paint {
  const scales = IMAGENET.deviation.map((deviation) => 1 / (255 * deviation))
  const shifts = IMAGENET.deviation.map((deviation, c) => IMAGENET.mean[c] / deviation)
  return (target, above, below, before, after, shareX, shareY) => {
    const a = 3 * (above + before)
    const b = 3 * (above + after)
    const c = 3 * (below + before)
    const d = 3 * (below + after)
    const weightB = shareX * (1 - shareY)
    const weightC = (1 - shareX) * shareY
    const weightD = shareX * shareY
    const weightA = 1 - weightB - weightC - weightD
    for (let k = 0; k < 3; k++) {
      const value = weightA * rgb[a + k] + weightB * rgb[b + k] + weightC * rgb[c + k] + weightD * rgb[d + k]
      images[3 * target + k] = value * scales[k] - shifts[k]
    }
  }
}
