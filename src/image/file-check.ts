/** Checks of an image file's bytes, for faults that decoders overlook or report badly. */
import { imageSize } from 'image-size'
import { FileFault } from '../domain/errors'
import type { Size } from '../domain/size'

export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp'

/** The type that the first bytes show, whatever the name says; null when they show none of the three. */
export function imageType(bytes: Uint8Array): ImageType | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg'
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png'
  if (startsWith(bytes, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes.subarray(8), [0x57, 0x45, 0x42, 0x50])) {
    return 'image/webp'
  }
  return null
}

/** Larger images fit neither a browser's bitmaps nor a page's memory beside their labels. */
const MOST_PIXELS = 100e6

export function isHuge({ height, width }: Size): boolean {
  return height * width > MOST_PIXELS
}

/**
 * Refuses an image by the size it claims: a few bytes can claim one that fills the memory.
 * @throws FileFault
 */
export function refuseHuge(bytes: Uint8Array): void {
  const size = claimedSize(bytes)
  if (!size || !isHuge(size)) return
  const most = `more than the ${MOST_PIXELS / 1e6} megapixels that a page can label`
  throw new FileFault(`is ${size.width} x ${size.height} pixels, ${most}`, 'Make it smaller, or cut it into tiles.')
}

/** Width and height that the file's head claims, before any pixel is decoded; null when it claims none. */
export function claimedSize(bytes: Uint8Array): Size | null {
  try {
    const { height, width } = imageSize(bytes)
    return { height, width }
  } catch {
    // Damaged: the decoder says how.
    return null
  }
}

/** Whether the file ends before its image does. Browsers show the missing part grey. */
export function isCutOff(bytes: Uint8Array, type: ImageType): boolean {
  if (type === 'image/jpeg') return !hasJpegEnd(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (type === 'image/webp') return bytes.length < 8 + view.getUint32(4, true)
  for (let offset = 8; offset + 12 <= bytes.length; ) {
    const length = view.getUint32(offset)
    if (view.getUint32(offset + 4) === 0x49454e44) return offset + 12 + length > bytes.length // IEND
    offset += 12 + length
  }
  return true
}

/** Looks for the end marker after the first scan's start; an EXIF thumbnail has one of its own before it. */
function hasJpegEnd(bytes: Uint8Array): boolean {
  let offset = 2
  while (offset + 4 <= bytes.length && bytes[offset] === 0xff) {
    const marker = bytes[offset + 1]
    if (marker === 0xff) {
      offset++ // Fill byte.
      continue
    }
    if (marker === 0xd9) return true
    if (marker === 0xda) break // Start of scan.
    offset += 2 + ((bytes[offset + 2] << 8) | bytes[offset + 3])
  }
  for (let i = bytes.length - 2; i > offset; i--) {
    if (bytes[i] === 0xff && bytes[i + 1] === 0xd9) return true
  }
  return false
}

function startsWith(bytes: Uint8Array, prefix: number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte)
}
