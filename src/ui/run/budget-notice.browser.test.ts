import { mount, unmount } from 'svelte'
import { expect, test } from 'vitest'
import type { AdversaryRecord, RoundRecord } from '../../domain/round'
import type { RunState } from '../../state/run.svelte'
import BudgetNotice from './BudgetNotice.svelte'

const POOL = { labelledPixels: 40, poolPixels: 100 }

/** What the notices say, by their test ids. */
async function notices(rounds: Partial<RoundRecord>[], candidates: object | null = null) {
  const state = { rounds, measures: { candidates } } as unknown as RunState
  const notice = mount(BudgetNotice, { target: document.body, props: { state } })
  const found = [...document.querySelectorAll('[data-testid]')].map((element) => [
    element.getAttribute('data-testid'),
    [...element.querySelectorAll('p')].map((line) => line.textContent?.replace(/\s+/g, ' ').trim()),
  ])
  await unmount(notice)
  return Object.fromEntries(found)
}

const adversary = (isCollapsed: boolean) => ({ isCollapsed }) as AdversaryRecord

test('a round in which all is well says nothing', async () => {
  const candidates = { found: 10, taken: 5, share: 0.5, leavesLittleChoice: false }
  expect(await notices([{ index: 1, ...POOL, adversary: adversary(false) }], candidates)).toEqual({})
})

test('too little choice, a budget that was not spent, and a collapsed discriminator are said with their rounds', async () => {
  const rounds = [
    { index: 1, ...POOL, unspentPixels: 5, adversary: adversary(true) },
    { index: 2, ...POOL, adversary: adversary(false) },
    { index: 3, labelledPixels: 100, poolPixels: 100, unspentPixels: 20, adversary: adversary(true) },
  ]
  const said = await notices(rounds, { found: 100, taken: 91, share: 0.91, leavesLittleChoice: true })
  expect(said['little-choice']).toEqual([
    'The budget took 91 % of all candidate regions: the regional step had almost nothing to choose. A larger panoptic subset, or a smaller budget, gives it a choice.',
  ])
  expect(said.unspent).toEqual([
    "Round 1 left a part of its budget unspent, 5.0 % of the pool's pixels: there was nothing left to label where it looked.",
    "Round 3 left a part of its budget unspent, 20.0 % of the pool's pixels: all of the pool is labelled.",
  ])
  expect(said.collapsed?.[0]).toContain('Rounds 1 and 3: the discriminator')
})
