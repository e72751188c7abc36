import { afterEach, beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
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
