/** Files of kinds that a list of endings forgets, in folders as people have them. */
import { zipSync } from 'fflate'
import { beforeEach, expect, test } from 'vitest'
import { AppError } from '../../src/domain/errors'
import { clearDatabase } from '../support/database'
import * as draw from '../support/draw-folder'
import { turned } from '../support/exif'
import { everything, expectRight, imageOf, service, take } from '../support/take-folder'
import { pixelsOf as bitmapPixels } from '../support/test-files'
import { packedBy } from '../support/zip-method'

beforeEach(clearDatabase)

const halves = (count: number) => Array.from({ length: count }, () => draw.bands(2))

test('JPEGs that end in .jfif or .jpe are images', async () => {
  const { files, truth } = await draw.drawPairs(halves(1), undefined, { masks: 'labels/p#.png' })
  for (const [i, name] of ['b.jfif', 'c.JFIF', 'd.jpe'].entries()) {
    const path = `labels/${name[0]}.png`
    files[`images/${name}`] = await draw.photo(i + 5)
    files[path] = draw.grey(draw.bands(2))
    truth.masks[`images/${name}`] = { path, ids: draw.bands(2) }
  }
  expectRight(await take(files), truth)
})

test('thumbnails that a NAS keeps beside the images are left out like other files of the system', async () => {
  const { files, truth } = await draw.drawPairs(halves(3), undefined, { masks: 'labels/p#.png' })
  for (const [i, name] of ['M', 'XL'].entries()) {
    for (let p = 0; p < 3; p++) {
      const size = [
        { height: 16, width: 24 },
        { height: 26, width: 40 },
      ][i]
      files[`images/@eaDir/p${p}.jpg/SYNOPHOTO_THUMB_${name}.jpg`] = await draw.photo(p, size)
    }
  }
  const taken = await take(files)
  expectRight(taken, truth)
  expect(taken.report?.project.hasGroundTruth).toBe(true)
  expect(everything(taken)).not.toContain('SYNOPHOTO')
})

test('16-bit images of a 12-bit camera are stretched to their range, and it is said', async () => {
  const deep = (seed: number) => {
    const values = draw.raster(draw.SMALL, (row, column) => (row * 31 + column * 17 + seed) % 256)
    return draw.grey(
      Array.from(values, (value) => Math.round((value * 4095) / 255)),
      draw.SMALL,
      16,
    )
  }
  const { files, truth } = await draw.drawPairs(halves(2), undefined, {
    images: 'images/p#.png',
    masks: 'labels/p#.png',
  })
  for (let i = 0; i < 2; i++) files[`images/p${i}.png`] = deep(i)
  const taken = await take(files)
  expectRight(taken, truth)
  expect(everything(taken)).toMatch(/16[- ]bits?/i)
  const image = imageOf(taken, 'images/p0.png')
  if (!image) throw new Error('no image')
  const at = await bitmapPixels(await service.image({ imageId: image.id }))
  const brightest = Math.max(...Array.from({ length: 48 * 32 }, (_, i) => at(i % 48, Math.floor(i / 48))[0]))
  expect(brightest).toBeGreaterThan(200)
})

/** The text in UTF-16 as Windows writes it. */
function utf16(text: string): Uint8Array {
  return new Uint8Array(Uint16Array.from(`\uFEFF${text}`, (letter) => letter.charCodeAt(0)).buffer)
}

test('a classes.txt in UTF-16 is read', async () => {
  const thirds = [draw.bands(3), draw.bands(3)]
  const { files, truth } = await draw.drawPairs(thirds, undefined, { masks: 'labels/p#.png' })
  const taken = await take({ ...files, 'classes.txt': utf16('road\r\ncar\r\ntree\r\n') })
  expectRight(taken, { ...truth, classes: ['road', 'car', 'tree'] })
  expect(taken.classes).toEqual(['road', 'car', 'tree'])
})

test('where the orientation of an image stands behind a long profile, image and mask are turned alike', async () => {
  const { files } = await draw.drawPairs([draw.bands(3), draw.bands(3)], undefined, { masks: 'labels/p#.png' })
  files['images/p0.jpg'] = turned(files['images/p0.jpg'] as Uint8Array, 6, 66_000)
  const taken = await take(files)
  const image = imageOf(taken, 'images/p0.jpg')
  expect(image?.size).toEqual({ height: 48, width: 32 })
  // Columns from left to right became rows from top to bottom.
  const rows = draw.raster({ height: 48, width: 32 }, (row) => Math.floor(row / 16))
  expectRight(taken, {
    masks: {
      'images/p0.jpg': { path: 'labels/p0.png', ids: rows },
      'images/p1.jpg': { path: 'labels/p1.png', ids: draw.bands(3) },
    },
  })
})

test('a zip of another method is refused by the name of the method', async () => {
  const archive = packedBy(12, zipSync({ 'p0.jpg': await draw.photo(1) }, { level: 0 }))
  const file = new File([new Uint8Array(archive)], 'photos.zip')
  const refusal = await service
    .unzip({ archive: file, keepsTop: false }, () => {}, new AbortController().signal)
    .catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(AppError)
  const { message, remedy } = refusal as AppError
  expect(message).toMatch(/photos\.zip.*bzip2/i)
  expect(remedy).toMatch(/deflate/i)
})
