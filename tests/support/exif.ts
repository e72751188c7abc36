/** Orientations in files, written where cameras and programs put them. */

/** The orientation as TIFF, which EXIF is. */
function tiff(orientation: number): number[] {
  return [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
}

/**
 * The JPEG with an EXIF orientation, 1..8.
 * @param behind bytes of other segments that stand before it, such as a profile of colours
 */
export function turned(jpeg: Uint8Array, orientation: number, behind = 0): Uint8Array {
  const segments: number[] = []
  const add = (marker: number, body: readonly number[]) => {
    segments.push(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255)
    for (const byte of body) segments.push(byte)
  }
  for (let left = behind; left > 0; left -= 60_000) add(0xed, new Array<number>(Math.min(left, 60_000)).fill(0))
  add(0xe1, [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff(orientation)])
  return Uint8Array.of(0xff, 0xd8, ...segments, ...jpeg.subarray(2))
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

/** The PNG with an EXIF orientation in a chunk behind its pixels. */
export function turnedPng(png: Uint8Array, orientation: number): Uint8Array {
  const body = Uint8Array.of(0x65, 0x58, 0x49, 0x66, ...tiff(orientation))
  const chunk = new Uint8Array(body.length + 8)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, body.length - 4)
  chunk.set(body, 4)
  view.setUint32(chunk.length - 4, crc32(body))
  const end = png.length - 12
  return Uint8Array.of(...png.subarray(0, end), ...chunk, ...png.subarray(end))
}

/** The lossy WebP of a canvas, in the extended form with an EXIF orientation at its end. */
export function turnedWebp(webp: Uint8Array, size: { height: number; width: number }, orientation: number): Uint8Array {
  const little = (value: number, bytes: number) => Array.from({ length: bytes }, (_, i) => (value >> (8 * i)) & 255)
  const text = (letters: string) => Array.from(letters, (letter) => letter.charCodeAt(0))
  const start = webp.findIndex((_, i) => i >= 12 && String.fromCharCode(...webp.subarray(i, i + 4)).startsWith('VP8 '))
  const length = new DataView(webp.buffer, webp.byteOffset).getUint32(start + 4, true)
  const pixels = webp.subarray(start, start + 8 + length + (length & 1))
  const exif = tiff(orientation)
  const head = [
    ...text('VP8X'),
    ...little(10, 4),
    8,
    0,
    0,
    0,
    ...little(size.width - 1, 3),
    ...little(size.height - 1, 3),
  ]
  const chunks = [...text('WEBP'), ...head, ...pixels, ...text('EXIF'), ...little(exif.length, 4), ...exif]
  return Uint8Array.of(...text('RIFF'), ...little(chunks.length, 4), ...chunks)
}
