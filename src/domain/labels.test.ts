import { expect, it } from 'vitest'
import { countLabelled, labelledMask, PROVENANCE } from './labels'

const provenance = Uint8Array.of(PROVENANCE.none, PROVENANCE.human, PROVENANCE.oracle, PROVENANCE.extended)

it('counts what a person or the oracle labelled, never what extension added', () => {
  expect([...labelledMask(provenance)]).toEqual([0, 1, 1, 0])
  expect(countLabelled(provenance)).toBe(2)
})
