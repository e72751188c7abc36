import { expect, it } from 'vitest'
import type { ClassPixels } from '../domain/class-pixels'
import { type Counted, survey } from './survey-truth'

const size = { height: 10, width: 10 }
const inputSize = { height: 5, width: 5 }

/** An image of 100 pixels, of which the input size takes 25. */
function image(id: string, pixels: number[] | null, atInputSize: ClassPixels, decoded: string[] = []): Counted {
  return {
    id,
    size,
    pixels,
    countAtInputSize: async () => {
      decoded.push(id)
      return atInputSize
    },
  }
}

async function* each(images: Counted[]) {
  yield* images
}

it('finds images without a pixel of a class, and those that lose their last one by nearest resize', async () => {
  const images = [
    image('void', [0, 0, 100], [0, 0, 25]),
    image('lost', [1, 1, 98], [0, 0, 25]),
    image('kept', [50, 50, 0], [12, 13, 0]),
  ]
  expect(await survey(each(images), inputSize)).toEqual({
    voidImages: ['void', 'lost'],
    lostAtInputSize: 1,
    classes: new Set([0, 1]),
  })
})

it('decodes masks that were never counted, and none whose counts say enough', async () => {
  const decoded: string[] = []
  const images = [
    image('first', [50, 50, 0], [12, 13, 0], decoded),
    image('sure', [38, 38, 24], [1, 0, 24], decoded),
    image('open', [37, 38, 25], [0, 0, 25], decoded),
    image('void', [0, 0, 100], [0, 0, 25], decoded),
    image('uncounted', null, [0, 0, 25], decoded),
  ]
  expect((await survey(each(images), inputSize)).voidImages).toEqual(['open', 'void', 'uncounted'])
  expect(decoded).toEqual(['first', 'open', 'uncounted'])
})

it('looks at every mask before it says that one class occurs', async () => {
  const single = [image('a', [100, 0, 0], [25, 0, 0]), image('b', [99, 1, 0], [25, 0, 0])]
  expect((await survey(each(single), inputSize)).classes).toEqual(new Set([0]))
  const second = image('c', [99, 1, 0], [24, 1, 0])
  expect((await survey(each([...single, second]), inputSize)).classes).toEqual(new Set([0, 1]))
})
