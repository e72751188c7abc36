/** Whole runs of the methods that look at the whole pool, in the compute worker, with training by our own rules. */
import { beforeEach, expect, test } from 'vitest'
import { type ConfigOverrides, defaultConfig, factsOf } from '../src/cpral/presets'
import { dataService } from '../src/data/data-service'
import type { MethodName } from '../src/domain/config'
import { AppError } from '../src/domain/errors'
import type { ProjectRecord } from '../src/domain/project'
import { connectWorker } from '../src/rpc/client'
import type { ComputeApi } from '../src/rpc/contract'
import { sha256 } from '../src/storage/sha256'
import { clearDatabase } from './support/database'

const SIZE = { height: 32, width: 64 }
const data = dataService()
const { signal } = new AbortController()

let project: ProjectRecord
beforeEach(async () => {
  await clearDatabase()
  project = await data.createDemo({ images: 8, validationImages: 2, seed: 3 }, () => {}, signal)
})

function configOf(method: MethodName, seed: number) {
  const overrides: ConfigOverrides = {
    recipe: 'studio',
    seed,
    size: SIZE,
    network: { width: 0.25, channels: 8 },
    training: { epochs: 2, steps: 6, warmSteps: 4, batchSize: 2 },
    monteCarlo: { passes: 3 },
    selection: { method, rounds: 3, initialImages: 2, budgetImages: 1, regionSide: 8, regionsPerImage: 8 },
  }
  return defaultConfig(factsOf(project, SIZE), 'tiny', overrides)
}

async function withCompute<T>(threads: number, body: (compute: ComputeApi) => Promise<T>): Promise<T> {
  const open = () => new Worker(new URL('../workers/compute.worker.ts', import.meta.url), { type: 'module' })
  const client = connectWorker<ComputeApi>('compute', open, () => {})
  try {
    const { device } = await client.api.boot({ engine: 'wasm', threads })
    expect(device).toBe(`WASM, SIMD, ${threads} thread${threads === 1 ? '' : 's'}`)
    return await body(client.api)
  } finally {
    client.terminate(new AppError('internal', 'The test is over.'))
  }
}

/** All that a run chose, measured and learned, without wall times and its id. */
async function resultOf(compute: ComputeApi, method: MethodName, seed: number) {
  const { id: runId } = await compute.createRun({ projectId: project.id, config: configOf(method, seed) })
  await compute.run({ runId }, () => {}, signal)
  const rounds = (await data.rounds({ runId })).map(({ runId: _, seconds: __, ...round }) => round)
  const first = await data.firstRound({ runId })
  return { rounds, network: first && (await sha256(first.checkpoint)) }
}

test.each(['balanced-entropy', 'balanced-margin', 'stratified-entropy'] as const)(
  '%s: the same seed gives the same regions and networks on WASM, whatever the number of threads',
  async (method) => {
    const [once, otherSeed] = await withCompute(1, async (compute) => [
      await resultOf(compute, method, 5),
      await resultOf(compute, method, 6),
    ])
    const again = await withCompute(2, (compute) => resultOf(compute, method, 5))
    expect(once.network).toMatch(/^[0-9a-f]{64}$/)
    expect(once.rounds.map(({ regions }) => regions.length > 8)).toEqual([true, true, false])
    expect(again).toEqual(once)
    expect(otherSeed.network).not.toBe(once.network)
    expect(otherSeed.rounds[1].regions).not.toEqual(once.rounds[1].regions)
  },
  120_000,
)
