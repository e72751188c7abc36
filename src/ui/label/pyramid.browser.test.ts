import { afterEach, expect, it, vi } from 'vitest'
import { ImagePyramid } from './pyramid'

afterEach(() => vi.restoreAllMocks())

const bitmapOf = (width: number, height: number) => createImageBitmap(new ImageData(width, height))

it('gives the smallest copy that has a pixel for each of the screen', async () => {
  const pyramid = await ImagePyramid.build(await bitmapOf(2050, 3), new AbortController().signal)
  expect([1, 0.5, 0.3, 0.01].map((scale) => pyramid.at(scale).width)).toEqual([2050, 1025, 1025, 257])
  pyramid.close()
})

it('ends as an abort when the image is taken off the table while it is copied', async () => {
  const bitmap = await bitmapOf(4000, 2000)
  const leaving = new AbortController()
  const built = ImagePyramid.build(bitmap, leaving.signal)
  leaving.abort()
  bitmap.close()
  await expect(built).rejects.toMatchObject({ name: 'AbortError' })
})

it('says that there is no memory, and frees what it had', async () => {
  const bitmap = await bitmapOf(2000, 2000)
  const create = globalThis.createImageBitmap
  const made: ImageBitmap[] = []
  vi.spyOn(globalThis, 'createImageBitmap').mockImplementation(async (source) => {
    if (made.length === 1) throw new DOMException('The source image could not be decoded.', 'InvalidStateError')
    made.push(await create(source))
    return made[0]
  })
  await expect(ImagePyramid.build(bitmap, new AbortController().signal)).rejects.toMatchObject({
    code: 'out_of_memory',
  })
  expect([bitmap, ...made].map(({ width }) => width)).toEqual([0, 0])
})
