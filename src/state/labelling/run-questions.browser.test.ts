import { expect, it, vi } from 'vitest'
import type { ImageSummary } from '../../domain/project'
import type { AnswerRecord, Region, RoundRecord } from '../../domain/round'
import type { RunRecord } from '../../domain/run'
import type { RegionQueue } from './region-queue.svelte'
import { RunQuestions } from './run-questions.svelte'
import { SaveQueue } from './save-queue.svelte'

const region = (x: number): Region => ({ imageId: 'a', x, y: 0, width: 8, height: 8, score: 1 })
const images = [{ id: 'a', size: { height: 16, width: 64 } }] as ImageSummary[]

/** Questions about a run that the test drives: two regions and two ahead in the first round. */
async function asking() {
  const config = { annotator: 'person', size: { height: 16, width: 64 } }
  const disk = {
    run: { id: 'r', projectId: 'p', status: 'waiting', round: 1, config } as RunRecord,
    rounds: [{ index: 1, isAsked: true, regions: [0, 8].map(region), ahead: [16, 24].map(region) }] as RoundRecord[],
    answers: [] as AnswerRecord[],
  }
  const store = {
    listRuns: async () => [disk.run],
    rounds: async () => disk.rounds,
    answers: async ({ round }: { round: number }) => disk.answers.filter((answer) => answer.round === round),
    putAnswer: async ({ answer }: { answer: AnswerRecord }) => {
      disk.answers = [...disk.answers.filter(({ index }) => index !== answer.index), answer]
    },
  }
  const told = vi.fn((_: RegionQueue, _isShown: boolean) => {})
  const questions = new RunQuestions(store, new SaveQueue(), { projectId: 'p', runId: 'r' }, () => images, told)
  await questions.load()
  let tell: (runId: string) => void = () => {}
  const onChange = (listener: (runId: string) => void) => {
    tell = listener
    return () => {}
  }
  questions.follow({ onChange }, (error) => expect.unreachable(String(error)))
  const answer = () => {
    questions.queue?.answer('done', 64)
    questions.advance()
  }
  /** The run is as these facts say, and the runner tells. */
  const become = async (run: Partial<RunRecord>, ...more: Partial<RoundRecord>[]) => {
    disk.run = { ...disk.run, ...run }
    disk.rounds = [disk.rounds[0], ...more.map((facts) => ({ regions: [], ...facts }) as RoundRecord)]
    tell('r')
    await vi.waitFor(() => expect(questions.run).toBe(disk.run))
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return { questions, disk, told, answer, become }
}

const TAKEN = { index: 2, aheadPixels: 0 }
const NEW = { ...TAKEN, isAsked: true, regions: [region(32)] }

it('goes on with the regions ahead once the others have answers, and while the run trains', async () => {
  const { questions, answer, become, disk } = await asking()
  expect([questions.queue?.isFinished, questions.queue?.left]).toEqual([false, 4])
  // Those that were passed over come before those ahead.
  questions.queue?.go(1)
  answer()
  expect(questions.queue?.current).toBe(0)
  answer()
  expect(questions.queue).toMatchObject({ isFinished: true, finished: 2, current: 2, left: 2 })
  const queue = questions.queue
  await become({ status: 'running', round: 2 }, { index: 2 })
  expect(questions.queue).toBe(queue)
  answer()
  await vi.waitFor(() => expect(disk.answers.map(({ index }) => index)).toEqual([1, 0, 2]))
  expect(questions.queue).toMatchObject({ finished: 2, finishedAhead: 1, current: 3 })
})

it('leaves the person the region at hand until it has an answer', async () => {
  const { questions, told, answer, become } = await asking()
  answer()
  answer()
  await become({ status: 'running', round: 2 }, TAKEN)
  expect(questions.isTaken).toBe(true)
  expect(questions.queue?.region?.index).toBe(2)
  await become({ status: 'waiting', round: 2 }, NEW)
  expect(told).toHaveBeenCalledTimes(1)
  expect(told.mock.lastCall?.[1]).toBe(false)
  expect([questions.queue?.round, questions.round?.index, questions.next?.queue.round]).toEqual([1, 1, 2])
  answer()
  expect([questions.queue?.round, questions.round?.index, questions.next, questions.isTaken]).toEqual([
    2,
    2,
    null,
    false,
  ])
  expect(questions.queue?.regions.map(({ area }) => area.x)).toEqual([32])
})

it('has nothing to ask from that answer until the next regions are there, and then shows them at once', async () => {
  const { questions, told, answer, become } = await asking()
  answer()
  answer()
  await become({ status: 'running', round: 2 }, TAKEN)
  answer()
  expect(questions.queue).toBeNull()
  await become({ status: 'waiting', round: 2 }, NEW)
  expect(questions.queue?.round).toBe(2)
  expect(told.mock.lastCall?.[1]).toBe(true)
})

it('forgets the regions ahead that have no answer where the person is at none of them', async () => {
  const { questions, answer, become } = await asking()
  answer()
  answer()
  questions.queue?.go(0)
  await become({ status: 'running', round: 2 }, TAKEN)
  expect(questions.queue).toBeNull()
})
