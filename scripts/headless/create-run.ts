/** Makes a run in the open app, with a trained first round from files when there is one. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { CpralConfig } from '../../src/domain/config'
import type { FirstRound } from '../../src/domain/run'
import { type Failure, type Outcome, resultOf } from './studio-error'

/** The files of a trained first round in a folder. The first one is written last: when it is there, both are. */
export const FIRST_ROUND = 'first-round.json'
export const CHECKPOINT = 'checkpoint.safetensors'

export type FirstRoundFacts = Omit<FirstRound, 'checkpoint'>

export interface NewRun {
  projectId: string
  config: CpralConfig
  /** For people. */
  name?: string
}

/**
 * @param firstRound folder of the trained first round that the run begins with; null has it train its own
 * @returns the new run's id. Throws StudioError
 */
export async function createRun(page: Page, request: NewRun, firstRound: string | null): Promise<string> {
  const facts = firstRound && (JSON.parse(readFileSync(join(firstRound, FIRST_ROUND), 'utf8')) as FirstRoundFacts)
  const input = await page.evaluateHandle(() => {
    const element = document.createElement('input')
    element.type = 'file'
    return element
  })
  if (firstRound) await input.setInputFiles(join(firstRound, CHECKPOINT))
  const outcome = await input.evaluate(
    async (element, { request, facts }): Promise<Outcome<string>> => {
      try {
        const checkpoint = await element.files?.[0]?.arrayBuffer()
        const firstRound = facts && checkpoint && { ...facts, checkpoint }
        const run = await studio.compute.createRun({ ...request, ...(firstRound && { firstRound }) })
        return { value: run.id }
      } catch (error) {
        const { message, remedy, code } = error as Failure
        return { failure: { message, remedy, code } }
      }
    },
    { request, facts },
  )
  await input.dispose()
  return resultOf(outcome)
}
