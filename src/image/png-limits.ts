/**
 * Limits on the size that a PNG claims and unpacks to, checked before decoding: the decoder holds all of it in memory.
 */
import { Unzlib } from 'fflate'
import { FileFault } from '../domain/errors'

const SIGNATURE_BYTES = 8
/** Length, type and checksum of a chunk. */
const CHUNK_BYTES = 12
/** The chunks that give the pixels. Profiles and texts do not count in a label, and profiles are packed too. */
const PIXEL_CHUNKS = new Set(['PLTE', 'tRNS', 'IDAT', 'IEND'])

/** More pixels than any photo has. */
const MOST_PIXELS = 2 ** 28
/** Samples a pixel by colour type. */
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/** The most that DEFLATE unpacks a byte to. */
const MOST_EXPANSION = 1032
/**
 * Bytes above those of the pixels that a worker's memory can bear. Unpacking to count takes more than half of the time
 * of decoding, so only files that could exceed this are counted: most masks could not.
 */
const SLACK_BYTES = 128 * 2 ** 20
/** Packed bytes that are unpacked at a time: the result of one step cannot be limited before it is there. */
const STEP_BYTES = 2 ** 14

interface Chunk {
  type: string
  /** Offset of its length, and of what comes after its checksum. */
  start: number
  end: number
}

/**
 * The PNG reduced to the chunks that give its pixels.
 * @throws FileFault when it claims more pixels than a photo has, or unpacks to far more than the pixels it claims
 */
export function withinLimits(bytes: Uint8Array): Uint8Array {
  const chunks = chunksOf(bytes)
  const [header, ...rest] = chunks
  if (header?.type !== 'IHDR' || header.end > bytes.length) return bytes // No PNG: the decoder says so.
  const packed = rest.filter(({ type }) => type === 'IDAT').map((chunk) => dataOf(bytes, chunk))
  checkUnpacked(packed, claimedBytes(dataOf(bytes, header)) + SLACK_BYTES)
  const kept = [header, ...rest.filter(({ type }) => PIXEL_CHUNKS.has(type))]
  if (kept.length === chunks.length) return bytes
  return joined([bytes.subarray(0, SIGNATURE_BYTES), ...kept.map(({ start, end }) => bytes.subarray(start, end))])
}

function chunksOf(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks: Chunk[] = []
  for (let start = SIGNATURE_BYTES; start + CHUNK_BYTES <= bytes.length; ) {
    const type = String.fromCharCode(...bytes.subarray(start + 4, start + 8))
    const end = start + CHUNK_BYTES + view.getUint32(start)
    chunks.push({ type, start, end })
    start = end
  }
  return chunks
}

function dataOf(bytes: Uint8Array, { start, end }: Chunk): Uint8Array {
  return bytes.subarray(start + 8, end - 4)
}

/** Bytes of the pixels that the header claims, each row or interlaced row with its filter byte. */
function claimedBytes(header: Uint8Array): number {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  if (width * height > MOST_PIXELS) {
    throw new FileFault(`claims to be ${width} x ${height} pixels`, 'Save it at the size of its image.')
  }
  const pixelBits = header[8] * (CHANNELS[header[9]] ?? 1)
  return height * (Math.ceil((width * pixelBits) / 8) + 1)
}

function checkUnpacked(packed: readonly Uint8Array[], most: number): void {
  const packedBytes = packed.reduce((sum, { length }) => sum + length, 0)
  if (packedBytes * MOST_EXPANSION <= most) return
  let unpacked = 0
  const inflator = new Unzlib((part) => {
    unpacked += part.length
  })
  for (const data of packed) {
    for (let offset = 0; offset < data.length; offset += STEP_BYTES) {
      try {
        inflator.push(data.subarray(offset, offset + STEP_BYTES))
      } catch {
        return // Damaged: the decoder says so, and stops here too.
      }
      if (unpacked <= most) continue
      throw new FileFault('is a PNG file that unpacks to far more than its pixels', 'Export the file again.')
    }
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
