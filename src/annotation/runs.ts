/** Finds runs of equal pixels. Rasters are large and mostly flat, so equal pixels are compared eight at a time. */
import { type LabelRaster, type PixelLabel, pixelLabel } from './raster'

/** Pixels of a run that are compared one by one first: for short runs, views of words would cost more than they save. */
const SHORT = 16

/** Four pixels of one value, as one word. */
function word(value: number): number {
  return Math.imul(value, 0x01010101)
}

/**
 * End of the run of equal pixels that begins at `start`, at most `end`. With `others`, a run ends where either raster changes.
 * @param start before `end`
 */
export function runEnd(start: number, end: number, values: Uint8Array, others: Uint8Array = values): number {
  const value = values[start]
  const other = others[start]
  let i = start + 1
  const short = Math.min(end, i + SHORT)
  while (i < short && values[i] === value && others[i] === other) i++
  if (i < short || i === end) return i
  // Unlike an Int32Array, a DataView reads words from any pixel on.
  const words = new DataView(values.buffer, values.byteOffset)
  const otherWords = new DataView(others.buffer, others.byteOffset)
  const valueWord = word(value)
  const otherWord = word(other)
  while (
    i + 8 <= end &&
    ((words.getInt32(i, true) ^ valueWord) |
      (words.getInt32(i + 4, true) ^ valueWord) |
      (otherWords.getInt32(i, true) ^ otherWord) |
      (otherWords.getInt32(i + 4, true) ^ otherWord)) ===
      0
  ) {
    i += 8
  }
  while (i < end && values[i] === value && others[i] === other) i++
  return i
}

/** Calls `take` for each run of one label among the pixels from `start` to `end` - 1. */
export function labelRuns(
  { classes, provenance }: LabelRaster,
  start: number,
  end: number,
  take: (start: number, end: number, label: PixelLabel) => void,
): void {
  for (let first = start, next = start; first < end; first = next) {
    next = runEnd(first, end, classes, provenance)
    take(first, next, pixelLabel(classes[first], provenance[first]))
  }
}
