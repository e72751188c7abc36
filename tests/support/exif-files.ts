/** Image files with EXIF put together from the specifications, in all the ways that files have it, and damaged ones. */

type Bytes = readonly number[]

interface TiffOptions {
  isLittle?: boolean
  /** 3 SHORT, 4 LONG. */
  type?: number
  tag?: number
  /** Offset of the directory; it says so but still stands at 8 when `isLost`. */
  at?: number
  isLost?: boolean
}

const big = (value: number, bytes: number) =>
  Array.from({ length: bytes }, (_, i) => (value >>> (8 * (bytes - 1 - i))) & 255)
const text = (value: string) => [...value].map((letter) => letter.charCodeAt(0))

/** A TIFF block whose one entry is the orientation. */
export function tiff(
  orientation: number,
  { isLittle = false, type = 3, tag = 0x112, at = 8, isLost = false }: TiffOptions = {},
) {
  const number = (value: number, bytes: number) => (isLittle ? big(value, bytes).reverse() : big(value, bytes))
  const value = type === 3 ? [...number(orientation, 2), 0, 0] : number(orientation, 4)
  return [
    ...text(isLittle ? 'II' : 'MM'),
    ...number(42, 2),
    ...number(at, 4),
    ...new Array<number>(isLost ? 0 : at - 8).fill(0),
    ...[...number(1, 2), ...number(tag, 2), ...number(type, 2), ...number(1, 4), ...value, ...number(0, 4)],
  ]
}

/** A JPEG segment. */
export function segment(marker: number, body: Bytes): number[] {
  return [0xff, marker, ...big(body.length + 2, 2), ...body]
}

export function exifSegment(block: Bytes): number[] {
  return segment(0xe1, [...text('Exif\0\0'), ...block])
}

/** The JPEG with segments behind its start, or behind its frame header. */
export function jpegWith(jpeg: Uint8Array, segments: Bytes, isBehindFrame = false): Uint8Array {
  let at = 2
  while (isBehindFrame && jpeg[at + 1] !== 0xda) at += 2 + ((jpeg[at + 2] << 8) | jpeg[at + 3])
  return Uint8Array.of(...jpeg.subarray(0, at), ...segments, ...jpeg.subarray(at))
}

/** A PNG chunk. */
export function pngChunk(type: string, data: Bytes): number[] {
  const body = [...text(type), ...data]
  return [...big(data.length, 4), ...body, ...big(crc(body), 4)]
}

/** The PNG with chunks behind its header, or before its end. */
export function pngWith(png: Uint8Array, chunks: Bytes, isBehindPixels = false): Uint8Array {
  const at = isBehindPixels ? png.length - 12 : 33
  return Uint8Array.of(...png.subarray(0, at), ...chunks, ...png.subarray(at))
}

/** The WebP, which says by its flags that it has EXIF, with a chunk of it at the end. */
export function webpWith(
  webp: Uint8Array,
  { width, height }: { width: number; height: number },
  block: Bytes,
): Uint8Array {
  const image = webp.subarray(webp[15] === 0x58 ? 30 : 12)
  const little = (value: number, bytes: number) => big(value, bytes).reverse()
  const chunk = (type: string, data: Bytes) => [
    ...text(type),
    ...little(data.length, 4),
    ...data,
    ...(data.length % 2 ? [0] : []),
  ]
  const flags = 8 | (webp[15] === 0x58 ? webp[20] : 0)
  const head = chunk('VP8X', [flags, 0, 0, 0, ...little(width - 1, 3), ...little(height - 1, 3)])
  const body = [...text('WEBP'), ...head, ...image, ...chunk('EXIF', block)]
  return Uint8Array.of(...text('RIFF'), ...little(body.length, 4), ...body)
}

function crc(bytes: Bytes): number {
  let code = 0xffffffff
  for (const byte of bytes) {
    code ^= byte
    for (let bit = 0; bit < 8; bit++) code = code & 1 ? (code >>> 1) ^ 0xedb88320 : code >>> 1
  }
  return (code ^ 0xffffffff) >>> 0
}
