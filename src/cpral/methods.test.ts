import { expect, it } from 'vitest'
import type { ExtensionConfig, MethodName, SelectionConfig } from '../domain/config'
import { asksCommittee, isMethodName, METHODS, spreadsLabels } from './methods'

it('CPRAL is rating, regions, Gaussian attention and extension', () => {
  expect(METHODS.cpral).toEqual({
    imageScore: 'rating',
    direction: 'highest',
    usesRegions: true,
    regionScore: 'vote-entropy',
    attention: 'gaussian',
    extends: true,
    ratingLoss: 'margin',
  })
})

it('the ablation takes extension away, then attention too, as in the paper', () => {
  expect(METHODS['cpral-without-extension']).toEqual({ ...METHODS.cpral, extends: false })
  expect(METHODS['cpral-without-attention']).toEqual({ ...METHODS.cpral, extends: false, attention: 'uniform' })
  expect(METHODS['rating-r']).toEqual(METHODS.cpral)
})

it('confidence, margin and the discriminators take the lowest, all others the highest', () => {
  const lowest = Object.entries(METHODS).filter(([, method]) => method.direction === 'lowest')
  expect(lowest.map(([name]) => name).sort()).toEqual([
    'confidence',
    'confidence-r',
    'margin',
    'margin-r',
    'ta-vaal',
    'ta-vaal-r',
    'vaal',
    'vaal-r',
  ])
})

it('only region methods extend labels', () => {
  for (const method of Object.values(METHODS)) if (method.extends) expect(method.usesRegions).toBe(true)
})

it('labels spread as the run says, otherwise as the method has it; whole images have nowhere to', () => {
  const extension = { mode: 'context' } as ExtensionConfig
  const spreads = (method: MethodName, said?: boolean) =>
    spreadsLabels({
      selection: { method } as SelectionConfig,
      extension: said === undefined ? extension : { ...extension, spreads: said },
    })
  const said = (method: MethodName) => [spreads(method), spreads(method, true), spreads(method, false)]
  expect(said('cpral')).toEqual([true, true, false])
  expect(said('cpral-without-extension')).toEqual([false, true, false])
  expect(said('balanced-entropy')).toEqual([false, true, false])
  expect(said('rating')).toEqual([false, false, false])
})

it("only TA-VAAL trains the rating head on the ranker's loss", () => {
  const others = Object.entries(METHODS).filter(([, { ratingLoss }]) => ratingLoss === 'cross-entropy')
  expect(others.map(([name]) => name).sort()).toEqual(['ta-vaal', 'ta-vaal-r'])
})

it('recognises method names', () => {
  expect(['cpral', 'margin-r', 'random-regions'].every(isMethodName)).toBe(true)
  expect(['CPRAL', 'toString', 'rating_r'].some(isMethodName)).toBe(false)
})

it('of the methods that look at the whole pool, one needs the committee', () => {
  const asking = (['balanced-entropy', 'balanced-margin', 'stratified-entropy'] as const).filter((name) =>
    asksCommittee(METHODS[name]),
  )
  expect(asking).toEqual(['balanced-entropy'])
})
