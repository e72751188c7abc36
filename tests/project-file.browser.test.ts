/** A project that is saved in the middle of a run, opened again, and computed to the end. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { computeService } from '../src/compute/compute-service'
import type { Progress } from '../src/domain/progress'
import type { SavedProject } from '../src/domain/project'
import { clearDatabase } from './support/database'
import { createShortRun, data } from './support/short-run'

const signal = new AbortController().signal

beforeEach(clearDatabase)
afterEach(clearDatabase)

/** What the rounds of a run came to, without wall times and ids. */
async function resultOf(projectId: string, runId: string) {
  const rounds = await data.rounds({ runId })
  const text = JSON.stringify(rounds.map((round) => ({ ...round, seconds: null })))
  return JSON.parse(text.replaceAll(projectId, 'P').replaceAll(runId, 'R'))
}

it('goes on from any moment of a run to the numbers of the run that was never interrupted', async () => {
  const compute = computeService()
  await compute.boot({ engine: 'wasm' })
  const { id: runId, projectId } = await createShortRun(compute)
  const saved = new Map<string, Promise<SavedProject>>()
  const save = ({ phase, round }: Progress) => {
    const moment = `${phase} ${round}`
    if (!saved.has(moment))
      saved.set(
        moment,
        data.saveProject({ projectId }, () => {}, signal),
      )
  }
  await compute.run({ runId }, save, signal)
  const expected = await resultOf(projectId, runId)
  expect(saved.size).toBeGreaterThan(4)
  const files = await Promise.all(saved.values())
  for (const [i, moment] of [...saved.keys()].entries()) {
    const copy = await data.openProject({ file: new File([files[i].file], 'mine.zip') }, () => {}, signal)
    const [run] = await data.listRuns({ projectId: copy.id })
    if (run.status !== 'done') await compute.run({ runId: run.id }, () => {}, signal)
    expect(await resultOf(copy.id, run.id), moment).toEqual(expected)
  }
})
