import { expect, test } from 'vitest'
import { type DatasetFacts, defaultConfig } from '../cpral/presets'
import { type ImageCandidates, regionCandidates, roundBudget, selectRegions } from '../cpral/region-selection'
import type { MethodName } from '../domain/config'
import type { Candidate } from '../domain/round'
import type { Size } from '../domain/size'
import { randomStream } from '../math/random'
import { plannedPixels } from './planned-pixels'

function configFor(format: DatasetFacts['format'], trainImages: number, method: MethodName) {
  const facts: DatasetFacts = { format, source: 'folder', trainImages, imageSize: { height: 100, width: 100 } }
  return defaultConfig(facts, 'paper', { selection: { method } })
}

interface Planned {
  method: MethodName
  /** One a round. */
  pixels: number[]
  pool: number
  percent: number
}

/** 512 * 1024 = 524288 pixels an image, 6400 regions of 128 * 128 a query. */
const CITYSCAPES = { pixels: [1, 2, 3, 4, 5].map((i) => i * 104857600), pool: 1559756800, percent: 33.6 }
/** 720 * 1280 = 921600 pixels an image, 22500 regions of 128 * 128 a query. */
const BDD100K = { pixels: [1, 2, 3, 4, 5, 6].map((i) => i * 368640000), pool: 6451200000, percent: 34.3 }
/** 360 * 480 = 172800 pixels an image, 1055 regions of 64 * 64 a query, which are 1280 pixels more than the budget. */
const CAMVID = { pixels: [4320000, 8641280, 12962560, 17283840, 21605120], pool: 63417600, percent: 34.1 }

test.each<[DatasetFacts['format'], number, Planned]>([
  ['cityscapes', 2975, { method: 'cpral', ...CITYSCAPES }],
  ['cityscapes', 2975, { method: 'random', ...CITYSCAPES }],
  ['bdd100k', 7000, { method: 'cpral', ...BDD100K }],
  ['bdd100k', 7000, { method: 'ta-vaal', ...BDD100K }],
  ['camvid', 367, { method: 'cpral', ...CAMVID }],
  ['camvid', 367, { method: 'entropy', ...CAMVID, pixels: [1, 2, 3, 4, 5].map((i) => i * 4320000) }],
])('%s with %i images is labelled as in the paper, to the pixel', (format, images, planned) => {
  const config = configFor(format, images, planned.method)
  expect(plannedPixels(config, images)).toEqual(planned.pixels)
  expect(images * config.size.height * config.size.width).toBe(planned.pool)
  expect(((100 * (planned.pixels.at(-1) as number)) / planned.pool).toFixed(1)).toBe(`${planned.percent}`)
})

/** As many windows as fit side by side, in any order of scores. */
function sideBySide(size: Size, side: number, key: number): Candidate[] {
  const random = randomStream(1, 'windows', key)
  const across = Math.floor(size.width / side)
  return Array.from({ length: Math.floor(size.height / side) * across }, (_, i) => ({
    x: (i % across) * side,
    y: Math.floor(i / across) * side,
    score: random.next(),
    newPixels: side * side,
  }))
}

test.each(['cityscapes', 'bdd100k', 'camvid'] as const)('the selection of %s spends what was planned', (format) => {
  const images = { cityscapes: 2975, bdd100k: 7000, camvid: 367 }[format]
  const config = configFor(format, images, 'cpral')
  const { selection, size } = config
  const subset = Array.from({ length: selection.panopticSize }, (_, order): ImageCandidates => {
    return { imageId: `${order}`, order, candidates: sideBySide(size, selection.regionSide, order) }
  })
  const { newPixels } = selectRegions(subset, roundBudget(selection, size), selection.regionSide)
  const [first, second] = plannedPixels(config, images)
  expect(newPixels).toBe(second - first)
})

test('regions that non-maximum suppression found are spent as planned', () => {
  const size = { height: 48, width: 64 }
  const subset = Array.from({ length: 6 }, (_, order) => {
    const random = randomStream(7, 'scores', order)
    const scores = Float32Array.from({ length: size.height * size.width }, () => random.next())
    return { imageId: `${order}`, order, candidates: regionCandidates(scores, null, size, 12) }
  })
  for (const budgetImages of [0.01, 0.04, 0.5, 1, 1.3]) {
    const config = configFor('camvid', 40, 'cpral')
    const selection = { ...config.selection, budgetImages, regionSide: 12, rounds: 2 }
    const [first, second] = plannedPixels({ selection, size }, 40)
    expect(selectRegions(subset, roundBudget(selection, size), 12).newPixels).toBe(second - first)
  }
})

test('nothing is planned beyond the pool', () => {
  const { selection } = configFor('camvid', 367, 'random')
  const size = { height: 10, width: 10 }
  const wanted = { ...selection, initialImages: 3, budgetImages: 2, rounds: 4 }
  expect(plannedPixels({ selection: wanted, size }, 6)).toEqual([300, 500, 600, 600])
})

test('a query that takes a few regions of each image may plan less than its budget', () => {
  const { selection, size } = configFor('camvid', 367, 'balanced-entropy')
  expect(plannedPixels({ selection, size }, 367)).toEqual(CAMVID.pixels)
  const [first, second] = plannedPixels({ selection: { ...selection, regionsPerImage: 1 }, size }, 367)
  expect(second - first).toBe((367 - 25) * 64 * 64)
})
