/** The loop with wrong labels in the oracle's answers, on a run in memory. */
import { describe, expect, it } from 'vitest'
import type { MethodName, NoiseConfig } from '../src/domain/config'
import { IGNORE, PROVENANCE } from '../src/domain/labels'
import type { NoiseCount } from '../src/domain/round'
import {
  configOf,
  type Disk,
  emptyDisk,
  execute,
  finishedRun,
  orderOf,
  outcome,
  PIXELS,
  roundsOf,
  truthOf,
} from './support/memory-run'

const MIXED: NoiseConfig = { kind: 'mixed', share: 0.4, unit: 'pixel' }
const noisyDisk = (method: MethodName, noise: NoiseConfig = MIXED) => emptyDisk({ ...configOf(method), noise })

async function noisyRun(method: MethodName, noise?: NoiseConfig): Promise<Disk> {
  const disk = noisyDisk(method, noise)
  await execute(disk)
  expect(disk.run.status).toBe('done')
  return disk
}

/** What the oracle said of a pixel: image/pixel -> class. */
function answers({ labels }: Disk): Map<string, number> {
  const given = new Map<string, number>()
  for (const { imageId, classes, provenance } of labels.values()) {
    for (let i = 0; i < PIXELS; i++) if (provenance[i] === PROVENANCE.oracle) given.set(`${imageId}/${i}`, classes[i])
  }
  return given
}

function countOf(disk: Disk): NoiseCount {
  const count = { answered: 0, wrong: 0, missing: 0 }
  for (const [key, id] of answers(disk)) {
    const [imageId, i] = key.split('/')
    const truth = truthOf(orderOf(imageId))[Number(i)]
    if (truth === IGNORE) expect(id).toBe(IGNORE)
    else {
      count.answered++
      if (id === IGNORE) count.missing++
      else if (id !== truth) count.wrong++
    }
  }
  return count
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

describe('a run under label noise', () => {
  it.each(['cpral', 'random-regions', 'random'] as const)('%s: counts what is wrong, once', async (method) => {
    const disk = await noisyRun(method)
    const rounds = roundsOf(disk)
    const counts = rounds.flatMap(({ noise }) => (noise ? [noise] : []))
    // The last round asks nothing.
    expect(counts).toHaveLength(3)
    const total = countOf(disk)
    for (const part of ['answered', 'wrong', 'missing'] as const) {
      expect(sum(counts.map((count) => count[part])), part).toBe(total[part])
    }
    expect((total.wrong + total.missing) / total.answered).toBeCloseTo(0.4, 1.5)
    // Half of them are missing.
    expect(total.missing / (total.wrong + total.missing)).toBeCloseTo(0.5, 1.5)
    // Bought shares go by the ground truth: with the initial pool, the first count's answered pixels.
    const initial = 2 * truthOf(0).filter((id) => id !== IGNORE).length
    expect(counts[0].answered - initial).toBe(sum(rounds[0].selectedClassPixels))
    expect(counts[1].answered).toBe(sum(rounds[1].selectedClassPixels))
  })

  it('counts the initial pool in the one round of a run that asks nothing', async () => {
    const disk = noisyDisk('random')
    disk.run.config.selection.rounds = 1
    await execute(disk)
    expect(roundsOf(disk)[0].noise).toEqual(countOf(disk))
    expect(countOf(disk).wrong).toBeGreaterThan(0)
  })

  it.each(['pixel', 'segment'] as const)('tells all methods the same of a pixel (by %s)', async (unit) => {
    const [first, ...others] = await Promise.all(
      (['cpral', 'random-regions', 'margin'] as const).map(async (method) =>
        answers(await noisyRun(method, { kind: 'random', share: 0.6, unit })),
      ),
    )
    for (const other of others) {
      const common = [...first].filter(([key]) => other.has(key))
      expect(common.length).toBeGreaterThan(PIXELS)
      expect(common.filter(([key, id]) => other.get(key) !== id)).toEqual([])
    }
  })

  it('measures, and judges what was added, by the ground truth', async () => {
    const disk = await noisyRun('cpral')
    const clean = await finishedRun('cpral')
    for (const [i, { evaluation, poolClassPixels }] of roundsOf(disk).entries()) {
      const { confusion } = evaluation ?? { confusion: [] }
      const rows = [0, 1, 2, 3].map((c) => sum(confusion.slice(4 * c, 4 * c + 4)))
      const truth = [0, 1].flatMap((order) => [...truthOf(order)])
      expect(rows).toEqual([0, 1, 2, 3].map((c) => truth.filter((id) => id === c).length))
      expect(poolClassPixels).toEqual(roundsOf(clean)[i].poolClassPixels)
    }
  })

  it('is not there without', async () => {
    for (const round of roundsOf(await finishedRun('random'))) expect(round).not.toHaveProperty('noise')
  })

  it('ends the same when it is killed at any write of the answer', async () => {
    const small = () => {
      const disk = noisyDisk('random-regions')
      Object.assign(disk.run.config.selection, { rounds: 2, budgetImages: 0.2 })
      return disk
    }
    const whole = small()
    const stages: string[] = []
    await execute(whole, () => stages.push(whole.run.stage))
    const first = stages.indexOf('annotate')
    expect(stages.lastIndexOf('annotate') - first).toBeGreaterThan(2)
    for (let killAt = first - 1; killAt <= stages.lastIndexOf('annotate'); killAt++) {
      const disk = small()
      let write = 0
      const life = execute(disk, () => {
        if (write++ === killAt) throw new Error('killed')
      })
      await expect(life).rejects.toThrow('killed')
      await execute(disk)
      expect(outcome(disk), `killed at write ${killAt}`).toEqual(outcome(whole))
    }
  }, 30_000)
})
