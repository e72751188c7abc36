import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPage } from '../../scripts/browser/open-browser.ts'
import type { Progress } from '../../src/domain/progress.ts'
import type { RoundRecord } from '../../src/domain/round.ts'
import {
  crash,
  createTinyRun,
  finishRun,
  labelsOf,
  openSession,
  outcomeOf,
  roundsOf,
  type Session,
  TINY,
  type TinyRun,
} from './session.ts'

const LONGER = { ...TINY, training: { epochs: 3 } }

let session: Session
let reference: { rounds: RoundRecord[]; labels: Record<string, string> }
let run: TinyRun

type Place = Pick<Progress, 'phase' | 'round' | 'done'>

/**
 * Starts the run, and resolves when it stands still at a place. It stands within the call that reports the place, where nothing is being
 * written: held in the middle of a write it would keep the page from reading, and not held it could end before the page dies.
 */
async function runUntil(page: Page, runId: string, place: Place): Promise<void> {
  await page.evaluate(() => studio.compute.memory()) // The worker opens at its first call.
  const compute = page.workers().find((worker) => worker.url().includes('compute.worker'))
  if (!compute) throw new Error('The compute worker is not there.')
  await compute.evaluate((place) => {
    const { postMessage } = MessagePort.prototype
    MessagePort.prototype.postMessage = function (values: unknown, options?: unknown) {
      postMessage.call(this, values, options as StructuredSerializeOptions)
      const progress = Array.isArray(values) ? values[0] : null
      const isThere = progress?.phase === place.phase && progress.round === place.round && progress.done === place.done
      if (isThere) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    }
  }, place)
  await page.evaluate(
    ({ runId, place: { phase, round, done } }) =>
      new Promise<void>((resolve) => {
        const listen = (progress: Progress) => {
          if (progress.phase === phase && progress.round === round && progress.done === done) resolve()
        }
        // Not awaited: the page dies before it ends.
        void studio.compute.run({ runId }, listen, new AbortController().signal)
      }),
    { runId, place },
  )
}

beforeAll(async () => {
  session = await openSession()
  const { page } = session
  const uninterrupted = await createTinyRun(page, LONGER)
  await finishRun(page, uninterrupted.runId)
  reference = {
    rounds: await roundsOf(page, uninterrupted.runId),
    labels: await labelsOf(page, uninterrupted.runId),
  }
  run = await createTinyRun(page, LONGER)
})

afterAll(() => session?.close())

test('a crash in the middle of training loses no label and at most one epoch', async () => {
  const { context, page } = session
  // Round 1 trains on 4 images in one step an epoch: the second step belongs to the second epoch.
  await runUntil(page, run.runId, { phase: 'train', round: 1, done: 2 })
  const labels = await labelsOf(page, run.runId)
  expect(Object.keys(labels)).toHaveLength(4)
  await crash(session, page)

  session.page = await openPage(context, 'wasm')
  const [round] = await roundsOf(session.page, run.runId)
  expect(round?.losses.length).toBeGreaterThanOrEqual(1)
  expect(round?.isComplete).toBe(false)
  expect(await labelsOf(session.page, run.runId)).toEqual(labels)
})

test('closing the tab in the middle of a query keeps what was labelled and rated', async () => {
  const { context, page } = session
  // One of the three images of the subset is done.
  await runUntil(page, run.runId, { phase: 'entropy', round: 2, done: 1 })
  const labels = await labelsOf(page, run.runId)
  await page.close()

  session.page = await openPage(context, 'wasm')
  expect(await labelsOf(session.page, run.runId)).toEqual(labels)
  const rounds = await roundsOf(session.page, run.runId)
  expect(rounds[0]?.isComplete).toBe(true)
  expect(rounds.at(-1)?.isComplete).toBe(false)
  expect(outcomeOf(rounds.slice(0, 1))).toEqual(outcomeOf(reference.rounds.slice(0, 1)))
})

test('a pause stops, and the run ends as if nothing had ever happened', async () => {
  const { page } = session
  const paused = await page.evaluate(async (runId) => {
    const controller = new AbortController()
    try {
      await studio.compute.run(
        { runId },
        // All of round 3 is still to come, however late the page hears of this.
        ({ phase, round }) => round === 2 && phase === 'annotate' && controller.abort(),
        controller.signal,
      )
      return 'ran to its end'
    } catch (error) {
      return (error as Error).name
    }
  }, run.runId)
  expect(paused).toBe('AbortError')
  const [record] = (await page.evaluate((projectId) => studio.data.listRuns({ projectId }), run.projectId)).filter(
    ({ id }) => id === run.runId,
  )
  expect(record?.status).toBe('paused')

  await finishRun(page, run.runId)
  expect(outcomeOf(await roundsOf(page, run.runId))).toEqual(outcomeOf(reference.rounds))
  expect(await labelsOf(page, run.runId)).toEqual(reference.labels)
})
