import { expect, test } from 'vitest'
import { roundWarnings, warningsOfRounds } from './round-warnings'

const SIZE = { height: 10, width: 20 }

test('a round that had something to choose from, and spent its budget, has no warnings', () => {
  expect(roundWarnings({}, SIZE)).toEqual([])
  expect(roundWarnings({ candidates: { found: 100, taken: 50 } }, SIZE)).toEqual([])
})

test('says when the budget took more than half of the candidates', () => {
  expect(roundWarnings({ candidates: { found: 44, taken: 40 } }, SIZE)).toEqual([
    expect.stringMatching(/^The budget took 91 % of all candidate regions: there was little to choose from\./),
  ])
})

test('says how much of the budget is left, and that the adversary learned nothing', () => {
  const adversary = {
    steps: 1,
    losses: { reconstruction: 1, divergence: 1, adversarial: 1, discriminator: 1 },
    accuracy: { labelled: 0.5, unlabelled: 0.51 },
    isCollapsed: true,
  }
  const [unspent, collapsed] = roundWarnings({ unspentPixels: 500, adversary }, SIZE)
  expect(unspent).toMatch(/^2\.5 image areas of the budget could not be spent/)
  expect(collapsed).toMatch(/^The discriminator collapsed/)
})

test('a warning stands once, with the rounds that it is true of', () => {
  const rounds = [
    { index: 1, candidates: { found: 10, taken: 8 } },
    { index: 2, unspentPixels: 500 },
    { index: 3, candidates: { found: 20, taken: 16 } },
  ]
  expect(warningsOfRounds(rounds, SIZE)).toEqual([
    expect.stringMatching(/^Rounds 1, 3: The budget took 80 % of all candidate regions/),
    expect.stringMatching(/^Round 2: 2\.5 image areas/),
  ])
})
