/**
 * Images of 16 bits a sample, of microscopes, X-ray and thermal cameras. Screen and network take 8, and browsers keep the
 * upper 8: the 4096 greys of a camera of 12 bits would become 16, all black. So the range that the images use is stretched.
 */
import { type DecodedPng, decode, encode } from 'fast-png'
import { FileFault } from '../../domain/errors'
import { imageType, refuseHuge } from '../../image/file-check'
import { withinLimits } from '../../image/png-limits'
import { countOf } from '../layouts/paths'
import type { Folder } from './folder'

/** Least and most of the samples that images use, 0..65535. */
export interface SampleRange {
  least: number
  most: number
}

/** Bytes that tell the depth: signature, length and type of the header, width, height. */
const HEAD_BYTES = 25
/** After the signature come the header's 25 bytes; chunks that say how to turn the image stand anywhere. */
const HEADER_END = 33

/** Whether the file is a PNG of 16 bits a sample. */
export function isDeep(head: Uint8Array): boolean {
  return imageType(head) === 'image/png' && head[HEAD_BYTES - 1] === 16
}

/** Alpha does not count. @throws FileFault when the file is damaged or huge */
export function deepRange(bytes: Uint8Array): SampleRange {
  const { data, channels } = decodeDeep(bytes)
  const colors = colorsOf(channels)
  const range = { least: 65535, most: 0 }
  for (let i = 0; i < data.length; i += channels) {
    for (let j = i; j < i + colors; j++) {
      if (data[j] < range.least) range.least = data[j]
      if (data[j] > range.most) range.most = data[j]
    }
  }
  return range
}

/**
 * The image as a PNG of 8 bits: the range becomes 0..255, the same for all channels. Alpha and the turn of the image are
 * kept.
 * @throws FileFault when the file is damaged or huge
 */
export function to8Bit(bytes: Uint8Array, { least, most }: SampleRange): Uint8Array<ArrayBuffer> {
  const png = decodeDeep(bytes)
  const { width, height, data, channels, transparency } = png
  const colors = colorsOf(channels)
  // One colour that is transparent is a channel of alpha here: other colours may become equal to it.
  const kept = channels === colors && transparency ? channels + 1 : channels
  const span = Math.max(1, most - least)
  const shallow = new Uint8Array(width * height * kept)
  for (let i = 0, from = 0, to = 0; i < width * height; i++, from += channels, to += kept) {
    for (let j = 0; j < colors; j++) {
      shallow[to + j] = Math.min(255, Math.max(0, Math.round(((data[from + j] - least) * 255) / span)))
    }
    if (kept > channels) shallow[to + colors] = transparency?.every((key, j) => key === data[from + j]) ? 0 : 255
    else if (channels > colors) shallow[to + colors] = Math.round(data[from + colors] / 257)
  }
  return withTurn(encode({ width, height, data: shallow, depth: 8, channels: kept as DecodedPng['channels'] }), bytes)
}

/**
 * The range that all images of 16 bits among these use together, so that equal samples stay equal, and a sentence about
 * them. null when there are none.
 */
export async function rangeOfImages(
  paths: readonly string[],
  folder: Folder,
  onRead: (done: number, path: string) => void,
): Promise<{ range: SampleRange; note: string } | null> {
  const range = { least: 65535, most: 0 }
  let images = 0
  for (const [done, path] of paths.entries()) {
    if (!isDeep(await folder.head(path, HEAD_BYTES))) continue
    onRead(done, path)
    const { least, most } = await rangeOfFile(path, folder)
    if (most < least) continue
    images++
    range.least = Math.min(range.least, least)
    range.most = Math.max(range.most, most)
  }
  if (images === 0) return null
  const those = images === 1 ? ['has', 'it was'] : ['have', 'they were']
  const became = `${range.least} to ${range.most} became 0 to 255`
  const note = `${countOf(images, 'image')} ${those[0]} 16 bits a sample; ${those[1]} brought to 8 bits: ${became}.`
  return { range, note }
}

/** An empty range (`most` below `least`) where the file cannot be read: the import names what is wrong with it. */
async function rangeOfFile(path: string, folder: Folder): Promise<SampleRange> {
  try {
    return deepRange(await folder.bytes(path))
  } catch (error) {
    if (error instanceof FileFault) return { least: 65535, most: 0 }
    throw error
  }
}

function decodeDeep(bytes: Uint8Array): DecodedPng {
  refuseHuge(bytes)
  try {
    return decode(withinLimits(bytes), { checkCrc: true })
  } catch (cause) {
    throw new FileFault('is a PNG file that is cut off or damaged', 'Copy or export the file again.', { cause })
  }
}

/** Channels without alpha. */
function colorsOf(channels: number): number {
  return channels < 3 ? 1 : 3
}

/** The PNG with the EXIF chunk of another: it says which way is up. */
function withTurn(png: Uint8Array, source: Uint8Array): Uint8Array<ArrayBuffer> {
  const exif = exifChunk(source)
  const turned = new Uint8Array(png.length + exif.length)
  turned.set(png.subarray(0, HEADER_END))
  turned.set(exif, HEADER_END)
  turned.set(png.subarray(HEADER_END), HEADER_END + exif.length)
  return turned
}

/** The whole chunk; empty when the PNG has none. */
function exifChunk(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let offset = 8; offset + 12 <= bytes.length; ) {
    const end = offset + 12 + view.getUint32(offset)
    if (view.getUint32(offset + 4) === 0x65584966) return bytes.subarray(offset, end) // eXIf
    offset = end
  }
  return new Uint8Array()
}
