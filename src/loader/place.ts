/** Draws the places of a batch: crops, mosaics and what is pasted over them. */
import type { TrainingConfig } from '../domain/config'
import { IGNORE, type Labels, PROVENANCE } from '../domain/labels'
import type { Rectangle, Size } from '../domain/size'
import type { TrainingSample } from './batch'
import { type Canvas, type Crop, type CropSource, drawCrop } from './crop'
import type { DrawnCrop, DrawnPlace } from './draw'
import { augmentImage } from './images'

/**
 * The labelled pixel at the given share, 0..1, of all of them in row-major order; of those that somebody labelled as
 * `classId` when it is not null. Extended pixels count `extendedWeight` each.
 * @returns its index; null when there is none
 */
export function pixelAt(
  { classes, provenance }: Labels,
  classId: number | null,
  share: number,
  extendedWeight: number,
): number | null {
  const ofExtended = classId === null ? extendedWeight : 0
  const weightOf = (i: number) => {
    if (classes[i] === IGNORE || (classId !== null && classes[i] !== classId)) return 0
    return provenance[i] === PROVENANCE.extended ? ofExtended : 1
  }
  let total = 0
  for (let i = 0; i < classes.length; i++) total += weightOf(i)
  let [left, last] = [share * total, -1]
  for (let i = 0; i < classes.length; i++) {
    const weight = weightOf(i)
    if (weight === 0) continue
    last = i
    left -= weight
    if (left < 0) return i
  }
  return last < 0 ? null : last
}

/**
 * Where a crop begins along one axis, in whole pixels. Its `span` stays within the image, or holds all of it. It is
 * centred on `pixel` as far as that allows, or holds it and lies anywhere else by `share`.
 */
export function cropStart(extent: number, span: number, share: number, pixel: number | null, isCentre: boolean) {
  const [least, most] = [Math.min(0, extent - span), Math.max(0, extent - span)]
  if (pixel === null || span >= extent) return Math.trunc(least + share * (most - least))
  if (isCentre) return Math.trunc(Math.max(least, Math.min(most, pixel + 0.5 - span / 2)))
  const [from, to] = [Math.max(least, Math.ceil(pixel + 1 - span)), Math.min(most, pixel)]
  return Math.trunc(from + share * (to - from))
}

function placed(drawn: DrawnCrop, labels: Labels, target: Rectangle, size: Size, extendedWeight: number): Crop {
  const { pixel, scale, isFlipped, jitter } = drawn
  const at = pixel && pixelAt(labels, pixel.classId, pixel.share, extendedWeight)
  const along = (extent: number, length: number, share: number, position: number | null) =>
    cropStart(extent, length / scale, share, position, pixel?.isCentre ?? false)
  const left = along(size.width, target.width, drawn.shareX, at === null ? null : at % size.width)
  const top = along(size.height, target.height, drawn.shareY, at === null ? null : Math.floor(at / size.width))
  return { target, scale, left, top, isFlipped, jitter }
}

/** The whole image, or its four parts, which are as large as each other but for an odd row or column. */
export function targetsOf(count: number, { height, width }: Size): Rectangle[] {
  if (count === 1) return [{ x: 0, y: 0, width, height }]
  const [right, bottom] = [width >> 1, height >> 1]
  return [
    { x: 0, y: 0, width: right, height: bottom },
    { x: right, y: 0, width: width - right, height: bottom },
    { x: 0, y: bottom, width: right, height: height - bottom },
    { x: right, y: bottom, width: width - right, height: height - bottom },
  ]
}

/** @param isRare classes of which the pasted crop is drawn */
export function drawOnCanvas(
  canvas: Canvas,
  n: number,
  { crops, pasted }: DrawnPlace,
  samples: { of(image: number): TrainingSample; isRare: Uint8Array },
  { extendedWeight }: TrainingConfig,
): void {
  const { size } = canvas
  const draw = (drawn: DrawnCrop, target: Rectangle, only: Uint8Array | null) => {
    const sample = samples.of(drawn.image)
    const { blurSigma } = drawn
    const rgb = blurSigma > 0 ? augmentImage(sample.rgb, size, false, blurSigma) : sample.rgb
    const source: CropSource = { ...sample, rgb }
    drawCrop(canvas, n, source, placed(drawn, sample, target, size, extendedWeight), extendedWeight, only)
  }
  const targets = targetsOf(crops.length, size)
  crops.forEach((crop, i) => {
    draw(crop, targets[i], null)
  })
  if (pasted) draw(pasted, targetsOf(1, size)[0], samples.isRare)
}
