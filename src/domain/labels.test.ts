import { expect, it } from 'vitest'
import { countLabelled, hasClass, labelledMask, labelShare, PROVENANCE } from './labels'

const { none, human, oracle, extended, accepted, imported, rejected } = PROVENANCE
const provenance = Uint8Array.of(none, human, oracle, extended, accepted, imported, rejected)

it('counts what somebody answers for, neither what extension added nor what was refused', () => {
  expect([...labelledMask(provenance)]).toEqual([0, 1, 1, 0, 1, 1, 0])
  expect(countLabelled(provenance)).toBe(4)
})

it('knows pixels to paint: labelled ones and extended ones', () => {
  expect([...provenance].map(hasClass)).toEqual([false, true, true, true, true, true, false])
})

it('shares an image out: a refused suggestion makes no pixel labelled', () => {
  const share = (...sources: number[]) => labelShare({ imageId: 'a', provenance: Uint8Array.from(sources) })
  expect(share(...provenance)).toEqual({ imageId: 'a', labelled: 4 / 7, extended: 1 / 7 })
  expect(share(rejected, rejected)).toEqual({ imageId: 'a', labelled: 0, extended: 0 })
  expect(share(human, rejected, extended, none)).toEqual({ imageId: 'a', labelled: 1 / 4, extended: 1 / 4 })
})
