/** Image files (JPEG, PNG, WebP) to upright pixels. */
import { AppError, FileFault } from '../domain/errors'
import type { Size } from '../domain/size'
import { imageType, refuseHuge } from './file-check'
import { decodeLabelPng, type LabelPng } from './label-png'
import { areaAverage } from './resample'

/**
 * Decodes an image upright: the browser applies the EXIF orientation, exactly once, and no colour profile.
 * @throws FileFault
 */
export async function decodeUpright(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, {
      imageOrientation: 'from-image',
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
    })
  } catch (cause) {
    throw new FileFault('is not an image the browser can read', 'Save it as JPEG, PNG or WebP.', { cause })
  }
}

/**
 * The pixels of a mask in any format: PNGs are decoded to exact values, others by the browser, upright. `isLossy`: the
 * format keeps no exact values.
 * @throws FileFault
 */
export async function decodeMask(bytes: Uint8Array<ArrayBuffer>): Promise<{ mask: LabelPng; isLossy: boolean }> {
  const type = imageType(bytes)
  refuseHuge(bytes)
  if (type === 'image/png' || type === null) return { mask: decodeLabelPng(bytes), isLossy: false }
  const bitmap = await decodeUpright(new Blob([bytes], { type }))
  try {
    const size = { height: bitmap.height, width: bitmap.width }
    const colors = readRgb(bitmap, size)
    return { mask: { size, values: null, colors, palette: null, depth: 8, alpha: null }, isLossy: true }
  } finally {
    bitmap.close()
  }
}

/** RGB bytes of a bitmap at `size`, H*W*3, area-averaged from all its pixels. */
export function readRgb(bitmap: ImageBitmap, size: Size): Uint8Array {
  const from = { height: bitmap.height, width: bitmap.width }
  const context = canvasContext(from, { alpha: false, willReadFrequently: true })
  context.drawImage(bitmap, 0, 0)
  return areaAverage(context.getImageData(0, 0, from.width, from.height).data, from, size)
}

/** RGB bytes of an image file at `size`, upright, H*W*3. All pixels that the network sees come from here. */
export async function loadRgb(file: Blob, size: Size): Promise<Uint8Array> {
  const bitmap = await decodeUpright(file)
  try {
    return readRgb(bitmap, size)
  } finally {
    bitmap.close()
  }
}

/** RGB bytes, H*W*3, as a bitmap. */
export function bitmapFromRgb(rgb: Uint8Array, { height, width }: Size): Promise<ImageBitmap> {
  const pixels = new ImageData(width, height)
  for (let i = 0, j = 0; i < rgb.length; i += 3, j += 4) {
    pixels.data[j] = rgb[i]
    pixels.data[j + 1] = rgb[i + 1]
    pixels.data[j + 2] = rgb[i + 2]
    pixels.data[j + 3] = 255
  }
  return createImageBitmap(pixels)
}

const THUMBNAIL_SIDE = 256

/** A JPEG of the bitmap whose long side is at most 256 pixels. */
export function thumbnail(bitmap: ImageBitmap): Promise<Blob> {
  const size = fitWithin({ height: bitmap.height, width: bitmap.width }, THUMBNAIL_SIDE)
  const context = canvasContext(size, { alpha: false })
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, size.width, size.height)
  return context.canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 })
}

/** `size` shrunk, not enlarged, so that its long side is at most `side`. */
export function fitWithin(size: Size, side: number): Size {
  const scale = Math.min(1, side / Math.max(size.height, size.width))
  return { height: Math.max(1, Math.round(size.height * scale)), width: Math.max(1, Math.round(size.width * scale)) }
}

function canvasContext(
  size: Size,
  settings: { alpha: boolean; willReadFrequently?: boolean },
): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(size.width, size.height).getContext('2d', settings)
  if (!context) {
    throw new AppError(
      'out_of_memory',
      `The browser has no memory for an image of ${size.width} x ${size.height} pixels.`,
      'Close other tabs, or shrink the images.',
    )
  }
  return context
}
