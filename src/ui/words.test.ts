import { expect, it } from 'vitest'
import { METHODS } from '../cpral/methods'
import { METHOD_GROUPS } from './words'

it('offers every method on the screen, once', () => {
  const offered = METHOD_GROUPS.flatMap(({ methods }) => methods.map(([method]) => method))
  expect(offered.toSorted()).toEqual(Object.keys(METHODS).sort())
})
