import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPage } from '../../scripts/headless/open-studio.ts'
import type { Progress } from '../../src/rpc/contract.ts'
import { PROVENANCE, type RoundRecord } from '../../src/storage/schema.ts'
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

/** Starts the run and resolves at the first progress that `isThere` accepts, with the run held near there. */
async function runUntil(page: Page, runId: string, isThere: (progress: Progress) => boolean): Promise<void> {
  let arrived = () => {}
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve
  })
  await page.exposeFunction('reportProgress', (progress: Progress) => isThere(progress) && arrived())
  await page.evaluate((runId) => {
    const { reportProgress } = globalThis as unknown as { reportProgress(progress: Progress): void }
    // Not awaited: the page dies before it ends.
    void studio.compute.run({ runId }, (progress) => reportProgress(progress), new AbortController().signal)
  }, runId)
  await arrival
  // However slow what follows is, the run must not have gone on to its end before the page dies.
  const compute = page.workers().find((worker) => worker.url().includes('compute.worker'))
  await compute?.evaluate(() => {
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
  })
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
  await runUntil(page, run.runId, ({ phase, done }) => phase === 'train' && done >= 2)
  const labels = await labelsOf(page, run.runId)
  expect(Object.keys(labels)).toHaveLength(4)
  await crash(session, page)

  session.page = await openPage(context, 'wasm')
  const [round] = await roundsOf(session.page, run.runId)
  expect(round?.losses.length).toBeGreaterThanOrEqual(1)
  expect(round?.isComplete).toBe(false)
  expect(lostPixels(labels, await labelsOf(session.page, run.runId))).toBe(0)
})

/** Labelled pixels that are gone or other. The run goes on until the page is gone: it may have labelled, and extended, more. */
function lostPixels(before: Record<string, string>, after: Record<string, string>): number {
  const read = (text = '|') => text.split('|').map((part) => part.split(' ').map(Number))
  let lost = 0
  for (const [imageId, text] of Object.entries(before)) {
    const [classes, provenance] = read(text)
    const [classesAfter, provenanceAfter] = read(after[imageId])
    for (const [i, source] of provenance.entries()) {
      if (source === PROVENANCE.oracle && (provenanceAfter[i] !== source || classesAfter[i] !== classes[i])) lost++
    }
  }
  return lost
}

test('closing the tab in the middle of a query keeps what was labelled and rated', async () => {
  const { context, page } = session
  await runUntil(
    page,
    run.runId,
    ({ phase, round, done, total }) => round === 2 && phase === 'entropy' && done >= 1 && done < total,
  )
  const labels = await labelsOf(page, run.runId)
  await page.close()

  session.page = await openPage(context, 'wasm')
  expect(lostPixels(labels, await labelsOf(session.page, run.runId))).toBe(0)
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
        ({ phase, round }) => round === 3 && phase === 'train' && controller.abort(),
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
