import { expect, it } from 'vitest'
import { AppError } from '../domain/errors'
import type { OnProgress } from '../domain/progress'
import type { RunRecord } from '../domain/run'
import type { ComputeApi } from '../rpc/contract'
import { Engine } from './engine.svelte'
import { Runner } from './runner.svelte'

/** A compute worker whose run is driven by the test. */
function steered() {
  const boots: unknown[] = []
  const runs: { report: OnProgress; finish: (record: RunRecord) => void; fail: (error: unknown) => void }[] = []
  const api: ComputeApi = {
    boot: async (request) => {
      boots.push(request)
      return { engine: 'wasm', device: 'test', reason: '', isSoftware: false }
    },
    run: (_, report, signal) =>
      new Promise((finish, fail) => {
        signal.addEventListener('abort', () => fail(signal.reason))
        runs.push({ report, finish, fail })
      }),
    createRun: () => Promise.reject(new Error('not needed')),
    extend: async () => null,
    memory: async () => null,
    renameRun: () => Promise.reject(new Error('not needed')),
    deleteRun: () => Promise.reject(new Error('not needed')),
  }
  const engine = new Engine(api, '?engine=wasm')
  return { runner: new Runner(api, engine), engine, boots, runs }
}

const next = () => new Promise((resolve) => setTimeout(resolve))

it('boots the forced engine once, collects stages and losses of a round, and forgets them with the next', async () => {
  const { runner, boots, runs } = steered()
  const told: string[] = []
  runner.onChange((runId) => told.push(runId))
  const finished = runner.start('a')
  await next()
  expect(boots).toEqual([{ engine: 'wasm' }])
  const { report, finish } = runs[0] ?? expect.unreachable()
  report({ phase: 'train', done: 1, total: 2, round: 1, loss: 2 })
  report({ phase: 'train', done: 2, total: 2, round: 1, loss: 1 })
  report({ phase: 'rate', done: 1, total: 5, round: 1 })
  expect(runner.losses).toEqual([2, 1])
  expect(Object.keys(runner.stages)).toEqual(['train', 'rate'])
  report({ phase: 'train', done: 1, total: 2, round: 2, loss: 3 })
  expect(runner.losses).toEqual([3])
  expect(Object.keys(runner.stages)).toEqual(['train'])
  finish({ id: 'a' } as RunRecord)
  expect(await finished).toEqual({ id: 'a' })
  expect(runner.isRunning('a')).toBe(false)
  expect(told).toEqual(['a', 'a', 'a', 'a']) // Three stages began, and the end.
})

it('pauses without an error and goes on from there', async () => {
  const { runner, boots, runs } = steered()
  const first = runner.start('a')
  await next()
  runner.pause()
  expect(runner.isPausing).toBe(true)
  expect(await first).toBeNull()
  expect([runner.task.status, runner.task.error, runner.isPausing]).toEqual(['aborted', null, false])
  void runner.start('a')
  await next()
  expect(runs).toHaveLength(2)
  expect(boots).toHaveLength(1)
})

it('keeps the error of a run that failed', async () => {
  const { runner, runs } = steered()
  const run = runner.start('a')
  await next()
  runs[0]?.fail(new AppError('device_lost', 'The GPU went away.', 'Continue.'))
  await run
  expect(runner.task.error).toMatchObject({ code: 'device_lost', remedy: 'Continue.' })
})

it('names an engine that does not exist', async () => {
  const { boots } = steered()
  const engine = new Engine({ boot: () => expect.unreachable() } as unknown as ComputeApi, '?engine=cuda')
  await expect(engine.ensure()).rejects.toMatchObject({ code: 'bad_config' })
  expect(engine.task.error?.message).toContain('cuda')
  expect(boots).toEqual([])
})
