import { mount, unmount } from 'svelte'
import { expect, test } from 'vitest'
import type { AdversaryRecord, RoundRecord } from '../../domain/round'
import type { RunState } from '../../state/run.svelte'
import RoundWarnings from './RoundWarnings.svelte'

/** Sentences on the screen for these rounds of 10 x 10 pixels. */
async function sentences(rounds: Partial<RoundRecord>[]) {
  const run = { config: { size: { height: 10, width: 10 } } }
  const notice = mount(RoundWarnings, { target: document.body, props: { state: { rounds, run } as RunState } })
  const found = [...document.querySelectorAll('[data-testid="round-warnings"] p')].map(({ textContent }) => textContent)
  await unmount(notice)
  return found
}

const adversary = (isCollapsed: boolean) => ({ isCollapsed }) as AdversaryRecord

test('rounds in which all is well say nothing', async () => {
  expect(await sentences([{ index: 1, candidates: { found: 10, taken: 5 }, adversary: adversary(false) }])).toEqual([])
})

test('too little choice, a budget that was not spent, and a collapsed discriminator are said with their rounds', async () => {
  const rounds = [
    { index: 1, candidates: { found: 100, taken: 91 }, adversary: adversary(true) },
    { index: 2, unspentPixels: 50, adversary: adversary(true) },
  ]
  expect(await sentences(rounds)).toEqual([
    expect.stringMatching(/^Round 1: The budget took 91 % of all candidate regions/),
    expect.stringMatching(/^Rounds 1, 2: The discriminator collapsed/),
    expect.stringMatching(/^Round 2: 0\.5 image areas of the budget could not be spent/),
  ])
})
