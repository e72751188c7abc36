/** Judges the loop's bookkeeping on a run in memory; what a network learns is judged elsewhere. */
import { describe, expect, it } from 'vitest'
import type { CpralConfig } from '../src/domain/config'
import { countLabelled, PROVENANCE } from '../src/domain/labels'
import { type QueryRecord, type RoundRecord, regionsByImage } from '../src/domain/round'
import {
  CLASSES,
  configOf,
  emptyDisk,
  execute,
  finishedRun,
  images,
  labelledPixels,
  orderOf,
  outcome,
  PIXELS,
  roundsOf,
  SIZE,
  storeOn,
  TRAIN_IMAGES,
  truthOf,
} from './support/memory-run'

const POOL_METHODS = ['balanced-entropy', 'balanced-margin', 'stratified-entropy'] as const

describe('share labelled', () => {
  it.each(['cpral', 'cpral-without-attention', 'random-r', 'entropy-r'] as const)(
    '%s: two image areas a round, to the pixel',
    async (method) => {
      // 2 * 32 * 48 / 8^2 = 48 regions, a whole number.
      expect(labelledPixels(await finishedRun(method))).toEqual([2, 4, 6, 8].map((areas) => areas * PIXELS))
    },
  )

  it.each(['random', 'rating', 'margin', 'core-set', 'mc-dropout'] as const)(
    '%s: two whole images a round',
    async (method) => {
      const disk = await finishedRun(method)
      expect(labelledPixels(disk)).toEqual([2, 4, 6, 8].map((areas) => areas * PIXELS))
      expect(roundsOf(disk).map(({ trainImages }) => trainImages.length)).toEqual([2, 4, 6, 8])
    },
  )

  it.each(['random-regions', 'region-only', 'class-aware-regions', ...POOL_METHODS] as const)(
    '%s: within half a region, from partly labelled images too',
    async (method) => {
      const disk = await finishedRun(method)
      const pixels = labelledPixels(disk)
      for (let i = 1; i < pixels.length; i++) {
        const added = (pixels[i] as number) - (pixels[i - 1] as number)
        expect(Math.abs(added - 2 * PIXELS)).toBeLessThanOrEqual(8 * 8)
      }
    },
  )
})

it.each(['region-only', 'random-regions', 'class-aware-regions', ...POOL_METHODS] as const)(
  '%s asks of no image that is wholly labelled',
  async (method) => {
    const disk = emptyDisk(configOf(method))
    const store = storeOn(disk, () => {})
    const asked: string[] = []
    const commitQuery = async (query: QueryRecord) => {
      const labels = disk.labels.get(query.imageId)
      if (labels && countLabelled(labels.provenance) === PIXELS) asked.push(query.imageId)
      await store.commitQuery(query)
    }
    await execute(disk, () => {}, { ...store, commitQuery })
    expect(asked).toEqual([])
    // The two images of the initial pool.
    expect(roundsOf(disk)[0].subset).toHaveLength(TRAIN_IMAGES - 2)
  },
)

describe('what there was to choose from', () => {
  it('is counted: candidates of the subset, and those that the budget took', async () => {
    const disk = await finishedRun('cpral')
    for (const { index, candidates, regions, subset } of roundsOf(disk)) {
      if (index === 4) {
        expect(candidates).toBeUndefined()
        continue
      }
      const ids = new Set(subset.map(({ imageId }) => imageId))
      const queries = [...disk.queries.values()].filter(({ round, imageId }) => round === index && ids.has(imageId))
      const found = queries.reduce((sum, query) => sum + (query.candidates?.length ?? 0), 0)
      expect(candidates).toEqual({ found, taken: regions.length })
      expect(found).toBeGreaterThan(regions.length)
    }
  })

  it.each(['cpral', 'random'] as const)(
    '%s: a budget that cannot be spent is noted where it happens',
    async (method) => {
      const config = configOf(method)
      // 20 images, 2 of them initial: after two rounds of 8 areas there is nothing left.
      const selection = { ...config.selection, panopticSize: 9, budgetImages: 8 }
      const disk = emptyDisk({ ...config, selection })
      await execute(disk)
      const rounds = roundsOf(disk)
      const budget = 8 * PIXELS
      rounds.slice(0, -1).forEach(({ labelledPixels, unspentPixels = 0 }, i) => {
        const added = (rounds[i + 1] as RoundRecord).labelledPixels - labelledPixels
        expect(unspentPixels).toBe(budget - added)
      })
      expect(rounds[2].unspentPixels).toBeGreaterThan(0)
      expect(rounds[3].unspentPixels).toBeUndefined()
      const spent = roundsOf(await finishedRun(method))
      expect(spent.map(({ unspentPixels }) => unspentPixels)).toEqual([undefined, undefined, undefined, undefined])
    },
  )
})

it('leaves rounds unmeasured where no validation pixel has a class', async () => {
  const disk = emptyDisk(configOf('random'))
  const store = storeOn(disk, () => {})
  const truth = async (id: string) => (id.startsWith('val') ? new Uint8Array(PIXELS).fill(255) : store.groundTruth(id))
  await execute(disk, () => {}, { ...store, groundTruth: truth })
  expect(roundsOf(disk).map(({ evaluation }) => evaluation)).toEqual([null, null, null, null])
  const measured = roundsOf(await finishedRun('random'))
  for (const { evaluation } of measured) expect(evaluation?.mIoU).toBeGreaterThan(0)
})

describe('a round of CPRAL', () => {
  it('takes regions from the highest rated images of U only, and they do not overlap', async () => {
    const disk = await finishedRun('cpral')
    for (const { subset, regions, trainImages, isComplete, index } of roundsOf(disk)) {
      expect(isComplete).toBe(true)
      if (index === 4) {
        expect([subset, regions]).toEqual([[], []])
        continue
      }
      expect(subset).toHaveLength(5)
      expect(subset.map(({ score }) => score)).toEqual(subset.map(({ score }) => score).sort((a, b) => b - a))
      const subsetIds = new Set(subset.map(({ imageId }) => imageId))
      for (const { imageId } of regions) expect(subsetIds.has(imageId) && !trainImages.includes(imageId)).toBe(true)
      const covered = new Set(
        regions.flatMap(({ imageId, x, y }) =>
          Array.from({ length: 64 }, (_, i) => `${imageId} ${x + (i % 8)} ${y + (i >> 3)}`),
        ),
      )
      expect(covered.size).toBe(regions.length * 64)
    }
  })

  it('labels with the ground truth, extends with provenance, and leaves U alone', async () => {
    const disk = await finishedRun('cpral')
    let extended = 0
    for (const { imageId, classes, provenance } of disk.labels.values()) {
      const truth = truthOf(orderOf(imageId))
      for (let i = 0; i < PIXELS; i++) {
        if (provenance[i] === PROVENANCE.oracle) expect(classes[i]).toBe(truth[i])
        if (provenance[i] === PROVENANCE.none) expect(classes[i]).toBe(255)
        if (provenance[i] === PROVENANCE.extended) extended++
      }
    }
    const added = roundsOf(disk).reduce((total, { extension }) => total + (extension?.addedPixels ?? 0), 0)
    expect(extended).toBeGreaterThan(0)
    expect(added).toBe(extended)
  })
})

describe.each(POOL_METHODS)('a round of %s', (method) => {
  it('takes a few regions that do not overlap from each of many images, and says why', async () => {
    const disk = await finishedRun(method)
    for (const { index, subset, regions, candidates } of roundsOf(disk).slice(0, -1)) {
      const byImage = regionsByImage(regions)
      expect(byImage.size).toBeGreaterThan(10)
      for (const ofImage of byImage.values()) expect(ofImage.length).toBeLessThanOrEqual(4)
      const covered = new Set(
        regions.flatMap(({ imageId, x, y }) =>
          Array.from({ length: 64 }, (_, i) => `${imageId} ${x + (i % 8)} ${y + (i >> 3)}`),
        ),
      )
      expect(covered.size, `round ${index}`).toBe(regions.length * 64)
      for (const { score, because } of regions) {
        expect(score).toBeGreaterThan(0)
        const [first, second] = because?.between ?? []
        expect(first !== second && [first, second].every((id) => id !== undefined && id < CLASSES)).toBe(true)
      }
      expect(candidates?.taken).toBe(regions.length)
      expect(candidates?.found).toBeGreaterThan(2 * regions.length)
      expect(subset.length).toBeGreaterThan(14)
    }
  })

  it('goes back to images that it has asked about', async () => {
    const [first, second] = roundsOf(await finishedRun(method)).map(({ regions }) => regionsByImage(regions))
    expect([...second.keys()].some((imageId) => first.has(imageId))).toBe(true)
  })

  it('keeps the scores until the regions are chosen, and the maps', async () => {
    const disk = emptyDisk(configOf(method))
    const life = execute(disk, () => {
      if (disk.run.round === 2 && disk.run.stage === 'select') throw new Error('killed')
    })
    await expect(life).rejects.toThrow('killed')
    const scored = [...disk.queries.values()]
    expect(scored.length).toBeGreaterThan(14)
    for (const { round, classScores, candidates } of scored) {
      expect(round).toBe(2)
      expect(candidates).toBeNull()
      // Windows of side 8 at every second pixel of 32 x 48.
      expect(classScores?.masses).toHaveLength(13 * 21 * CLASSES)
    }
    await execute(disk)
    expect(disk.queries.size).toBe(0)
    for (const imageId of disk.rounds.get(1)?.subset.map((image) => image.imageId) ?? []) {
      expect(disk.layers.get(`1/${imageId}`)?.entropy?.max).toBeGreaterThan(0)
      expect(disk.layers.get(`1/${imageId}`)?.attention?.max).toBeGreaterThan(0)
    }
  })

  it('same seed, same regions; fewer for an image when less are wanted', async () => {
    const regionsOf = async (change: Partial<CpralConfig['selection']>) => {
      const config = configOf(method)
      const disk = emptyDisk({ ...config, selection: { ...config.selection, rounds: 2, ...change } })
      await execute(disk)
      return roundsOf(disk)[0]?.regions ?? []
    }
    expect(await regionsOf({})).toEqual(await regionsOf({}))
    const one = await regionsOf({ regionsPerImage: 1 })
    expect(Math.max(...[...regionsByImage(one).values()].map(({ length }) => length))).toBe(1)
  })
})

it('labels spread where the run says so, from regions of images that came before too', async () => {
  const spread = async (method: 'cpral' | 'balanced-entropy', spreads: boolean) => {
    const config = configOf(method)
    const disk = emptyDisk({ ...config, extension: { ...config.extension, spreads } })
    await execute(disk)
    const isExtended = [...disk.labels.values()].some(({ provenance }) => provenance.includes(PROVENANCE.extended))
    return [isExtended, roundsOf(disk).map(({ extension }) => (extension?.addedPixels ?? 0) > 0)]
  }
  expect(await spread('balanced-entropy', true)).toEqual([true, [true, true, true, false]])
  expect(await spread('cpral', false)).toEqual([false, [false, false, false, false]])
})

it('the rating moves the choice of balanced-entropy, and only its', async () => {
  const choose = async (method: (typeof POOL_METHODS)[number], ratingPrior: number) => {
    const config = configOf(method)
    const disk = emptyDisk({ ...config, selection: { ...config.selection, rounds: 2, ratingPrior } })
    await execute(disk)
    return JSON.stringify(roundsOf(disk)[0]?.regions)
  }
  expect(await choose('balanced-entropy', 2)).not.toBe(await choose('balanced-entropy', 0))
  for (const method of ['balanced-margin', 'stratified-entropy'] as const) {
    expect(await choose(method, 2)).toBe(await choose(method, 0))
  }
})

describe('class shares bought', () => {
  it.each(['cpral', 'random-regions', 'region-only', 'random', ...POOL_METHODS] as const)(
    '%s: every pixel counts once, in the round that labelled it',
    async (method) => {
      const disk = await finishedRun(method)
      const isBought = new Map(images('train', TRAIN_IMAGES).map(({ id }) => [id, new Uint8Array(PIXELS)]))
      for (const imageId of roundsOf(disk)[0].trainImages) isBought.get(imageId)?.fill(1)
      for (const { regions, selectedClassPixels, index } of roundsOf(disk)) {
        const expected = new Array<number>(CLASSES).fill(0)
        for (const { imageId, x, y, width, height } of regions) {
          const bought = isBought.get(imageId) ?? new Uint8Array()
          for (let i = 0; i < width * height; i++) {
            const at = (y + Math.floor(i / width)) * SIZE.width + x + (i % width)
            const id = truthOf(orderOf(imageId))[at]
            if (bought[at] === 0 && id !== 255) expected[id]++
            bought[at] = 1
          }
        }
        expect(selectedClassPixels, `round ${index}`).toEqual(index === 4 ? [] : expected)
      }
    },
  )
})

describe('a killed run', () => {
  it('ends as if nothing had happened, wherever it was killed', async () => {
    const whole = emptyDisk(configOf('cpral'))
    let writes = 0
    await execute(whole, () => writes++)
    expect(writes).toBeGreaterThan(100)
    const disk = emptyDisk(configOf('cpral'))
    let kills = 0
    while (disk.run.status !== 'done') {
      // Each life lasts a few writes longer than what it may have to repeat, and ends at another place.
      let left = 9 + ((kills * 7) % 23)
      const life = execute(disk, () => {
        if (left-- === 0) throw new Error('killed')
      })
      await life.catch((error: Error) => expect(error.message).toBe('killed'))
      kills++
      expect(kills).toBeLessThan(100)
    }
    expect(kills).toBeGreaterThan(5)
    expect(outcome(disk)).toEqual(outcome(whole))
  })

  it.each(['random', 'random-regions', 'vaal', 'ta-vaal', ...POOL_METHODS] as const)(
    '%s: ends the same when it is killed once, at any single write',
    async (method) => {
      const config = configOf(method)
      config.selection.rounds = 2
      const whole = emptyDisk(config)
      let writes = 0
      await execute(whole, () => writes++)
      for (let killAt = 0; killAt < writes; killAt++) {
        const disk = emptyDisk(config)
        let write = 0
        const life = execute(disk, () => {
          if (write++ === killAt) throw new Error('killed')
        })
        await expect(life).rejects.toThrow('killed')
        await execute(disk)
        expect(outcome(disk), `killed at write ${killAt}`).toEqual(outcome(whole))
      }
    },
    120_000,
  )

  it('goes on from attention, where versions of it as a stage may have left a run', async () => {
    const whole = await finishedRun('cpral')
    const disk = emptyDisk(configOf('cpral'))
    const life = execute(disk, () => {
      if (disk.run.round === 2 && disk.run.stage === 'select') throw new Error('killed')
    })
    await expect(life).rejects.toThrow('killed')
    disk.run.stage = 'attend'
    const queries = disk.queries.size
    await execute(disk)
    expect(queries).toBeGreaterThan(0)
    expect(outcome(disk)).toEqual(outcome(whole))
  })

  it('same seed, same run; another seed, another run', async () => {
    const [first, second] = [await finishedRun('cpral'), await finishedRun('cpral')]
    expect(outcome(second)).toEqual(outcome(first))
    const other = emptyDisk({ ...configOf('cpral'), seed: 12 })
    await execute(other)
    expect(outcome(other).rounds[0]?.trainImages).not.toEqual(outcome(first).rounds[0]?.trainImages)
  })
})
