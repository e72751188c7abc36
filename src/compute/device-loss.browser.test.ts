/** Real runs whose GPUDevice is destroyed under them. */
import { afterAll, expect, test } from 'vitest'
import { closeWebGpu } from '../engine/webgpu'
import type { OnProgress, Stage } from '../rpc/contract'
import { openStudio } from '../storage/database'
import { getRun } from '../storage/runs'
import { computeService } from './compute-service'
import { EngineKeeper } from './engine-keeper'
import { runToEnd } from './run-to-end'
import { createShortRun, outcomeOf, watchDevices } from './testing'

const devices = watchDevices()

afterAll(closeWebGpu)

test('lost in any stage, the run goes on by itself and ends as if it had not happened', async () => {
  const db = await openStudio()
  const compute = computeService()
  const keeper = new EngineKeeper()
  await keeper.boot({ engine: 'webgpu' })
  const finish = async (onProgress: OnProgress) => {
    const { id } = await createShortRun(compute)
    const signal = new AbortController().signal
    return runToEnd({ db, run: await getRun(db, id), keeper, onProgress, signal })
  }
  const t0 = performance.now()
  const undisturbed = await finish((p) =>
    console.log(((performance.now() - t0) / 1000).toFixed(1), p.round, p.phase, p.done, p.total),
  )

  const stages: Stage[] = ['train', 'evaluate', 'rate', 'entropy', 'extend']
  const lost: Stage[] = []
  const run = await finish(({ phase, done, total, engine }) => {
    console.log(((performance.now() - t0) / 1000).toFixed(1), phase, done, total)
    // Each loss is a first one: what happens at the second is tested beside this.
    if (engine) keeper.losses = 0
    const stage = stages[lost.length]
    if (phase !== stage || done === 0 || done === total) return
    lost.push(stage)
    // In the midst of the next image or step, not between two.
    setTimeout(() => devices.at(-1)?.destroy(), 5)
  })
  expect(lost).toEqual(stages)
  expect(run.status).toBe('done')
  expect(run.incidents?.map(({ code }) => code)).toEqual(stages.map(() => 'device_lost'))
  expect(run.incidents?.[0]?.sentence).toBe(
    'The GPU was reset in round 1; the run goes on from epoch 2 with smaller steps.',
  )
  expect(run.effort).toEqual({ batchSize: null, share: 2 ** -stages.length })
  expect(await outcomeOf(run.id)).toEqual(await outcomeOf(undisturbed.id))
}, 500_000)
