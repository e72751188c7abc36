import { beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { defaultConfig, factsOf } from '../cpral/presets'
import { dataService } from '../data/data-service'
import type { MethodName } from '../domain/config'
import { computeService } from './compute-service'

const SIZE = { height: 32, width: 64 }
const data = dataService()
const compute = computeService()

beforeEach(async () => {
  await clearDatabase()
  await compute.boot({ engine: 'wasm' })
})

async function createRun(method: MethodName, seed = 1) {
  const { signal } = new AbortController()
  const project = await data.createDemo({ images: 10, validationImages: 2, seed: 1 }, () => {}, signal)
  const config = defaultConfig(factsOf(project, SIZE), 'tiny', {
    seed,
    size: SIZE,
    training: { epochs: 2, batchSize: 2 },
    monteCarlo: { passes: 2 },
    selection: { method, rounds: 3, initialImages: 2, panopticSize: 3, budgetImages: 1, regionSide: 8 },
    adversary: { imageSide: 32, width: 1 / 16, steps: 3 },
  })
  return compute.createRun({ projectId: project.id, config })
}

async function roundsOf(runId: string) {
  await compute.run({ runId }, () => {}, new AbortController().signal)
  return data.rounds({ runId })
}

test.each(['vaal', 'ta-vaal', 'vaal-r', 'ta-vaal-r'] as const)(
  'a run of %s chooses what the discriminator takes least for labelled',
  async (method) => {
    const run = await createRun(method)
    const rounds = await roundsOf(run.id)
    expect(rounds).toHaveLength(3)
    for (const { adversary, subset, regions, candidates } of rounds.slice(0, -1)) {
      expect(adversary?.steps).toBe(3)
      for (const loss of Object.values(adversary?.losses ?? { none: Number.NaN }))
        expect(Number.isFinite(loss)).toBe(true)
      const { labelled = -1, unlabelled = -1 } = adversary?.accuracy ?? {}
      expect(Math.min(labelled, unlabelled)).toBeGreaterThanOrEqual(0)
      expect(Math.max(labelled, unlabelled)).toBeLessThanOrEqual(1)
      const scores = subset.map(({ score }) => score)
      expect(scores).toEqual(scores.toSorted((a, b) => a - b))
      expect(scores.every((score) => score > 0 && score < 1)).toBe(true)
      if (method.endsWith('-r')) expect(candidates?.taken).toBe(regions.length)
      else expect(regions).toHaveLength(1)
    }
    expect(rounds[2].adversary).toBeUndefined()
  },
)

test('a run that is paused while its networks train ends as one that was not', async () => {
  const whole = await roundsOf((await createRun('vaal')).id)
  const run = await createRun('vaal')
  const pause = new AbortController()
  const seen: number[] = []
  const paused = compute.run(
    { runId: run.id },
    ({ phase, done, total }) => {
      if (phase === 'rate') seen.push(done)
      // The last steps of a stage that began with the pool's ten images.
      if (phase === 'rate' && done === total - 1) pause.abort()
    },
    pause.signal,
  )
  await expect(paused).rejects.toThrow()
  expect(seen.length).toBeGreaterThan(0)
  const rounds = await roundsOf(run.id)
  const comparable = (found: typeof rounds) => found.map(({ runId: _, seconds: __, ...round }) => round)
  expect(comparable(rounds)).toEqual(comparable(whole))
})
