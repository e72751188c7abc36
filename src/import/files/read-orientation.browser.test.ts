import { expect, test } from 'vitest'
import { exifSegment, jpegWith, pngChunk, pngWith, segment, tiff, webpWith } from '../../../tests/support/exif-files'
import { pixelsOf } from '../../../tests/support/test-files'
import { decodeUpright } from '../../image/image-file'
import { orientedSize } from '../../image/orientation'
import { readOrientation } from './read-orientation'

const SIZE = { width: 48, height: 32 }

/** Four quarters of different greys, so that every way to turn it looks different; 20, 90, 160, 230. */
async function quarters(type: string): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(SIZE.width, SIZE.height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  for (const [i, grey] of [20, 90, 160, 230].entries()) {
    context.fillStyle = `rgb(${grey} ${grey} ${grey})`
    context.fillRect(i % 2 ? 24 : 0, i < 2 ? 0 : 16, 24, 16)
  }
  return new Uint8Array(await (await canvas.convertToBlob({ type, quality: 1 })).arrayBuffer())
}

/** Orientation by which the browser showed the very file: the one whose quarters lie as TIFF 6.0 says of tag 274. */
async function shown(file: Uint8Array, type: string): Promise<number> {
  const bitmap = await decodeUpright(new Blob([new Uint8Array(file)], { type }))
  const { width, height } = bitmap
  const at = await pixelsOf(bitmap)
  const corners = [at(4, 4), at(width - 5, 4), at(4, height - 5), at(width - 5, height - 5)]
  const found = corners.map(([grey]) => Math.round((grey - 20) / 70)).join('')
  const byTag = { 1: '0123', 2: '1032', 3: '3210', 4: '2301', 5: '0213', 6: '2031', 7: '3120', 8: '1302' }
  const orientation = Number(Object.entries(byTag).find(([, places]) => places === found)?.[0])
  expect({ width, height }).toEqual(orientedSize(SIZE, orientation))
  return orientation
}

const twice = (a: number[], b: number[]) => [...exifSegment(a), ...exifSegment(b)]
const profile = [...segment(0xe2, new Array(65_000).fill(1)), ...segment(0xe2, new Array(9_000).fill(1))]
const DAMAGED = new Array(20).fill(7)

const JPEG: [string, number[], number][] = [
  ...Array.from({ length: 10 }, (_, i): [string, number[], number] => [
    `value ${i}`,
    exifSegment(tiff(i)),
    i > 0 && i < 9 ? i : 1,
  ]),
  ['little-endian', exifSegment(tiff(6, { isLittle: true })), 6],
  ['behind a profile of 74 kB', [...profile, ...exifSegment(tiff(8))], 8],
  [
    'behind XMP',
    [...segment(0xe1, [...new TextEncoder().encode('http://ns.adobe.com/xap/1.0/\0<x/>')]), ...exifSegment(tiff(7))],
    7,
  ],
  ['directory far from the start', exifSegment(tiff(5, { at: 300 })), 5],
  ['fill bytes before the segment', [0xff, 0xff, ...exifSegment(tiff(6))], 6],
  ['two blocks, 6 then 3', twice(tiff(6), tiff(3)), 6],
  ['two blocks, 1 then 6', twice(tiff(1), tiff(6)), 1],
  ['as LONG', exifSegment(tiff(6, { type: 4 })), 1],
  ['a damaged block before a whole one', twice(DAMAGED, tiff(6)), 1],
  ['directory outside of the block', exifSegment(tiff(6, { at: 3000, isLost: true })), 1],
  ['cut off', exifSegment(tiff(6).slice(0, 18)), 1],
  ['another tag', exifSegment(tiff(6, { tag: 0x100 })), 1],
]

test.each(JPEG)('JPEG, %s: as the browser shows it', async (_, segments, expected) => {
  const file = jpegWith(await quarters('image/jpeg'), segments)
  expect(await readOrientation(file)).toBe(await shown(file, 'image/jpeg'))
  expect(await readOrientation(file)).toBe(expected)
})

test('JPEG, behind the frame header or behind the image: as the browser shows it', async () => {
  const plain = await quarters('image/jpeg')
  const behindFrame = jpegWith(plain, exifSegment(tiff(6)), true)
  expect([await readOrientation(behindFrame), await shown(behindFrame, 'image/jpeg')]).toEqual([6, 6])
  const behindEnd = Uint8Array.of(...plain, ...exifSegment(tiff(6)))
  expect([await readOrientation(behindEnd), await shown(behindEnd, 'image/jpeg')]).toEqual([1, 1])
})

test.each([2, 3, 4, 5, 6, 7, 8])('PNG, orientation %i: as the browser shows it', async (orientation) => {
  const file = pngWith(await quarters('image/png'), pngChunk('eXIf', tiff(orientation, { isLittle: true })))
  expect([await readOrientation(file), await shown(file, 'image/png')]).toEqual([orientation, orientation])
})

test('PNG, behind the pixels, twice, or as LONG: as the browser shows it', async () => {
  const plain = await quarters('image/png')
  const chunk = (value: number, type = 3) => pngChunk('eXIf', tiff(value, { type }))
  const files = [
    pngWith(plain, chunk(6), true),
    pngWith(plain, [...chunk(8), ...chunk(3)]),
    pngWith(plain, chunk(6, 4)),
  ]
  files.push(pngWith(pngWith(plain, chunk(6)), chunk(3), true))
  for (const file of files) expect(await readOrientation(file)).toBe(await shown(file, 'image/png'))
})

test.each([2, 3, 4, 5, 6, 7, 8])(
  'WebP, orientation %i, with and without a prefix: as the browser shows it',
  async (orientation) => {
    const plain = await quarters('image/webp')
    for (const prefix of [[], [0x45, 0x78, 0x69, 0x66, 0, 0]]) {
      const file = webpWith(plain, SIZE, [...prefix, ...tiff(orientation)])
      expect(await readOrientation(file)).toBe(await shown(file, 'image/webp'))
    }
  },
)

test('a file cut off anywhere says nothing, or what it says', async () => {
  const jpeg = jpegWith(await quarters('image/jpeg'), exifSegment(tiff(6)))
  for (let length = 0; length < 60; length++) expect([1, 6]).toContain(await readOrientation(jpeg.subarray(0, length)))
})
