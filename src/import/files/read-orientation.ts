/**
 * How the browser turns an image file by its EXIF block. Browsers differ in what they heed (which block of several, of
 * which type, in which kind of file, how damaged), so the browser itself is asked: it decodes a tiny image that carries
 * the file's own blocks, and the corners of that image tell. A mask is then turned exactly as its image is.
 */
import { type ImageType, imageType } from '../../image/file-check'
import { decodeUpright } from '../../image/image-file'

/** Sides of the tiny image; JPEG keeps squares of 8 pixels apart. */
const WIDTH = 32
const HEIGHT = 16
const COLORS = ['#f00', '#0f0', '#00f', '#ff0']
/** Where the corners 0 1 / 2 3 of the tiny image lie once it is turned, row by row; by orientation, from 1 on. */
const TURNED = ['0123', '1032', '3210', '2301', '0213', '2031', '3120', '1302']

const EXIF = [0x45, 0x78, 0x69, 0x66]

/** A piece of metadata as it stands in the file, with its header. */
interface Block {
  bytes: Uint8Array
  /** Whether it stands behind the pixels. */
  isLate: boolean
}

/** EXIF orientation by which the browser turns this image file, 1..8; 1 when it says nothing or nothing readable. */
export async function readOrientation(bytes: Uint8Array): Promise<number> {
  const type = imageType(bytes)
  const blocks = type && exifBlocks(bytes, type)
  if (!type || !blocks || blocks.length === 0) return 1
  const plain = await tinyImage(type)
  // A browser that cannot write this type does not turn it either: that is Safari and WebP.
  if (imageType(plain) !== type) return 1
  return orientationOf(new Blob([withBlocks(plain, bytes, type, blocks)], { type }))
}

const tinyImages = new Map<ImageType, Promise<Uint8Array>>()

function tinyImage(type: ImageType): Promise<Uint8Array> {
  const known = tinyImages.get(type) ?? drawTiny(type)
  tinyImages.set(type, known)
  return known
}

function canvas(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('no canvas of a few pixels')
  return context
}

async function drawTiny(type: ImageType): Promise<Uint8Array> {
  const context = canvas(WIDTH, HEIGHT)
  for (const [i, color] of COLORS.entries()) {
    context.fillStyle = color
    context.fillRect(((i % 2) * WIDTH) / 2, ((i >> 1) * HEIGHT) / 2, WIDTH / 2, HEIGHT / 2)
  }
  return new Uint8Array(await (await context.canvas.convertToBlob({ type, quality: 1 })).arrayBuffer())
}

async function orientationOf(file: Blob): Promise<number> {
  const bitmap = await decodeUpright(file).catch(() => null) // The blocks made the image unreadable: none to heed.
  if (!bitmap) return 1
  const { width, height } = bitmap
  const context = canvas(width, height)
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  const corners = [0, 1, 2, 3].map((i) => {
    const [x, y] = [i % 2 === 0 ? 2 : width - 3, i < 2 ? 2 : height - 3]
    const [red, green] = context.getImageData(x, y, 1, 1).data
    if (red > 127) return green > 127 ? 3 : 0
    return green > 127 ? 1 : 2
  })
  return TURNED.indexOf(corners.join('')) + 1 || 1
}

/** The file's EXIF blocks in their order; those that a damaged file hides behind its damage are not found. */
function exifBlocks(bytes: Uint8Array, type: ImageType): Block[] {
  if (type === 'image/jpeg') return jpegBlocks(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isPng = type === 'image/png'
  const blocks: Block[] = []
  let isLate = false
  // Both are rows of chunks. PNG: length, type, data, checksum; WebP: type, length, data to an even length.
  for (let at = isPng ? 8 : 12; at + 8 <= bytes.length; ) {
    const name = String.fromCharCode(...bytes.subarray(at + (isPng ? 4 : 0), at + (isPng ? 8 : 4)))
    const length = view.getUint32(at + (isPng ? 0 : 4), !isPng)
    const end = at + (isPng ? 12 + length : 8 + length + (length % 2))
    if (name === 'IDAT' || name === 'VP8 ' || name === 'VP8L') isLate = true
    if (name === 'eXIf' || name === 'EXIF') blocks.push({ bytes: bytes.subarray(at, end), isLate })
    at = end
  }
  return blocks
}

/** The EXIF segments before the first scan. */
function jpegBlocks(bytes: Uint8Array): Block[] {
  const blocks: Block[] = []
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1]
    if (marker === 0xff) {
      at++ // Fill byte.
      continue
    }
    if (marker === 0xda || marker === 0xd9) break
    const end = at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3])
    if (marker === 0xe1 && EXIF.every((byte, i) => bytes[at + 4 + i] === byte)) {
      blocks.push({ bytes: bytes.subarray(at, end), isLate: false })
    }
    at = end
  }
  return blocks
}

/** The tiny image with the blocks where the file has them. */
function withBlocks(
  plain: Uint8Array,
  file: Uint8Array,
  type: ImageType,
  blocks: readonly Block[],
): Uint8Array<ArrayBuffer> {
  const early = blocks.filter(({ isLate }) => !isLate).map(({ bytes }) => bytes)
  const late = blocks.filter(({ isLate }) => isLate).map(({ bytes }) => bytes)
  if (type === 'image/jpeg') return joined([plain.subarray(0, 2), ...early, plain.subarray(2)])
  if (type === 'image/png') {
    const header = 33 // Signature and IHDR.
    const end = plain.length - 12 // IEND.
    return joined([plain.subarray(0, header), ...early, plain.subarray(header, end), ...late, plain.subarray(end)])
  }
  const saysExif = isExtended(file) ? file[20] & 8 : 0
  return webpWith(plain, saysExif, early, late)
}

/** Whether a WebP has the header VP8X, whose flags say what else is in the file. */
function isExtended(webp: Uint8Array): boolean {
  return webp[15] === 0x58
}

/** The browser's own file may lack the header that says that there is EXIF. */
function webpWith(
  plain: Uint8Array,
  saysExif: number,
  early: Uint8Array[],
  late: Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const body = joined([...early, plain.subarray(isExtended(plain) ? 30 : 12), ...late])
  const head = new Uint8Array(30)
  head.set(plain.subarray(0, 12))
  head.set([
    0x56,
    0x50,
    0x38,
    0x58,
    10,
    0,
    0,
    0,
    (isExtended(plain) ? plain[20] : 0) | saysExif,
    0,
    0,
    0,
    WIDTH - 1,
    0,
    0,
    HEIGHT - 1,
  ])
  new DataView(head.buffer).setUint32(4, 22 + body.length, true)
  return joined([head, body])
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
