import { afterEach, expect, it, vi } from 'vitest'
import { openWorkers } from '../../../app/open-workers'
import { halved } from '../../../image/halved'
import { ImagePyramid } from './pyramid'

const { pyramid: worker } = openWorkers()

afterEach(() => vi.restoreAllMocks())

const bitmapOf = (width: number, height: number) => createImageBitmap(new ImageData(width, height))

it('gives the smallest copy that has a pixel for each of the screen', async () => {
  const bitmap = await bitmapOf(2050, 3)
  const pyramid = await ImagePyramid.build(worker, bitmap, new AbortController().signal)
  expect(pyramid.size).toEqual({ width: 2050, height: 3 })
  expect([1, 0.5, 0.3, 0.01].map((scale) => pyramid.at(scale).width)).toEqual([2050, 1025, 1025, 257])
  // It was taken over, not copied.
  expect(bitmap.width).toBe(0)
  pyramid.close()
  expect(pyramid.at(1).width).toBe(0)
})

it('shows the image, however small', async () => {
  const image = new ImageData(1024, 1024)
  new Uint32Array(image.data.buffer).fill(0xff0000ff, 0, 512 * 1024)
  new Uint32Array(image.data.buffer).fill(0xffff0000, 512 * 1024)
  const pyramid = await ImagePyramid.build(worker, await createImageBitmap(image), new AbortController().signal)
  const context = new OffscreenCanvas(512, 512).getContext('2d')
  if (!context) throw new Error('no canvas')
  context.drawImage(pyramid.at(0.5), 0, 0)
  expect([...context.getImageData(3, 200, 1, 1).data]).toEqual([255, 0, 0, 255])
  expect([...context.getImageData(3, 400, 1, 1).data]).toEqual([0, 0, 255, 255])
  pyramid.close()
})

it('ends as an abort when the image is taken off the table while it is copied, and frees the copies', async () => {
  const levels = [await bitmapOf(4000, 2000), await bitmapOf(2000, 1000)]
  const leaving = new AbortController()
  const copying = { halved: () => Promise.resolve(levels) }
  const built = ImagePyramid.build(copying, await bitmapOf(4000, 2000), leaving.signal)
  leaving.abort()
  await expect(built).rejects.toMatchObject({ name: 'AbortError' })
  expect(levels.map(({ width }) => width)).toEqual([0, 0])
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
  await expect(halved(bitmap)).rejects.toMatchObject({ code: 'out_of_memory' })
  expect([bitmap, ...made].map(({ width }) => width)).toEqual([0, 0])
})
