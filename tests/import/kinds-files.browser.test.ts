/** More kinds of files: endings, folders of systems, deep images, encodings, orientations, archives. */

import { encode } from 'fast-png'
import { zipSync } from 'fflate'
import { beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../support/database'
import * as draw from '../support/draw-folder'
import { turned, turnedPng, turnedWebp } from '../support/exif'
import { everything, expectRight, expectRightOrSaid, imageOf, said, service, take } from '../support/take-folder'
import { pixelsOf as bitmapPixels } from '../support/test-files'
import { packedBy } from '../support/zip-method'

beforeEach(clearDatabase)

const labels = { masks: 'labels/p#.png' }
const twoPairs = () => draw.drawPairs([draw.bands(3), draw.bands(3)], undefined, labels)

test('JPEGs that end in .pjpeg and .pjp, and one without an ending, are images or named', async () => {
  const { files, truth } = await twoPairs()
  for (const name of ['q.pjpeg', 'r.pjp', 's']) {
    files[`images/${name}`] = await draw.photo(name.length)
    truth.masks[`images/${name}`] = null
  }
  const taken = await take(files, { keepsUnmasked: true })
  expectRightOrSaid(taken, truth)
  expectRight(taken, {
    masks: Object.fromEntries(
      Object.entries(truth.masks).filter(([path]) => path !== 'images/s' || imageOf(taken, path)),
    ),
  })
})

const NOT_READ = [
  'tga',
  'dng',
  'cr2',
  'nef',
  'dcm',
  'nii.gz',
  'jxl',
  'tif',
  'heic',
  'npy',
  'mat',
  '7z',
  'rar',
  'tar.gz',
  'z01',
  'psd',
  'mha',
]

test.each(NOT_READ)('a file of the kind .%s is named, and the rest is imported', async (ending) => {
  const { files, truth } = await twoPairs()
  const path = `images/other.${ending}`
  const taken = await take({ ...files, [path]: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) })
  expectRight(taken, truth)
  expect(said(taken, path), everything(taken)).toBe(true)
})

test.each(['heic', 'tif', 'jfif'])('a folder of .%s alone says what is in it', async (ending) => {
  const files: draw.Files = {}
  for (let i = 0; i < 3; i++) files[`trip/${i}.${ending}`] = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
  const taken = await take(files)
  expect(taken.images).toEqual([])
  expect(everything(taken)).toContain(`0.${ending}`)
})

const SYSTEM_FOLDERS = [
  '#recycle',
  '$RECYCLE.BIN',
  '@Recycle',
  'System Volume Information',
  'lost+found',
  '@Recently-Snapshot',
  '_thumbs',
  '.ipynb_checkpoints',
  '__MACOSX',
]

test.each(SYSTEM_FOLDERS)('what lies in a folder %s is no image of the set', async (folder) => {
  const { files, truth } = await twoPairs()
  for (let i = 0; i < 5; i++) files[`images/${folder}/old${i}.jpg`] = await draw.photo(i + 30)
  expectRight(await take(files), truth)
})

test('thumbnails of a NAS in a folder without masks are no images of it', async () => {
  const files: draw.Files = { 'p0.jpg': await draw.photo(0), 'p1.jpg': await draw.photo(1) }
  for (const name of Object.keys(files))
    files[`@eaDir/${name}/SYNOPHOTO_THUMB_M.jpg`] = await draw.photo(2, { height: 16, width: 24 })
  expectRight(await take(files), { masks: { 'p0.jpg': null, 'p1.jpg': null } })
})

/** Brightest and darkest of all channels of an image of the project. */
async function rangeOf(imageId: string): Promise<[number, number]> {
  const bitmap = await service.image({ imageId })
  const at = await bitmapPixels(bitmap)
  const values = Array.from({ length: 48 * 32 }, (_, i) => at(i % 48, Math.floor(i / 48)).slice(0, 3)).flat()
  return [Math.min(...values), Math.max(...values)]
}

test.each([
  ['thermal, grey, values 7000 to 9000', 1, 7000, 9000],
  ['RGB of 10 bits', 3, 0, 1023],
])('16-bit images are stretched to their range, and it is said: %s', async (_, channels, low, high) => {
  const { files, truth } = await draw.drawPairs([draw.bands(2), draw.bands(2)], undefined, {
    ...labels,
    images: 'images/p#.png',
  })
  for (let i = 0; i < 2; i++) {
    const data = Uint16Array.from({ length: 48 * 32 * channels }, (_, k) => low + ((k * 37 + i) % (high - low + 1)))
    files[`images/p${i}.png`] = encode({ ...draw.SMALL, channels, depth: 16, data })
  }
  const taken = await take(files)
  expectRight(taken, truth)
  expect(everything(taken)).toMatch(/16[- ]bits?/i)
  const [darkest, brightest] = await rangeOf(taken.images[0].id)
  expect(darkest).toBeLessThan(40)
  expect(brightest).toBeGreaterThan(215)
})

test('16-bit images that use their whole range stay as they are', async () => {
  const data = Uint16Array.from({ length: 48 * 32 }, (_, k) => (k * 257) % 65536)
  const files = { 'a.png': encode({ ...draw.SMALL, channels: 1, depth: 16, data }), 'b.jpg': await draw.photo(1) }
  const taken = await take(files)
  expectRight(taken, { masks: { 'a.png': null, 'b.jpg': null } })
  const [darkest, brightest] = await rangeOf(imageOf(taken, 'a.png')?.id ?? '')
  expect([darkest < 20, brightest > 235]).toEqual([true, true])
})

const utf16 = (text: string, isLittle: boolean) =>
  Uint8Array.from(
    [...text].flatMap((letter) => {
      const [high, low] = [letter.charCodeAt(0) >> 8, letter.charCodeAt(0) & 255]
      return isLittle ? [low, high] : [high, low]
    }),
  )

const ENCODED: Record<string, [bytes: Uint8Array, classes: string[]]> = {
  'Windows-1252': [
    Uint8Array.from('Stra\xdfe\r\nGr\xfcn\r\n\xd6l\r\n', (letter) => letter.charCodeAt(0)),
    ['Straße', 'Grün', 'Öl'],
  ],
  GBK: [
    Uint8Array.of(0xb5, 0xc0, 0xc2, 0xb7, 10, 0xcc, 0xec, 0xbf, 0xd5, 10, 0xca, 0xf7, 0xc4, 0xbe, 10),
    ['道路', '天空', '树木'],
  ],
  'UTF-16, the high byte first': [utf16('\uFEFFroad\r\ncar\r\ntree\r\n', false), ['road', 'car', 'tree']],
  'UTF-16 without a mark': [utf16('road\r\ncar\r\ntree\r\n', true), ['road', 'car', 'tree']],
  'UTF-8 with a mark': [new TextEncoder().encode('\uFEFFroad\ncar\ntree\n'), ['road', 'car', 'tree']],
}

test.each(Object.entries(ENCODED))(
  'a classes.txt is read in %s, or its encoding asked for',
  async (_, [bytes, classes]) => {
    const { files, truth } = await twoPairs()
    const taken = await take({ ...files, 'classes.txt': bytes })
    expect(taken.classes).toHaveLength(3)
    const isRead = classes.every((name, id) => taken.classes[id] === name)
    const isAsked = /encod|windows-1252|gbk|utf-/i.test(everything(taken))
    expect(isRead || isAsked, `${taken.classes.join()}\n${everything(taken)}`).toBe(true)
    expectRight(taken, truth)
  },
)

const TURNED = draw.raster({ height: 48, width: 32 }, (row) => Math.floor(row / 16))

test.each([
  ['PNG', 'png'],
  ['WebP', 'webp'],
])('image and mask are turned alike by the orientation at the end of a %s', async (_, ending) => {
  const { files } = await draw.drawPairs([draw.bands(3), draw.bands(3)], undefined, {
    ...labels,
    images: `images/p#.${ending}`,
  })
  const path = `images/p0.${ending}`
  const bytes = files[path] as Uint8Array
  files[path] = ending === 'png' ? turnedPng(bytes, 6) : turnedWebp(bytes, draw.SMALL, 6)
  const taken = await take(files)
  const isTurned = imageOf(taken, path)?.size.height === 48
  expectRight(taken, {
    masks: {
      [path]: { path: 'labels/p0.png', ids: isTurned ? TURNED : draw.bands(3) },
      [`images/p1.${ending}`]: { path: 'labels/p1.png', ids: draw.bands(3) },
    },
  })
})

test('a damaged orientation leaves image and mask as they lie', async () => {
  const { files, truth } = await twoPairs()
  const bytes = turned(files['images/p0.jpg'] as Uint8Array, 6)
  bytes.fill(0xee, 14, 30)
  expectRight(await take({ ...files, 'images/p0.jpg': bytes }), truth)
})

const METHODS: [number, RegExp][] = [
  [9, /deflate64/i],
  [14, /lzma/i],
  [93, /zstandard|zstd/i],
  [95, /xz/i],
  [98, /ppmd/i],
]

test.each(METHODS)('a zip of method %i is refused by the name of the method', async (method, name) => {
  const archive = packedBy(method, zipSync({ 'p0.jpg': await draw.photo(1) }, { level: 0 }))
  const file = new File([new Uint8Array(archive)], 'set.zip')
  await expect(
    service.unzip({ archive: file, keepsTop: false }, () => {}, new AbortController().signal),
  ).rejects.toMatchObject({
    code: 'bad_file',
    message: expect.stringMatching(name),
    remedy: expect.stringMatching(/deflate|pack/i),
  })
})
