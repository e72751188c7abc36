import { expect, it } from 'vitest'
import { isMethodName, METHODS } from './methods'

it('CPRAL is rating, regions, Gaussian attention and extension', () => {
  expect(METHODS.cpral).toEqual({
    imageScore: 'rating',
    direction: 'highest',
    usesRegions: true,
    regionScore: 'vote-entropy',
    attention: 'gaussian',
    extends: true,
  })
})

it('each ablation differs from CPRAL in the one thing it is named after', () => {
  expect(METHODS['cpral-without-extension']).toEqual({ ...METHODS.cpral, extends: false })
  expect(METHODS['cpral-without-attention']).toEqual({ ...METHODS.cpral, attention: 'uniform' })
  expect(METHODS['rating-r']).toEqual(METHODS.cpral)
})

it('confidence and margin take the lowest, all others the highest', () => {
  const lowest = Object.entries(METHODS).filter(([, method]) => method.direction === 'lowest')
  expect(lowest.map(([name]) => name).sort()).toEqual(['confidence', 'confidence-r', 'margin', 'margin-r'])
})

it('only region methods extend labels', () => {
  for (const method of Object.values(METHODS)) if (method.extends) expect(method.usesRegions).toBe(true)
})

it('recognises method names', () => {
  expect(['cpral', 'margin-r', 'random-regions'].every(isMethodName)).toBe(true)
  expect(['CPRAL', 'toString', 'rating_r'].some(isMethodName)).toBe(false)
})
