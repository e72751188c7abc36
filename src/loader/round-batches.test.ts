import { createHash } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import { defaultConfig } from '../cpral/presets'
import type { TrainingConfig } from '../domain/config'
import { IGNORE, type Labels, PROVENANCE } from '../domain/labels'
import type { Size } from '../domain/size'
import { randomStream } from '../math/random'
import type { BatchArrays } from './batch'
import { type RoundImages, roundBatches } from './round-batches'

const SIZE = { height: 180, width: 240 }
const WHOLE = 25
const IMAGES = 367
const WINDOW = 30

function rulesOf(training: Partial<TrainingConfig>, size: Size = SIZE) {
  const facts = { format: 'camvid', source: 'folder', trainImages: IMAGES, imageSize: size } as const
  return defaultConfig(facts, 'light', { seed: 5, size, training })
}

/** Bands of ten classes, and a thin class 10 on the left; all of the image, or three windows of it: 6 %. */
function labelsOf(order: number, { height, width }: Size): Labels {
  const random = randomStream(order, 'test-windows')
  const windows =
    order < WHOLE
      ? [{ x: 0, y: 0, side: Math.max(height, width) }]
      : [1, 2, 3].map(() => ({ x: random.below(width - WINDOW), y: random.below(height - WINDOW), side: WINDOW }))
  const provenance = new Uint8Array(height * width)
  for (const { x, y, side } of windows) {
    for (let r = y; r < Math.min(height, y + side); r++) {
      provenance.fill(PROVENANCE.oracle, r * width + x, r * width + Math.min(width, x + side))
    }
  }
  const classes = new Uint8Array(height * width).fill(IGNORE)
  for (let i = 0; i < classes.length; i++) {
    if (provenance[i] === PROVENANCE.none) continue
    classes[i] = i % width < 2 ? 10 : Math.floor((10 * Math.floor(i / width)) / height)
  }
  return { classes, provenance }
}

function poolOf(count: number, size: Size = SIZE, labels = labelsOf): RoundImages {
  const rgb = Uint8Array.from({ length: 3 * size.height * size.width }, (_, i) => (i * 31) % 256)
  const known = Array.from({ length: count }, (_, order) => labels(order, size))
  return {
    round: 2,
    imageIds: known.map((_, order) => `${order}`),
    sample: async (id) => ({ rgb, ...known[Number(id)] }),
    labels: async (id) => known[Number(id)],
  }
}

const SCALED: Partial<TrainingConfig> = { scaleLeast: 0.75, scaleMost: 1.25 }
const STUDIO: Partial<TrainingConfig> = { ...SCALED, drawFrom: 'labels' }

async function steps(training: Partial<TrainingConfig>, pool: RoundImages, count: number): Promise<BatchArrays[]> {
  const batch = roundBatches(rulesOf(training), pool)
  const batches: BatchArrays[] = []
  for (let step = 0; step < count; step++) batches.push(await batch(step))
  return batches
}

const pixelsOf = ({ labels }: BatchArrays) => labels.length
const meanShare = (batches: readonly BatchArrays[]) =>
  batches.reduce((sum, batch) => sum + batch.labelledPixels / pixelsOf(batch), 0) / batches.length

test('batches by labels hold several times the labels of images in turn', async () => {
  const pool = poolOf(IMAGES)
  const inTurn = meanShare(await steps(SCALED, pool, 6))
  const byLabels = meanShare(await steps(STUDIO, pool, 6))
  expect(inTurn).toBeGreaterThan(0.05)
  expect(inTurn).toBeLessThan(0.2)
  expect(byLabels / inTurn).toBeGreaterThan(2.5)
}, 120_000)

/** Equal for equal bytes. */
function printOf({ images, labels, weights, ...others }: BatchArrays): string {
  const hash = createHash('sha256')
  for (const array of [images, labels, weights]) hash.update(new Uint8Array(array.buffer))
  return hash.update(JSON.stringify(others)).digest('hex')
}

describe('a batch', () => {
  it('is the same again, whatever was asked before it', async () => {
    const pool = poolOf(40)
    const all: Partial<TrainingConfig> = { ...STUDIO, classWeightPower: 0.5 }
    const inOrder = await steps(all, pool, 4)
    expect(printOf(await roundBatches(rulesOf(all), pool)(3))).toBe(printOf(inOrder[3]))
    const { seed, ...others } = rulesOf(all)
    const elsewhere = await roundBatches({ seed: seed + 1, ...others }, pool)(3)
    expect(new Set([...inOrder, elsewhere].map(printOf)).size).toBe(5)
  })

  it('counts its labelled pixels and sums its weights', async () => {
    for (const batch of await steps({ ...STUDIO, classWeightPower: 1, classWeightCap: 3 }, poolOf(40), 3)) {
      const { labels, weights, weightSums, labelledPixels } = batch
      expect(labels.filter((label) => label !== IGNORE)).toHaveLength(labelledPixels)
      expect(weights.every((weight, i) => weight > 0 === (labels[i] !== IGNORE))).toBe(true)
      const pixels = labels.length / weightSums.length
      weightSums.forEach((sum, n) => {
        const want = weights.subarray(n * pixels, (n + 1) * pixels).reduce((total, weight) => total + weight, 0)
        expect(sum / want).toBeCloseTo(1, 5)
      })
    }
  })

  it('of parts of images is as large as they are, and shows as many labels', async () => {
    const [whole] = await steps(STUDIO, poolOf(40), 1)
    for (const batch of await steps({ drawFrom: 'labels', cropShare: 0.5 }, poolOf(40), 3)) {
      const pixels = 4 * 96 * 128
      expect([batch.labels.length, batch.weights.length, batch.images.length]).toEqual([pixels, pixels, 3 * pixels])
      expect(batch.labelledPixels / pixels).toBeGreaterThan(0.9 * (whole.labelledPixels / whole.labels.length))
      expect(batch.weightSums.every((sum) => sum > 0)).toBe(true)
    }
  })

  it('pads images without a single valid pixel, and draws them all the same', async () => {
    const empty = poolOf(3, SIZE, (_, { height, width }) => ({
      classes: new Uint8Array(height * width).fill(IGNORE),
      provenance: new Uint8Array(height * width).fill(PROVENANCE.oracle),
    }))
    const [batch] = await steps({ ...STUDIO, classWeightPower: 0.5 }, empty, 1)
    expect(batch.labelledPixels).toBe(0)
    expect(batch.weightSums).toEqual([0, 0, 0, 0])
    expect(batch.images.some((value) => value !== 0)).toBe(true)
  })

  it('of the paper is not touched by what it does not use', async () => {
    const [batch] = await steps({}, { ...poolOf(8), labels: () => Promise.reject(new Error('counted')) }, 1)
    expect(batch.labelledPixels).toBe(batch.labels.length)
  })
})
