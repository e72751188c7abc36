/** Looks at a picture to tell a mask from a photo. */
import type { LabelPng } from '../../image/label-png'

/**
 * A mask has few values, and equal ones lie side by side; a photo has thousands, and noise between neighbours.
 * `unclear` is in between: drawings, screenshots, dark images.
 */
export type Look = 'mask' | 'photo' | 'unclear'

/** Rows that are looked at, spread over the picture: enough to tell, whatever its size. */
const MOST_ROWS = 256
/** Codes that a mask may have, and the share of its pixels that this many cover. */
const MASK_CODES = 64
const MASK_COVER = 0.85
const PHOTO_COVER = 0.6
/** Share of pixels that equal the one on their right. */
const MASK_FLATNESS = 0.6
/** Below this, and with no more codes than this share of its pixels, a picture is too small for its noise to tell. */
const FEW_PIXELS = 256

/** The picture by its codes alone, whatever its name. */
export function lookOf({ size, values, colors }: LabelPng): Look {
  const step = Math.max(1, Math.floor(size.height / MOST_ROWS))
  const counts = new Map<number, number>()
  let [pixels, equal, pairs] = [0, 0, 0]
  const codeAt = (i: number) =>
    values ? values[i] : colors ? (colors[3 * i] << 16) | (colors[3 * i + 1] << 8) | colors[3 * i + 2] : 0
  for (let row = 0; row < size.height; row += step) {
    let before = -1
    for (let i = row * size.width, end = i + size.width; i < end; i++) {
      const code = codeAt(i)
      counts.set(code, (counts.get(code) ?? 0) + 1)
      pixels++
      if (before >= 0) {
        pairs++
        if (code === before) equal++
      }
      before = code
    }
  }
  const flatness = pairs > 0 ? equal / pairs : 1
  const most = [...counts.values()].sort((a, b) => b - a).slice(0, MASK_CODES)
  const cover = most.reduce((sum, count) => sum + count, 0) / Math.max(1, pixels)
  if (pixels < FEW_PIXELS && counts.size <= 8) return 'mask'
  if (cover < PHOTO_COVER) return 'photo'
  const isFlat = flatness >= MASK_FLATNESS
  if (cover >= MASK_COVER && isFlat) return 'mask'
  return counts.size <= 8 && cover === 1 && flatness >= MASK_FLATNESS / 2 ? 'mask' : 'unclear'
}
