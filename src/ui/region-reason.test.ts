import { expect, it } from 'vitest'
import { METHODS } from '../cpral/methods'
import type { MethodName } from '../domain/config'
import { reasonOf } from './region-reason'

const classes = ['road', 'sidewalk', 'fence'].map((name) => ({ name }))

it('names the classes between which the network wavers, and the rare one', () => {
  const chosen = { because: { between: [0, 1] as [number, number], rare: 2 } }
  const method = 'balanced-entropy'
  expect(reasonOf(chosen, method, classes)).toBe('Unsure between road and sidewalk. Fence is rare in these images.')
  expect(reasonOf({ because: { between: [1, 0] } }, method, classes)).toBe('Unsure between sidewalk and road.')
  expect(reasonOf({ because: { between: [0, 7], rare: 7 } }, method, classes)).toBe(
    'Unsure between road and a class that is gone.',
  )
})

it('says what is true of the method where the region has no reason of its own', () => {
  expect(reasonOf({}, 'cpral', classes)).toBe('The committee disagrees much here.')
  for (const method of ['random', 'random-regions', 'random-regions-in-subset'] as const) {
    expect(reasonOf({}, method, classes)).toBe('Drawn at random.')
  }
  expect(reasonOf({}, 'random-r', classes)).toBe('The committee disagrees much here.')
  expect(reasonOf({}, 'core-set', classes)).toMatch(/^Unlike/)
})

it('is short enough for a narrow screen, whatever the method', () => {
  for (const method of Object.keys(METHODS) as MethodName[]) {
    const reason = reasonOf({}, method, classes)
    expect(reason).toMatch(/^[A-Z].{8,75}\.$/)
  }
})
