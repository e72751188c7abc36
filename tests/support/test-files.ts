/** Small real files for the tests of the data service. */
import { encode } from 'fast-png'
import type { SourceFile } from '../../src/domain/dataset'

/** A photo-like file: left half `left`, right half `right`, `width` x `height`. */
export async function photo(
  type: 'image/jpeg' | 'image/png' | 'image/webp',
  { width, height }: { width: number; height: number },
  [left, right]: [string, string] = ['#204080', '#c0a020'],
): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  context.fillStyle = left
  context.fillRect(0, 0, width / 2, height)
  context.fillStyle = right
  context.fillRect(width / 2, 0, width / 2, height)
  const blob = await canvas.convertToBlob({ type, quality: 1 })
  return new Uint8Array(await blob.arrayBuffer())
}

/** The JPEG with an APP1 segment that says its EXIF orientation. */
export function withExifOrientation(jpeg: Uint8Array, orientation: number): Uint8Array<ArrayBuffer> {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
  const body = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff]
  return Uint8Array.of(0xff, 0xd8, 0xff, 0xe1, 0, body.length + 2, ...body, ...jpeg.subarray(2))
}

/** An 8-bit grey PNG of class ids. */
export function mask(values: ArrayLike<number>, { width, height }: { width: number; height: number }): Uint8Array {
  return encode({ width, height, channels: 1, depth: 8, data: Uint8Array.from(values) })
}

/** The size of the small images of these tests. */
export const SIZE = { width: 32, height: 20 }

/** Class 0 on the left half, 1 on the right. */
export function halves(size = SIZE): Uint8Array {
  return mask(
    Array.from({ length: size.width * size.height }, (_, i) => (i % size.width < size.width / 2 ? 0 : 1)),
    size,
  )
}

/** A folder of one training and one validation image with their masks. */
export async function twoGoodPairs(): Promise<Record<string, Uint8Array | string>> {
  return {
    'images/train/a.jpg': await photo('image/jpeg', SIZE),
    'images/val/b.png': await photo('image/png', SIZE),
    'labels/train/a.png': halves(),
    'labels/val/b.png': halves(),
  }
}

/** Reads a bitmap's pixels, RGBA 0..255. */
export async function pixelsOf(bitmap: ImageBitmap): Promise<(x: number, y: number) => number[]> {
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
  if (!context) throw new Error('no canvas')
  context.drawImage(bitmap, 0, 0)
  return (x, y) => [...context.getImageData(x, y, 1, 1).data]
}

export function sourceFiles(contents: Record<string, Uint8Array | string>): SourceFile[] {
  return Object.entries(contents).map(([path, content]) => {
    const part = typeof content === 'string' ? content : new Uint8Array(content)
    return { path, file: new File([part], path.slice(path.lastIndexOf('/') + 1)) }
  })
}
