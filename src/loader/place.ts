/** Draws the places of a batch: crops, mosaics and what is pasted over them. */
import type { TrainingConfig } from '../domain/config'
import { IGNORE, type Labels, PROVENANCE } from '../domain/labels'
import type { Rectangle, Size } from '../domain/size'
import type { TrainingSample } from './batch'
import { type Canvas, type Crop, drawCrop } from './crop'
import type { DrawnCrop, DrawnPlace, RoundDraws } from './draw'
import { augmentImage } from './images'
import { pixelWeight } from './label-index'

/**
 * The labelled pixel at `position`, when each takes up as much as it weighs, in row-major order; of those that somebody
 * labelled as `classId` when it is not null. Extended pixels weigh `extendedWeight`, others 1.
 * @param position from 0 up to their `pixelWeight`
 * @returns its index; null when there is none
 */
export function pixelAt(
  { classes, provenance }: Labels,
  classId: number | null,
  position: number,
  extendedWeight: number,
): number | null {
  const ofExtended = classId === null ? extendedWeight : 0
  let [left, last] = [position, -1]
  for (let i = 0; i < classes.length; i++) {
    if (classes[i] === IGNORE || (classId !== null && classes[i] !== classId)) continue
    const weight = provenance[i] === PROVENANCE.extended ? ofExtended : 1
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

/** The crop of a drawn one, now that the labels are known. `at`: the pixel that it shows, if any. */
function placed({ pixel, scale, ...drawn }: DrawnCrop, at: number | null, target: Rectangle, size: Size): Crop {
  const along = (extent: number, length: number, share: number, position: number | null) =>
    cropStart(extent, length / scale, share, position, pixel?.isCentre ?? false)
  const left = along(size.width, target.width, drawn.shareX, at === null ? null : at % size.width)
  const top = along(size.height, target.height, drawn.shareY, at === null ? null : Math.floor(at / size.width))
  return { target, scale, left, top, isFlipped: drawn.isFlipped, jitter: drawn.jitter }
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

/** Draws image `n` of the canvas. `sampleOf` gives the samples of the round's images by their position. */
export function drawOnCanvas(
  canvas: Canvas,
  n: number,
  { crops, pasted }: DrawnPlace,
  { images, isRare }: RoundDraws,
  sampleOf: (image: number) => TrainingSample,
  { extendedWeight }: TrainingConfig,
): void {
  const { size, sampleSize } = canvas
  const draw = (drawn: DrawnCrop, target: Rectangle, only: Uint8Array | null) => {
    const sample = sampleOf(drawn.image)
    const { blurSigma, image, pixel } = drawn
    const rgb = blurSigma > 0 ? augmentImage(sample.rgb, sampleSize, false, blurSigma) : sample.rgb
    const position = pixel && pixel.share * pixelWeight(images[image], pixel.classId, extendedWeight)
    const at = position === null ? null : pixelAt(sample, pixel?.classId ?? null, position, extendedWeight)
    drawCrop(canvas, n, { ...sample, rgb }, placed(drawn, at, target, sampleSize), extendedWeight, only)
  }
  const targets = targetsOf(crops.length, size)
  crops.forEach((crop, i) => {
    draw(crop, targets[i], null)
  })
  if (pasted) draw(pasted, targetsOf(1, size)[0], isRare)
}
