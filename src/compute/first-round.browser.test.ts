import { beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { type ConfigOverrides, defaultConfig, factsOf } from '../cpral/presets'
import { dataService } from '../data/data-service'
import type { MethodName } from '../domain/config'
import type { ProjectRecord } from '../domain/project'
import type { FirstRound } from '../domain/run'
import { noSeconds } from '../domain/stages'
import { sha256 } from '../storage/sha256'
import { computeService } from './compute-service'

const SIZE = { height: 32, width: 64 }
const data = dataService()
const compute = computeService()
const { signal } = new AbortController()

beforeEach(async () => {
  await clearDatabase()
  await compute.boot({ engine: 'wasm' })
})

async function createRun(project: ProjectRecord, method: MethodName, rounds: number, firstRound?: FirstRound) {
  const overrides: ConfigOverrides = {
    size: SIZE,
    training: { epochs: 2, batchSize: 2 },
    monteCarlo: { passes: 2 },
    selection: { method, rounds, initialImages: 2, panopticSize: 3, budgetImages: 1, regionSide: 8 },
  }
  const config = defaultConfig(factsOf(project, SIZE), 'tiny', overrides)
  return compute.createRun({ projectId: project.id, config, ...(firstRound && { firstRound }) })
}

/** What a run came to, without what differs between any two runs. */
async function resultOf(runId: string) {
  await compute.run({ runId }, () => {}, signal)
  const rounds = await data.rounds({ runId })
  return rounds.map(({ runId: _, seconds: __, ...round }) => round)
}

async function withoutTime(firstRound: FirstRound | null) {
  return firstRound && { ...firstRound, seconds: 0, checkpoint: await sha256(firstRound.checkpoint) }
}

test('methods of one seed share a first round, to the byte', async () => {
  const project = await data.createDemo({ images: 8, validationImages: 2, seed: 1 }, () => {}, signal)
  const alone = await createRun(project, 'random', 1)
  expect(await data.firstRound({ runId: alone.id })).toBeNull()
  await resultOf(alone.id)
  const firstRound = await data.firstRound({ runId: alone.id })
  if (!firstRound) throw new Error('The first round is not there.')
  expect(firstRound.losses).toHaveLength(2)
  for (const method of ['cpral', 'entropy'] as const) {
    const whole = await createRun(project, method, 2)
    const shared = await createRun(project, method, 2, firstRound)
    const expected = await resultOf(whole.id)
    const found = await resultOf(shared.id)
    expect(found).toEqual(expected)
    expect(found[0].steps).toBe(firstRound.steps)
    // It is kept while the second round's network takes turns with itself.
    expect(await withoutTime(await data.firstRound({ runId: whole.id }))).toEqual(await withoutTime(firstRound))
    expect(await withoutTime(await data.firstRound({ runId: shared.id }))).toEqual(await withoutTime(firstRound))
  }
})

test('a run with a shared first round does not train it, and counts its time', async () => {
  const project = await data.createDemo({ images: 8, validationImages: 2, seed: 1 }, () => {}, signal)
  const alone = await createRun(project, 'random', 1)
  await resultOf(alone.id)
  const firstRound = (await data.firstRound({ runId: alone.id })) as FirstRound
  const shared = await createRun(project, 'random', 1, { ...firstRound, seconds: 4321 })
  const phases: string[] = []
  await compute.run({ runId: shared.id }, ({ phase, done }) => phases.push(`${phase} ${done}`), signal)
  expect(phases.filter((phase) => /^train [1-9]/.test(phase) && phase !== `train ${firstRound.steps}`)).toEqual([])
  const [round] = await data.rounds({ runId: shared.id })
  expect({ ...noSeconds(), train: round.seconds.train }).toEqual({ ...noSeconds(), train: 4321 })
})
