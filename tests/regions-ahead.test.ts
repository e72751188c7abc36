/** Regions that a person goes on with while the next round trains, on a run in memory. */
import { describe, expect, it } from 'vitest'
import type { CpralConfig, MethodName } from '../src/domain/config'
import { isLabelled, PROVENANCE } from '../src/domain/labels'
import type { Region, RoundRecord } from '../src/domain/round'
import type { Rectangle } from '../src/domain/size'
import {
  configOf,
  type Disk,
  emptyDisk,
  execute,
  finishedRun,
  labelledPixels,
  orderOf,
  outcome,
  PIXELS,
  roundsOf,
  SIZE,
  truthOf,
} from './support/memory-run'

type Area = Rectangle & { imageId: string }

/** Labels areas as the ground truth has them. */
function label(disk: Disk, areas: readonly Area[]): void {
  for (const { imageId, x, y, width, height } of areas) {
    const empty = { classes: new Uint8Array(PIXELS).fill(255), provenance: new Uint8Array(PIXELS) }
    const { classes, provenance } = disk.people.get(imageId) ?? empty
    for (let i = 0; i < width * height; i++) {
      const at = (y + Math.floor(i / width)) * SIZE.width + x + (i % width)
      classes[at] = truthOf(orderOf(imageId))[at]
      provenance[at] = PROVENANCE.human
    }
    disk.people.set(imageId, { classes, provenance })
  }
}

const whole = (imageId: string): Area => ({ imageId, x: 0, y: 0, ...SIZE })

/** A run that waits for the answers to its first round. */
async function asking(method: MethodName, budgetImages = 2): Promise<Disk> {
  const config = configOf(method)
  const selection: CpralConfig['selection'] = { ...config.selection, budgetImages }
  const disk = emptyDisk({ ...config, selection, annotator: 'person' })
  label(disk, [whole('train-3'), { imageId: 'train-8', x: 4, y: 4, width: 20, height: 20 }])
  await execute(disk)
  return disk
}

const lastRound = (disk: Disk) => roundsOf(disk).at(-1) as RoundRecord

/** Labels, at the first write of a round's training, what `ahead` makes of the round before. */
function meanwhile(disk: Disk, ahead: (previous: RoundRecord) => readonly Area[]): () => void {
  return () => {
    const { round, stage } = disk.run
    const previous = disk.rounds.get(round - 1)
    if (previous && stage === 'train' && disk.rounds.has(round)) label(disk, ahead(previous))
  }
}

const overlaps = (a: Region, b: Region) =>
  a.imageId === b.imageId && Math.abs(a.x - b.x) < a.width && Math.abs(a.y - b.y) < a.height

describe('regions ahead', () => {
  it.each(['cpral', 'region-only', 'random-regions', 'class-aware-regions', 'balanced-entropy'] as const)(
    '%s: are those that half as much budget again would take next',
    async (method) => {
      const { regions, ahead = [] } = lastRound(await asking(method, 1))
      const larger = lastRound(await asking(method, 1.5))
      expect(ahead).toHaveLength(12)
      expect([...regions, ...ahead]).toEqual(larger.regions.slice(0, regions.length + 12))
    },
  )

  it.each(['balanced-margin', 'stratified-entropy'] as const)(
    '%s: overlap no other region, and leave no image with more than its most',
    async (method) => {
      const { regions, ahead = [] } = lastRound(await asking(method, 1))
      expect(ahead).toHaveLength(12)
      const all = [...regions, ...ahead]
      for (const [i, region] of all.entries()) expect(all.findIndex((other) => overlaps(region, other))).toBe(i)
      for (const { imageId } of all) expect(all.filter((other) => other.imageId === imageId).length).toBeLessThan(5)
    },
  )

  it('are four at least', async () => {
    const { regions, ahead } = lastRound(await asking('cpral', 4 / 24))
    expect([regions.length, ahead?.length]).toEqual([4, 4])
  })

  it('are what there is where less is left to choose from', async () => {
    const { ahead, candidates } = lastRound(await asking('cpral'))
    expect(ahead?.length).toBeLessThan(24)
    expect(ahead?.length).toBe((candidates?.found ?? 0) - (candidates?.taken ?? 0))
    expect(lastRound(await asking('cpral', 5)).ahead).toEqual([])
  })

  it('have suggestions, as the others have', async () => {
    const disk = await asking('cpral')
    const ahead = lastRound(disk).ahead ?? []
    for (const { imageId } of ahead) expect(disk.layers.get(`1/${imageId}`)?.prediction).toHaveLength(PIXELS)
  })

  it('are there only for a person, for regions, and where another round asks', async () => {
    for (const round of roundsOf(await finishedRun('cpral'))) {
      for (const field of ['ahead', 'answerAhead', 'aheadPixels']) expect(round).not.toHaveProperty(field)
    }
    expect(lastRound(await asking('rating'))).not.toHaveProperty('ahead')
    const disk = await asking('cpral', 1)
    for (let round = 1; round < 3; round++) {
      label(disk, lastRound(disk).regions)
      await execute(disk)
    }
    expect(roundsOf(disk).map(({ index, ahead }) => [index, ahead?.length])).toEqual([
      [1, 12],
      [2, 12],
      [3, undefined],
    ])
  })
})

describe('labels given ahead', () => {
  it.each(['cpral', 'balanced-entropy', 'stratified-entropy', 'class-aware-regions'] as const)(
    '%s: the next query sees them, and asks for so much less',
    async (method) => {
      const disk = await asking(method)
      label(disk, lastRound(disk).regions)
      const taken = (lastRound(disk).ahead ?? []).slice(0, 10)
      await execute(
        disk,
        meanwhile(disk, () => taken),
      )
      const [first, second] = roundsOf(disk)
      expect([disk.run.round, disk.run.status]).toEqual([2, 'waiting'])
      const { newPixels, images } = second.answerAhead ?? { newPixels: 0, images: [] }
      expect(newPixels).toBeGreaterThan(9 * 64)
      expect(second.aheadPixels).toBe(newPixels)
      expect(new Set(images)).toEqual(new Set(taken.map(({ imageId }) => imageId)))
      // They are no part of what the round had learned from.
      expect(second.labelledPixels).toBe(first.labelledPixels + (first.answer?.newPixels ?? 0))
      for (const region of second.regions) {
        const { classes: _, provenance } = disk.labels.get(region.imageId) ?? { provenance: new Uint8Array(PIXELS) }
        const pixels = Array.from(
          { length: 64 },
          (_, i) => provenance[(region.y + (i >> 3)) * SIZE.width + region.x + (i % 8)],
        )
        expect(pixels.every(isLabelled)).toBe(false)
        if (method === 'cpral') expect(taken.some(({ imageId }) => imageId === region.imageId)).toBe(false)
      }
      label(disk, second.regions)
      await execute(disk)
      const budget = 2 * PIXELS
      const asked = roundsOf(disk)[1].answer?.newPixels ?? 0
      expect(Math.abs(asked + newPixels - budget)).toBeLessThanOrEqual(64)
      expect(roundsOf(disk)[2].labelledPixels).toBe(second.labelledPixels + newPixels + asked)
    },
  )

  it('are a part of the next budget also where the round before still took them', async () => {
    const disk = await asking('cpral')
    const { regions, ahead = [] } = lastRound(disk)
    label(disk, [...regions, ...ahead.slice(0, 3)])
    await execute(
      disk,
      meanwhile(disk, () => ahead.slice(0, 5)),
    )
    const [first, second] = roundsOf(disk)
    expect(first.answer).toMatchObject({ newPixels: (48 + 3) * 64, newPixelsAhead: 3 * 64 })
    expect(second.answerAhead?.newPixels).toBe(2 * 64)
    expect(second.aheadPixels).toBe(5 * 64)
    expect(second.regions).toHaveLength(48 - 5)
    expect(second.labelledPixels).toBe(first.labelledPixels + (48 + 3) * 64)
  })

  it('judge the network that suggested them', async () => {
    const disk = await asking('cpral')
    label(disk, lastRound(disk).regions)
    const [region] = lastRound(disk).ahead ?? []
    const prediction = disk.layers.get(`1/${region.imageId}`)?.prediction
    let [judged, agreeing] = [0, 0]
    for (let i = 0; i < 64; i++) {
      const at = (region.y + (i >> 3)) * SIZE.width + region.x + (i % 8)
      const truth = truthOf(orderOf(region.imageId))[at]
      if (truth === 255) continue
      judged++
      agreeing += Number(prediction?.[at] === truth)
    }
    await execute(
      disk,
      meanwhile(disk, () => [region]),
    )
    expect(agreeing).toBeGreaterThan(0)
    expect(roundsOf(disk)[1].answerAhead).toMatchObject({ judgedPixels: judged, agreeingPixels: agreeing })
  })

  it('let a round go on by itself that has nothing left to ask', async () => {
    const disk = await asking('balanced-entropy')
    label(disk, lastRound(disk).regions)
    const images = ['train-11', 'train-12', 'train-13']
    await execute(
      disk,
      meanwhile(disk, ({ index }) => (index === 1 ? images.map(whole) : [])),
    )
    expect([disk.run.round, disk.run.status]).toEqual([3, 'waiting'])
    const [, second, third] = roundsOf(disk)
    expect(second.regions).toEqual([])
    expect(second.ahead?.length).toBeGreaterThan(0)
    expect(second.unspentPixels).toBeUndefined()
    expect(second.answer?.newPixels).toBe(0)
    expect(third.regions.length).toBeGreaterThan(0)
    expect(third.trainImages).toEqual(expect.arrayContaining(images))
  })

  it('are extended from, as others are', async () => {
    const disk = await asking('cpral')
    label(disk, lastRound(disk).regions)
    const ahead = lastRound(disk).ahead ?? []
    await execute(
      disk,
      meanwhile(disk, ({ index }) => (index === 1 ? ahead : [])),
    )
    label(disk, lastRound(disk).regions)
    await execute(disk)
    const second = roundsOf(disk)[1]
    const images = (second.answerAhead?.images ?? []).filter((id) => !second.answer?.images.includes(id))
    expect(images.length).toBeGreaterThan(0)
    const extended = images.some((id) => disk.labels.get(id)?.provenance.includes(PROVENANCE.extended))
    expect(extended).toBe(true)
  })

  it('count once, whatever is labelled while they are taken', async () => {
    const disk = await asking('balanced-margin')
    let rows = 0
    const go = async () => {
      const ahead = lastRound(disk).ahead ?? []
      label(disk, lastRound(disk).regions)
      await execute(disk, () => {
        meanwhile(disk, () => ahead)()
        // Somebody paints on in two images, a pixel at every write.
        label(
          disk,
          ['train-0', 'train-19'].map((imageId) => ({
            imageId,
            x: rows % 48,
            y: Math.floor(rows / 48),
            width: 1,
            height: 1,
          })),
        )
        rows++
      })
    }
    while (disk.run.status !== 'done') await go()
    const rounds = roundsOf(disk)
    const counted = rounds.map(({ answer, answerAhead }) => (answer?.newPixels ?? 0) + (answerAhead?.newPixels ?? 0))
    expect(labelledPixels(disk).slice(1)).toEqual(
      counted.slice(0, -1).map((_, i) => rounds[0].labelledPixels + counted.slice(0, i + 1).reduce((a, b) => a + b)),
    )
    expect(rounds[1].answerAhead?.images).toEqual(expect.arrayContaining(['train-0', 'train-19']))
  })

  /** A run to its end, a part of the regions ahead labelled in each round; goes on wherever a write throws. */
  async function live(method: MethodName, onWrite: (disk: Disk) => void): Promise<Disk> {
    const disk = await asking(method, 1)
    const paint = meanwhile(disk, ({ ahead = [] }) => ahead.slice(0, 7))
    let tries = 0
    while (disk.run.status !== 'done') {
      if (disk.run.status === 'waiting') label(disk, lastRound(disk).regions)
      await execute(disk, () => {
        paint()
        onWrite(disk)
      }).catch((error: Error) => expect(error.message).toBe('killed'))
      expect(++tries).toBeLessThan(100)
    }
    return disk
  }

  it.each(['cpral', 'stratified-entropy'] as const)(
    '%s: the run ends the same when it is killed anywhere, and at any write about their taking',
    async (method) => {
      let writes = 0
      let taken = 0
      const whole = await live(method, ({ rounds }) => {
        writes++
        if (rounds.get(2)?.aheadPixels === undefined) taken = writes
      })
      expect(roundsOf(whole)[1].answerAhead?.newPixels).toBe(7 * 64)
      const killedAt = (writeToFail: number) => {
        let write = 0
        return live(method, () => {
          if (++write === writeToFail) throw new Error('killed')
        })
      }
      for (let write = taken - 10; write < taken + 4; write++) {
        expect(outcome(await killedAt(write))).toEqual(outcome(whole))
      }
      let left = 11
      let life = 0
      const killed = await live(method, () => {
        if (left-- > 0) return
        left = 9 + ((++life * 7) % 23)
        throw new Error('killed')
      })
      expect(life).toBeGreaterThan(5)
      expect(outcome(killed)).toEqual(outcome(whole))
    },
    60_000,
  )
})
