/** EXIF orientation: how a stored raster is turned so that it stands upright. */
import type { Size } from '../domain/size'

/** Upright size of a raster that is stored with `size`: orientations 5..8 swap the sides. */
export function orientedSize(size: Size, orientation: number): Size {
  return orientation >= 5 ? { height: size.width, width: size.height } : size
}

/** Index of the stored pixel that appears at row r, column c of the upright raster; `size` is the stored one. */
type Source = (row: number, column: number, size: Size) => number

const SOURCES: Record<number, Source> = {
  1: (r, c, { width }) => r * width + c,
  2: (r, c, { width }) => r * width + (width - 1 - c),
  3: (r, c, { height, width }) => (height - 1 - r) * width + (width - 1 - c),
  4: (r, c, { height, width }) => (height - 1 - r) * width + c,
  5: (r, c, { width }) => c * width + r,
  6: (r, c, { height, width }) => (height - 1 - c) * width + r,
  7: (r, c, { height, width }) => (height - 1 - c) * width + (width - 1 - r),
  8: (r, c, { width }) => c * width + (width - 1 - r),
}

export interface Raster {
  size: Size
  /** H*W, row-major. */
  values: Uint8Array
}

/** Turns a stored one-channel raster upright (TIFF 6.0, tag 274). Orientation 1 returns it as it is. */
export function orientRaster(raster: Raster, orientation: number): Raster {
  const source = SOURCES[orientation]
  if (orientation === 1 || !source) return raster
  const size = orientedSize(raster.size, orientation)
  const values = new Uint8Array(raster.values.length)
  for (let row = 0, i = 0; row < size.height; row++) {
    for (let column = 0; column < size.width; column++, i++) {
      values[i] = raster.values[source(row, column, raster.size)]
    }
  }
  return { size, values }
}

/**
 * The orientation by which a mask lies on its upright image, or null when its size fits neither way. A mask of the
 * upright size stays as it is: labelling tools show photos upright, and where both sizes are equal (half a turn, a
 * mirror, a square) nothing speaks against it. A mask of the stored size was drawn on the stored pixels and is turned
 * with the image.
 */
export function maskOrientation(mask: Size, image: { upright: Size; orientation: number }): number | null {
  if (isSameSize(mask, image.upright)) return 1
  return isSameSize(orientedSize(mask, image.orientation), image.upright) ? image.orientation : null
}

function isSameSize(a: Size, b: Size): boolean {
  return a.height === b.height && a.width === b.width
}
