import { expect, test } from 'vitest'
import type { PairPreview } from '../domain/dataset'
import { AppError } from '../domain/errors'
import { PairViewer } from './pair-viewer.svelte'

/** A reader of pairs whose answers the test gives. */
function slowReader() {
  const asked: number[] = []
  const answers = new Map<number, { resolve: (pair: PairPreview) => void; reject: (error: Error) => void }>()
  const load = (index: number) => {
    asked.push(index)
    return new Promise<PairPreview>((resolve, reject) => answers.set(index, { resolve, reject }))
  }
  const pairOf = async (index: number): Promise<PairPreview> => {
    return {
      name: `image ${index}`,
      maskPath: null,
      image: await createImageBitmap(new ImageData(2, 1)),
      classIds: null,
    }
  }
  const answer = async (index: number) => {
    const pair = await pairOf(index)
    answers.get(index)?.resolve(pair)
    return pair
  }
  return { load, asked, answer, refuse: (index: number, error: Error) => answers.get(index)?.reject(error) }
}

/** A closed bitmap has no size. */
const isClosed = ({ image }: PairPreview) => image.width === 0

test('of images that are leafed through quickly only the last is read after the first, and only it is shown', async () => {
  const reader = slowReader()
  const viewer = new PairViewer(reader.load)
  const leafed = [0, 1, 2, 3].map((index) => viewer.show(index))
  const first = await reader.answer(0)
  await expect.poll(() => reader.asked).toEqual([0, 3])
  expect([viewer.pair, viewer.index, viewer.isLoading]).toEqual([null, 3, true])
  expect(isClosed(first)).toBe(true)
  const last = await reader.answer(3)
  await Promise.all(leafed)
  expect([viewer.pair, viewer.isLoading, isClosed(last)]).toEqual([last, false, false])
})

test('an image that is left is closed, and so is one that comes when nobody looks any more', async () => {
  const reader = slowReader()
  const viewer = new PairViewer(reader.load)
  const showing = viewer.show(0)
  const first = await reader.answer(0)
  await showing
  const next = viewer.show(1)
  expect(viewer.pair).toBe(first)
  viewer.close()
  expect(isClosed(first)).toBe(true)
  const late = await reader.answer(1)
  await next
  expect([viewer.pair, isClosed(late)]).toEqual([null, true])
})

test('an image that cannot be read says why, and the next one is shown', async () => {
  const reader = slowReader()
  const viewer = new PairViewer(reader.load)
  const showing = viewer.show(0)
  reader.refuse(0, new AppError('bad_file', '"a.png" is cut off.', 'Copy it again.'))
  await showing
  expect([viewer.error?.message, viewer.pair, viewer.isLoading]).toEqual(['"a.png" is cut off.', null, false])
  const next = viewer.show(1)
  const pair = await reader.answer(1)
  await next
  expect([viewer.error, viewer.pair]).toEqual([null, pair])
  viewer.close()
})
