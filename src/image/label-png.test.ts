import { deflateSync } from 'node:zlib'
import { encode } from 'fast-png'
import { expect, test } from 'vitest'
import { decodeLabelPng, isGrey, loadClassIds, toClassIds } from './label-png'

/** A PNG put together by hand from the specification, so that the decoder is judged by something else than its encoder. */
function png(options: {
  width: number
  height: number
  depth: number
  colorType: number
  rows: number[][]
  palette?: number[][]
  interlace?: number
  before?: Buffer[]
}) {
  const { width, height, depth, colorType, rows, palette, interlace = 0, before = [] } = options
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, colorType, 0, 0, interlace], 8)
  const chunks = [chunk('IHDR', header), ...before]
  if (palette) chunks.push(chunk('PLTE', Buffer.from(palette.flat())))
  chunks.push(
    chunk('IDAT', deflateSync(Buffer.from(rows.flatMap((row) => [0, ...row])))),
    chunk('IEND', Buffer.alloc(0)),
  )
  return new Uint8Array(Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), ...chunks]))
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc(body), body.length + 4)
  return out
}

function crc(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (const byte of bytes) {
    c ^= byte
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
  }
  return (c ^ 0xffffffff) >>> 0
}

const PALETTE = [
  [0, 0, 0],
  [128, 0, 0],
  [0, 128, 0],
  [128, 128, 0],
]

test('a file that claims more pixels than a photo has is refused before it is unpacked', () => {
  const bomb = png({ width: 100_000, height: 100_000, depth: 8, colorType: 0, rows: [[0]] })
  expect(() => decodeLabelPng(bomb)).toThrow('claims to be 100000 x 100000 pixels')
})

test('a small file that unpacks to far more than its pixels is refused while it is unpacked', () => {
  const pixels = { width: 8, height: 8, depth: 8, colorType: 0, rows: [] }
  const bomb = png({ ...pixels, before: [chunk('IDAT', deflateSync(Buffer.alloc(192 * 2 ** 20)))] })
  expect(bomb.length).toBeLessThan(2 ** 18)
  expect(() => decodeLabelPng(bomb)).toThrow('unpacks to far more than its pixels')
})

test('a packed colour profile is not unpacked, nor does a second header count', () => {
  const profile = chunk('iCCP', Buffer.from('sRGB\0\0neither packed nor a profile', 'latin1'))
  const wide = chunk('IHDR', Buffer.from([0, 0, 0, 2, 0, 0, 0, 1, 8, 0, 0, 0, 0]))
  const bytes = png({ width: 3, height: 1, depth: 8, colorType: 0, rows: [[3, 1, 2]], before: [profile, wide] })
  expect([...(decodeLabelPng(bytes).values ?? [])]).toEqual([3, 1, 2])
})

test('interlaced masks of 8 and 16 bits are read exactly', () => {
  // Adam7: pixels of 3 x 3 by pass: the corner; none; none; (2, 0); (0, 2) and (2, 2); (1, 0) and (1, 2); the middle row.
  const passes = [[0], [2], [6, 8], [1], [7], [3, 4, 5]]
  const size = { width: 3, height: 3, colorType: 0, interlace: 1 }
  const bytes = png({ ...size, depth: 8, rows: passes })
  expect([...(decodeLabelPng(bytes).values ?? [])]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  const wide = png({ ...size, depth: 16, rows: passes.map((row) => row.flatMap((value) => [1, value])) })
  expect([...(decodeLabelPng(wide).values ?? [])]).toEqual([256, 257, 258, 259, 260, 261, 262, 263, 264])
})

test('grey 8-bit values come back exactly, every one of the 256', () => {
  const values = Array.from({ length: 256 }, (_, i) => i)
  const decoded = decodeLabelPng(png({ width: 256, height: 1, depth: 8, colorType: 0, rows: [values] }))
  expect([...(decoded.values ?? [])]).toEqual(values)
  expect(decoded.palette).toBeNull()
})

test('a palette PNG gives indices, not colours, and keeps its palette', () => {
  const decoded = decodeLabelPng(
    png({ width: 4, height: 1, depth: 8, colorType: 3, rows: [[3, 0, 2, 1]], palette: PALETTE }),
  )
  expect([...(decoded.values ?? [])]).toEqual([3, 0, 2, 1])
  expect(decoded.palette).toEqual(PALETTE)
  expect(decoded.colors).toBeNull()
})

test.each([
  [1, 0, [[0b10110000]], [1, 0, 1, 1, 0]],
  [2, 3, [[0b11100100, 0b01000000]], [3, 2, 1, 0, 1]],
  [4, 3, [[0x31, 0x20, 0x10]], [3, 1, 2, 0, 1]],
  [4, 0, [[0xfa, 0x50, 0x10]], [15, 10, 5, 0, 1]],
])('packed samples of %i bits, colour type %i, are unpacked without scaling', (depth, colorType, rows, expected) => {
  const decoded = decodeLabelPng(png({ width: 5, height: 1, depth, colorType, rows, palette: PALETTE }))
  expect([...(decoded.values ?? [])]).toEqual(expected)
})

test('packed rows start on whole bytes', () => {
  const decoded = decodeLabelPng(
    png({ width: 3, height: 2, depth: 2, colorType: 3, rows: [[0b11100100], [0b00011011]], palette: PALETTE }),
  )
  expect([...(decoded.values ?? [])]).toEqual([3, 2, 1, 0, 1, 2])
})

test('16-bit grey keeps values above 255 apart; as ids they are void', () => {
  const decoded = decodeLabelPng(png({ width: 3, height: 1, depth: 16, colorType: 0, rows: [[0, 7, 1, 7, 0, 0]] }))
  expect([...(decoded.values ?? [])]).toEqual([7, 263, 0])
  const table = Array.from({ length: 256 }, (_, i) => i)
  expect([...toClassIds(decoded, { kind: 'index', table })]).toEqual([7, 255, 0])
})

test('colours map by colour, others to void, from RGB, RGBA and palette alike', () => {
  const coding = {
    kind: 'color' as const,
    entries: [
      [128, 0, 0, 0],
      [0, 128, 0, 1],
    ] as [number, number, number, number][],
  }
  const rgb = png({ width: 3, height: 1, depth: 8, colorType: 2, rows: [[0, 128, 0, 128, 0, 0, 1, 2, 3]] })
  const rgba = png({ width: 3, height: 1, depth: 8, colorType: 6, rows: [[0, 128, 0, 0, 128, 0, 0, 255, 1, 2, 3, 9]] })
  const indexed = png({ width: 3, height: 1, depth: 8, colorType: 3, rows: [[2, 1, 3]], palette: PALETTE })
  for (const bytes of [rgb, rgba, indexed]) expect([...toClassIds(decodeLabelPng(bytes), coding)]).toEqual([1, 0, 255])
})

test('an index mask saved with three channels is read as indices; real colours are refused there', () => {
  const index = { kind: 'index' as const, table: Array.from({ length: 256 }, (_, i) => i) }
  const grey = decodeLabelPng(png({ width: 2, height: 1, depth: 8, colorType: 2, rows: [[7, 7, 7, 3, 3, 3]] }))
  expect(grey.colors && isGrey(grey.colors)).toBe(true)
  expect([...toClassIds(grey, index)]).toEqual([7, 3])
  const colored = decodeLabelPng(png({ width: 1, height: 1, depth: 8, colorType: 2, rows: [[7, 7, 8]] }))
  expect(() => toClassIds(colored, index)).toThrow('colour PNG')
})

test('cut off, damaged, other and interlaced packed files are refused with a reason', () => {
  const good = png({
    width: 40,
    height: 40,
    depth: 8,
    colorType: 0,
    rows: Array.from({ length: 40 }, (_, r) => Array.from({ length: 40 }, (_, c) => (r * c) % 7)),
  })
  expect(() => decodeLabelPng(good.subarray(0, good.length - 30))).toThrow('cut off or damaged')
  const flipped = good.slice()
  flipped[60] ^= 0x10
  expect(() => decodeLabelPng(flipped)).toThrow('cut off or damaged')
  expect(() => decodeLabelPng(new TextEncoder().encode('hello, world'))).toThrow('not a PNG')
  expect(() =>
    decodeLabelPng(png({ width: 1, height: 1, depth: 4, colorType: 0, rows: [[0x10]], interlace: 1 })),
  ).toThrow('interlaced')
})

test('stored ground truth is turned upright, then resized by nearest', async () => {
  // Stored 2 x 3 (height x width); orientation 6 shows it turned a quarter to the right: 3 x 2.
  const blob = new Blob([
    new Uint8Array(encode({ width: 3, height: 2, channels: 1, depth: 8, data: Uint8Array.of(0, 1, 2, 3, 4, 5) })),
  ])
  const coding = { kind: 'index' as const, table: Array.from({ length: 256 }, (_, i) => i) }
  const truth = { blob, coding, orientation: 6 }
  expect([...(await loadClassIds(truth, { height: 3, width: 2 }))]).toEqual([3, 0, 4, 1, 5, 2])
  expect([...(await loadClassIds(truth, { height: 3, width: 4 }))]).toEqual([3, 3, 0, 0, 4, 4, 1, 1, 5, 5, 2, 2])
})
