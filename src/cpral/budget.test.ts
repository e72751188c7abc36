import { expect, it } from 'vitest'
import { PROVENANCE } from '../storage/schema'
import { annotatedMask, annotatedPixels, roundBudget } from './budget'
import { defaultConfig } from './presets'

const provenance = Uint8Array.of(PROVENANCE.none, PROVENANCE.human, PROVENANCE.oracle, PROVENANCE.extended)

it('counts what a person or the oracle labelled, never what extension added', () => {
  expect([...annotatedMask(provenance)]).toEqual([0, 1, 1, 0])
  expect(annotatedPixels(provenance)).toBe(2)
})

it("gives CamVid's shares: k * 25 / 367", () => {
  const camvid = {
    format: 'camvid',
    source: 'folder',
    trainImages: 367,
    imageSize: { height: 360, width: 480 },
  } as const
  const { selection, size } = defaultConfig(camvid, 'light', { size: { height: 180, width: 240 } })
  const budget = roundBudget(selection, size)
  expect(budget).toBe(25 * 180 * 240)
  expect((5 * budget) / (367 * size.height * size.width)).toBeCloseTo((5 * 25) / 367, 12)
})
