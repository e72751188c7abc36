import { afterEach, beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { exifSegment, jpegWith, pngChunk, pngWith, segment, tiff, webpWith } from '../../tests/support/exif-files'
import { halves, mask, photo, pixelsOf, SIZE, sourceFiles, withExifOrientation } from '../../tests/support/test-files'
import { dataService } from '../data/data-service'

const service = dataService()

beforeEach(clearDatabase)
afterEach(clearDatabase)

function importFiles(contents: Record<string, Uint8Array | string>) {
  return service.import({ name: 'Turned', files: sourceFiles(contents) }, () => {}, new AbortController().signal)
}

// Chromium itself decides how a rotated JPEG looks; the mask has to lie on it, whichever way it was drawn: on the stored pixels, as
// its size says, or upright, also where the sizes are equal.
test.each([2, 3, 5, 6, 7, 8])('EXIF orientation %i: image and mask upright alike', async (orientation) => {
  const stored = await photo('image/jpeg', SIZE, ['#ff0000', '#0000ff'])
  const upright = mask(
    Array.from({ length: SIZE.width * SIZE.height }, (_, i) => (i % SIZE.width < SIZE.width / 2 ? 1 : 0)),
    SIZE,
  )
  const { project, problems } = await importFiles({
    'images/turned.jpg': withExifOrientation(stored, orientation),
    'images/plain.jpg': stored,
    'labels/turned.png': orientation >= 5 ? halves() : upright,
    'labels/plain.png': halves(),
  })
  expect(problems).toEqual([])
  const images = await service.listImages({ projectId: project.id })
  const turned = images.find(({ name }) => name === 'images/turned')
  if (!turned) throw new Error('not imported')
  expect(turned.size).toEqual(orientation >= 5 ? { height: SIZE.width, width: SIZE.height } : SIZE)
  const bitmap = await service.image({ imageId: turned.id, size: turned.size })
  const at = await pixelsOf(bitmap)
  const truth = await service.groundTruth({ imageId: turned.id, size: turned.size })
  for (const [x, y] of [
    [2, 2],
    [turned.size.width - 3, 2],
    [2, turned.size.height - 3],
  ]) {
    const isRed = at(x, y)[0] > 128
    expect(truth?.[y * turned.size.width + x]).toBe(isRed ? 0 : 1)
  }
})

test('a mask drawn on the upright view of a rotated photo is left as it is', async () => {
  const stored = await photo('image/jpeg', SIZE)
  const upright = { width: SIZE.height, height: SIZE.width }
  const { project, problems } = await importFiles({
    'images/turned.jpg': withExifOrientation(stored, 6),
    'labels/turned.png': mask(
      Array.from({ length: 640 }, (_, i) => (i < 320 ? 1 : 0)),
      upright,
    ),
  })
  expect(problems).toEqual([])
  const [image] = await service.listImages({ projectId: project.id })
  const truth = await service.groundTruth({ imageId: image.id, size: { height: 2, width: 1 } })
  expect([...(truth ?? [])]).toEqual([1, 0])
})

/** The profile that makes EXIF late in the file. */
const PROFILE = [...segment(0xe2, new Array(65_000).fill(1)), ...segment(0xe2, new Array(9_000).fill(1))]

// A mask of the stored pixels lies on its image, whether the browser heeds the EXIF or not.
test.each<[string, string, (plain: Uint8Array) => Uint8Array]>([
  ['behind a large profile', 'jpg', (plain) => jpegWith(plain, [...PROFILE, ...exifSegment(tiff(6))])],
  ['behind the frame header', 'jpg', (plain) => jpegWith(plain, exifSegment(tiff(8)), true)],
  ['twice, and not the same', 'jpg', (plain) => jpegWith(plain, [...exifSegment(tiff(6)), ...exifSegment(tiff(8))])],
  ['damaged', 'jpg', (plain) => jpegWith(plain, exifSegment(tiff(6, { at: 900, isLost: true })))],
  ['as LONG', 'jpg', (plain) => jpegWith(plain, exifSegment(tiff(6, { type: 4 })))],
  ['in a PNG', 'png', (plain) => pngWith(plain, pngChunk('eXIf', tiff(8)))],
  ['behind the pixels of a PNG', 'png', (plain) => pngWith(plain, pngChunk('eXIf', tiff(6)), true)],
  ['in a WebP', 'webp', (plain) => webpWith(plain, SIZE, tiff(6))],
])('EXIF %s: a mask of the stored pixels is turned as its image is', async (_, ending, change) => {
  const type = `image/${ending === 'jpg' ? 'jpeg' : ending}` as 'image/jpeg' | 'image/png' | 'image/webp'
  const file = change(await photo(type, SIZE, ['#ff0000', '#0000ff']))
  const { project, problems } = await importFiles({ [`images/a.${ending}`]: file, 'labels/a.png': halves() })
  expect(problems).toEqual([])
  const [image] = await service.listImages({ projectId: project.id })
  const at = await pixelsOf(await service.image({ imageId: image.id, size: image.size }))
  const truth = await service.groundTruth({ imageId: image.id, size: image.size })
  for (const [x, y] of [
    [2, 2],
    [image.size.width - 3, 2],
    [2, image.size.height - 3],
  ]) {
    expect(truth?.[y * image.size.width + x]).toBe(at(x, y)[0] > 128 ? 0 : 1)
  }
})
