import { expect, test } from 'vitest'
import type { ImageSummary } from '../domain/project'
import type { DataApi } from '../rpc/contract'
import { ComparedImages } from './compared-images.svelte'
import type { RunRounds } from './comparison'

const IMAGES = new Map(
  ['a', 'v', 'b'].map((id) => [id, { id, name: id, split: id === 'v' ? 'val' : 'train' } as ImageSummary]),
)
/** run/round -> images with maps. */
const MAPS: Record<string, string[]> = { 'r/1': ['a', 'v'], 'r/2': ['v'], 's/1': ['b'] }

function runOf(id: string, side: number, rounds: number): RunRounds {
  const region = { imageId: 'a', x: 4, y: 2, width: 8, height: 8, score: 1 }
  const records = Array.from({ length: rounds }, (_, i) => ({ index: i + 1, regions: i === 0 ? [region] : [] }))
  return { run: { id, config: { size: { height: side, width: side } } }, rounds: records } as unknown as RunRounds
}

async function open(runs: RunRounds[]) {
  const bitmaps: ImageBitmap[] = []
  const data: Partial<DataApi> = {
    layerImages: async ({ runId, round }) => MAPS[`${runId}/${round}`] ?? [],
    layers: async ({ runId, round, imageId }) =>
      MAPS[`${runId}/${round}`]?.includes(imageId) ? ({ runId, round } as never) : null,
    groundTruth: async () => null,
    image: async () => {
      const bitmap = await createImageBitmap(new ImageData(2, 2))
      bitmaps.push(bitmap)
      return bitmap
    },
  }
  const images = new ComparedImages(data as DataApi)
  await images.show(runs, IMAGES)
  return { images, bitmaps }
}

const shown = ({ content, offered, round }: ComparedImages) => ({
  offered: offered.map(({ id }) => id),
  place: [content?.image.id, round],
  maps: content?.pictures.map(({ layers, hasRound }) => [layers !== null, hasRound]),
})

test('it begins in the last round that all have, with a validation image, and offers what any of them looked at', async () => {
  const { images } = await open([runOf('r', 32, 2), runOf('s', 64, 1)])
  expect(images.rounds).toEqual([1, 2])
  expect(shown(images)).toEqual({
    offered: ['a', 'v', 'b'],
    place: ['v', 1],
    maps: [
      [true, true],
      [false, true],
    ],
  })
  await images.step(1)
  expect(shown(images).place).toEqual(['b', 1])
  await images.chooseRound(2)
  expect(shown(images)).toEqual({
    offered: ['v'],
    place: ['v', 2],
    maps: [
      [true, true],
      [false, false],
    ],
  })
})

test('regions are in the pixels of the first run, and bitmaps that are not shown any more are closed', async () => {
  const { images, bitmaps } = await open([runOf('r', 32, 1), runOf('s', 64, 1)])
  await images.chooseImage('a')
  expect(images.content?.pictures.map(({ regions }) => regions[0])).toEqual([
    { imageId: 'a', x: 4, y: 2, width: 8, height: 8, score: 1 },
    { imageId: 'a', x: 2, y: 1, width: 4, height: 4, score: 1 },
  ])
  // Runs are added and taken away: image and round stay.
  await images.show([runOf('r', 32, 1)], IMAGES)
  expect(shown(images).place).toEqual(['a', 1])
  images.close()
  // A closed bitmap has no width.
  expect(bitmaps.map(({ width }) => width)).toEqual([0, 0, 0])
})

test('runs without rounds have nothing to show', async () => {
  const { images } = await open([runOf('q', 32, 0)])
  expect(shown(images)).toEqual({ offered: [], place: [undefined, null], maps: undefined })
  expect(images.loading.error).toBeNull()
})
