import { beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../../../tests/support/database'
import { defaultConfig, factsOf } from '../../cpral/presets'
import { dataService } from '../../data/data-service'
import type { RoundRecord } from '../../domain/round'
import type { Size } from '../../domain/size'
import { decodeLabelPng } from '../../image/label-png'
import type { Database } from '../../storage/database'
import { LONGEST_SIDE, runPictures } from './run-pictures'

const data = dataService()
let db: Database

beforeEach(async () => {
  db = await clearDatabase()
})

async function bytesOf(url: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(url)).arrayBuffer())
}

/** A finished run whose round 2 keeps predictions of the first `kept` validation images. */
async function storeRun(size: Size, kept: number, predictionOf: (pixel: number) => number) {
  const request = { images: 2, validationImages: 6, seed: 3 }
  const project = await data.createDemo(request, () => {}, new AbortController().signal)
  const config = defaultConfig(factsOf(project, { height: 128, width: 256 }), 'tiny', { size })
  const facts = { id: 'r', projectId: project.id, createdAt: 1, config, status: 'done' as const, round: 2 }
  await db.put('runs', { ...facts, stage: 'train', engine: null, failure: null })
  for (const [index, isComplete] of [
    [1, true],
    [2, true],
    [3, false],
  ] as const) {
    await db.put('rounds', { runId: 'r', index, isComplete } as RoundRecord)
  }
  const images = (await data.listImages({ projectId: project.id })).filter(({ split }) => split === 'val')
  for (const { id } of images.slice(0, kept)) {
    const prediction = Uint8Array.from({ length: config.size.height * config.size.width }, (_, i) => predictionOf(i))
    await db.put('layers', {
      runId: 'r',
      round: 2,
      imageId: id,
      size: config.size,
      prediction,
      entropy: null,
      attention: null,
    })
  }
  return { project, config, names: images.map(({ name }) => name) }
}

test('pictures hold the exact class ids of the last complete round, and the image', async () => {
  const { project, config, names } = await storeRun({ height: 32, width: 64 }, 2, (i) => (i === 5 ? 255 : i % 3))
  const pictures = await runPictures(data, 'r')
  expect(pictures.classes).toEqual(project.classes)
  expect(pictures.size).toEqual(config.size)
  expect(pictures.images.map(({ name }) => name)).toEqual(names.slice(0, 2))
  const [first] = pictures.images
  const { size, values } = decodeLabelPng(await bytesOf(first?.prediction ?? ''))
  expect(size).toEqual(config.size)
  expect([...(values ?? [])].slice(0, 8)).toEqual([0, 1, 2, 0, 1, 255, 0, 1])
  const images = await data.listImages({ projectId: project.id })
  const imageId = images.find(({ name }) => name === names[0])?.id ?? ''
  expect(decodeLabelPng(await bytesOf(first?.truth ?? '')).values).toEqual(
    await data.groundTruth({ imageId, size: config.size }),
  )
  expect((await createImageBitmap(new Blob([new Uint8Array(await bytesOf(first?.image ?? ''))]))).width).toBe(64)
})

test('large and restless pictures stay small as a file', async () => {
  let state = 1
  const noise = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 16) % 19
  }
  await storeRun({ height: 512, width: 1024 }, 6, noise)
  const pictures = await runPictures(data, 'r')
  expect(pictures.size).toEqual({ height: LONGEST_SIDE / 2, width: LONGEST_SIDE })
  expect(pictures.images.length).toBeGreaterThan(0)
  expect(JSON.stringify(pictures).length).toBeLessThan(200_000)
})

test('a run that is not there is a sentence', async () => {
  await expect(runPictures(data, 'nothing')).rejects.toThrow('There is no run nothing in this browser.')
})
