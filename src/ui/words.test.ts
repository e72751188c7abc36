import { expect, it } from 'vitest'
import { METHOD_GROUPS } from '../cpral/method-names'
import { METHODS } from '../cpral/methods'
import { methodGroups } from './words'

it('offers every method on the screen, once', () => {
  for (const groups of [METHOD_GROUPS, methodGroups('cpral'), methodGroups('balanced-entropy')]) {
    const offered = groups.flatMap(({ methods }) => methods.map(([method]) => method))
    expect(offered.toSorted()).toEqual(Object.keys(METHODS).sort())
  }
})

it('offers the recommended method first', () => {
  expect(methodGroups('margin-r')[0]).toEqual({ name: 'Recommended', methods: [['margin-r', 'Margin + regions']] })
})
