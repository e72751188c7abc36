import { encode } from 'fast-png'
import { expect, test } from 'vitest'
import { halves, mask, photo, pixelsOf, SIZE, sourceFiles } from '../../tests/support/test-files'
import { previewClass, previewFile, previewPair } from './preview'
import { scanFolder } from './scan-folder'

const signal = new AbortController().signal

/** Class 1 but for a square of class 0, whose upper left corner is at (x, y). */
function square(x: number, y: number, side: number, size: { width: number; height: number }): Uint8Array {
  const isIn = (at: number, start: number) => at >= start && at < start + side
  return mask(
    Array.from({ length: size.width * size.height }, (_, i) =>
      isIn(i % size.width, x) && isIn(Math.floor(i / size.width), y) ? 0 : 1,
    ),
    size,
  )
}

const WIDE = { width: 200, height: 120 }

async function planOf(contents: Record<string, Uint8Array | string>): Promise<string> {
  return (await scanFolder({ files: sourceFiles(contents) }, () => {}, signal)).plan
}

const twoMasks = async () => ({
  'images/a.png': await photo('image/png', WIDE),
  'images/b.png': await photo('image/png', WIDE, ['#ff0000', '#ff0000']),
  'labels/a.png': square(10, 10, 4, WIDE),
  'labels/b.png': square(120, 50, 20, WIDE),
  'classes.txt': 'sign\nstreet\nnowhere\n',
})

test('a pair comes with the class ids of its mask, at the size at which it is shown', async () => {
  const plan = await planOf(await twoMasks())
  const { name, maskPath, image, classIds } = await previewPair(plan, 1)
  expect([name, maskPath, image.width, image.height]).toEqual(['images/b', 'labels/b.png', 200, 120])
  const at = (x: number, y: number) => classIds?.[y * 200 + x]
  expect([at(119, 50), at(120, 50), at(139, 69), at(140, 69)]).toEqual([1, 0, 0, 1])
})

test('a class is shown where it is largest, with all else darkened', async () => {
  const plan = await planOf(await twoMasks())
  const picture = await previewClass(plan, 0)
  if (!picture) throw new Error('no picture')
  expect([picture.width, picture.height]).toEqual([128, 128])
  const at = await pixelsOf(picture)
  // Image b is red: a third of it is left outside of the square of 20 pixels in a picture of 64.
  expect(at(64, 64)).toEqual([255, 0, 0, 255])
  expect(at(5, 5)[0]).toBeLessThan(90)
  expect(at(64, 40)[0]).toBeLessThan(90)
})

test('a class that no mask holds has no picture', async () => {
  expect(await previewClass(await planOf(await twoMasks()), 2)).toBeNull()
})

test('a file is shown small; a mask of indices in colours that differ; a text not at all', async () => {
  const large = { width: 800, height: 400 }
  const plan = await planOf({
    'images/a.png': await photo('image/png', large),
    'labels/a.png': halves(large),
    'images/b.jpg': await photo('image/jpeg', SIZE),
    'labels/b.png': halves(),
    'classes.txt': 'left\nright\n',
  })
  const image = await previewFile(plan, 'images/a.png')
  expect([image?.width, image?.height]).toEqual([160, 80])
  const labels = await previewFile(plan, 'labels/a.png')
  if (!labels) throw new Error('no picture')
  const at = await pixelsOf(labels)
  expect(at(20, 20).slice(0, 3)).toEqual([0, 0, 0])
  expect(Math.max(...at(140, 20).slice(0, 3))).toBeGreaterThan(100)
  expect(await previewFile(plan, 'classes.txt')).toBeNull()
  expect(await previewFile(plan, 'images/none.png')).toBeNull()
})

test('a photo in grey stays as it is', async () => {
  const data = Uint8Array.from({ length: 256 * 4 }, (_, i) => i % 256)
  const plan = await planOf({ 'a.png': encode({ width: 256, height: 4, channels: 1, depth: 8, data }) })
  const picture = await previewFile(plan, 'a.png')
  if (!picture) throw new Error('no picture')
  const [red, green, blue] = (await pixelsOf(picture))(80, 1)
  expect([green, blue]).toEqual([red, red])
})

test('a plan that is gone says what to do', async () => {
  await expect(previewFile('gone', 'a.png')).rejects.toMatchObject({ code: 'not_found' })
})
