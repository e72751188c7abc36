/** Places the crops of a batch, now that the labels are known, and draws them. */
import type { TrainingConfig } from '../domain/config'
import { IGNORE, type Labels, PROVENANCE } from '../domain/labels'
import type { TrainingSample } from './batch'
import { type Canvas, type Crop, drawCrop } from './crop'
import type { DrawnCrop } from './draw'
import { augmentImage } from './images'
import { type ImageCounts, pixelWeight } from './label-index'

/**
 * The labelled pixel at `position`, when each takes up as much as it weighs, in row-major order. Extended pixels weigh
 * `extendedWeight`, others 1.
 * @param position from 0 up to their `pixelWeight`
 * @returns its index; null when there is none
 */
export function pixelAt({ classes, provenance }: Labels, position: number, extendedWeight: number): number | null {
  let [left, last] = [position, -1]
  for (let i = 0; i < classes.length; i++) {
    if (classes[i] === IGNORE) continue
    const weight = provenance[i] === PROVENANCE.extended ? extendedWeight : 1
    if (weight === 0) continue
    last = i
    left -= weight
    if (left < 0) return i
  }
  return last < 0 ? null : last
}

/**
 * Where a crop begins along one axis, in whole pixels. Its `span` stays within the image, or holds all of it. It holds
 * `pixel`, if any, and lies anywhere else by `share`.
 */
export function cropStart(extent: number, span: number, share: number, pixel: number | null) {
  const [least, most] = [Math.min(0, extent - span), Math.max(0, extent - span)]
  if (pixel === null || span >= extent) return Math.trunc(least + share * (most - least))
  const [from, to] = [Math.max(least, Math.ceil(pixel + 1 - span)), Math.min(most, pixel)]
  return Math.trunc(from + share * (to - from))
}

/** @param at the pixel of the sample that the crop shows, if any */
function placed(
  { scale, shareX, shareY, isFlipped }: DrawnCrop,
  at: number | null,
  { size, sampleSize }: Canvas,
): Crop {
  const along = (extent: number, length: number, share: number, position: number | null) =>
    cropStart(extent, length / scale, share, position)
  const left = along(sampleSize.width, size.width, shareX, at === null ? null : at % sampleSize.width)
  const top = along(sampleSize.height, size.height, shareY, at === null ? null : Math.floor(at / sampleSize.width))
  return { scale, left, top, isFlipped }
}

/** Draws image `n` of the canvas from a sample and what was counted of its image. */
export function drawOnCanvas(
  canvas: Canvas,
  n: number,
  drawn: DrawnCrop,
  { sample, counts }: { sample: TrainingSample; counts: ImageCounts },
  { extendedWeight }: TrainingConfig,
): void {
  const { blurSigma, pixelShare } = drawn
  const rgb = blurSigma > 0 ? augmentImage(sample.rgb, canvas.sampleSize, false, blurSigma) : sample.rgb
  const at =
    pixelShare === null ? null : pixelAt(sample, pixelShare * pixelWeight(counts, extendedWeight), extendedWeight)
  drawCrop(canvas, n, { ...sample, rgb }, placed(drawn, at, canvas), extendedWeight)
}
