/** What a person sees when the engine fails: the page with real storage, and a compute worker that fails as it is told. */
import { mount, unmount } from 'svelte'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { superpixelsOfBitmap } from '../src/annotation/superpixels'
import { computeService } from '../src/compute/compute-service'
import { AppError, type ErrorCode } from '../src/domain/errors'
import type { OnProgress } from '../src/domain/progress'
import type { RunRecord } from '../src/domain/run'
import { halved } from '../src/image/halved'
import { Studio } from '../src/state/studio.svelte'
import { openDatabase } from '../src/storage/database'
import { getRun, putRun } from '../src/storage/runs'
import App from '../src/ui/App.svelte'
import { createShortRun, data } from './support/short-run'

interface Call {
  runId: string
  report: OnProgress
  fail: (error: unknown) => void
}

let studio: Studio
let page: ReturnType<typeof mount>
let run: RunRecord
let calls: Call[]
let restarts: number

const text = () => document.body.textContent ?? ''
const button = (name: string) =>
  [...document.querySelectorAll('button')].find((element) => element.textContent?.trim().startsWith(name))
const press = async (name: string) => {
  await expect.poll(() => button(name), { timeout: 20_000 }).toBeDefined()
  button(name)?.click()
}

/** The run as a worker leaves it that could not go on. */
async function fail(code: ErrorCode, message: string, remedy: string) {
  const db = await openDatabase()
  await putRun(db, { ...run, status: 'failed', failure: { code, message, remedy } })
  calls.at(-1)?.fail(new AppError(code, message, remedy))
}

beforeEach(async () => {
  calls = []
  restarts = 0
  const real = computeService()
  run = await createShortRun(real)
  const compute = {
    ...real,
    boot: async () => ({ engine: 'webgpu' as const, device: 'test card', reason: 'Test.', isSoftware: false }),
    memory: async () => 300 * 2 ** 20,
    run: ({ runId }: { runId: string }, report: OnProgress, signal: AbortSignal) =>
      new Promise<RunRecord>((_, reject) => {
        calls.push({ runId, report, fail: reject })
        signal.addEventListener('abort', () => report({ phase: 'train', done: 1, total: 2, round: 1 }))
      }),
  }
  const restart = () => {
    restarts++
    calls.at(-1)?.fail(new AppError('worker_died', 'The compute worker stopped.', 'Continue.'))
  }
  studio = new Studio(
    () => ({
      data,
      compute,
      superpixel: { superpixels: async ({ bitmap, side }) => superpixelsOfBitmap(bitmap, side) },
      pyramid: { halved: ({ bitmap }) => halved(bitmap) },
      restart,
    }),
    '',
  )
  location.hash = `#/project/${run.projectId}/run/${run.id}`
  page = mount(App, { target: document.body, props: { studio } })
  await press('Start')
  await expect.poll(() => calls.length).toBe(1)
})

afterEach(async () => {
  calls.at(-1)?.fail(new DOMException('', 'AbortError'))
  await unmount(page)
  location.hash = ''
})

it('tells calmly of a reset that the run went on from, and shows the engine it goes on with', async () => {
  const sentence = 'The GPU was reset in round 1; the run goes on from epoch 2 with smaller steps.'
  const db = await openDatabase()
  await putRun(db, { ...(await getRun(db, run.id)), incidents: [{ at: Date.now(), code: 'device_lost', sentence }] })
  const engine = {
    engine: 'wasm' as const,
    device: 'WASM, SIMD',
    reason: 'The GPU was reset twice.',
    isSoftware: false,
  }
  calls[0]?.report({ phase: 'boot', done: 1, total: 1, engine })
  await expect.poll(() => document.querySelector('[data-testid=incident]')?.textContent).toBe(sentence)
  await expect.poll(() => document.querySelector('[data-testid=engine-badge] strong')?.textContent).toBe('WASM')
  expect(document.querySelector('main [role=alert]')).toBeNull()
  expect(button('Pause')).toBeDefined()
})

it('names the images of whose labels a run could not read all', async () => {
  const db = await openDatabase()
  await putRun(db, { ...(await getRun(db, run.id)), damagedLabels: ['train/a', 'train/b'] })
  calls[0]?.report({ phase: 'train', done: 0, total: 2, round: 1 })
  const sentence = () => document.querySelector('[data-testid=damaged-labels]')?.textContent
  await expect.poll(sentence).toMatch(/train\/a and train\/b.* learns from the others/s)
  expect(button('Pause')).toBeDefined()
})

it('offers to continue after a loss that it could not go on from', async () => {
  await fail('device_lost', 'The GPU was reset again in round 1.', 'Reload the page with ?engine=wasm.')
  await press('Continue')
  await expect.poll(() => calls.length).toBe(2)
  expect(calls[1]?.runId).toBe(run.id)
})

it('says what to change when memory is full, and keeps saying it after a reload', async () => {
  await fail(
    'out_of_memory',
    'The graphics memory is full again at 64 x 32 pixels.',
    'Start a run with a smaller input size.',
  )
  await expect.poll(() => document.querySelector('main [role=alert]')?.textContent).toContain('smaller input size')
  await unmount(page)
  studio.runner.task.clear()
  page = mount(App, { target: document.body, props: { studio } })
  await expect.poll(() => document.querySelector('main [role=alert]')?.textContent).toContain('smaller input size')
})

it('duplicates a run that diverged, with a tenth of its learning rate', async () => {
  await fail(
    'diverged',
    'Training diverged: in round 1, epoch 1, steps 1 to 8, the loss became NaN.',
    'Duplicate the run.',
  )
  await press('Duplicate with learning rate 0.01')
  await expect.poll(() => calls.length, { timeout: 20_000 }).toBe(2)
  const copy = await getRun(await openDatabase(), calls[1]?.runId ?? '')
  expect(copy.id).not.toBe(run.id)
  expect(copy.config).toEqual({ ...run.config, training: { ...run.config.training, learningRate: 0.01 } })
  await expect.poll(() => location.hash).toContain(copy.id)
})

it('stops at once a run that does not come to its next step', async () => {
  await press('Pause')
  await expect.poll(text).toContain('Pausing after the current step')
  await press('Stop at once')
  await expect.poll(() => restarts).toBe(1)
  await expect.poll(() => button('Start')).toBeDefined()
  expect(document.querySelector('[aria-live=assertive] [role=alert]')).toBeNull()
})
