import { expect, it } from 'vitest'
import { PROVENANCE } from '../domain/labels'
import { paintLabelsOver } from './labels-over-image'

const CLASSES = [{ name: 'road', color: [128, 64, 128] as [number, number, number] }]

/** The first pixel of a white image under one label. */
function painted(classId: number, provenance: number): number[] {
  const rgba = new Uint8ClampedArray(4).fill(255)
  paintLabelsOver(rgba, 1, { classes: Uint8Array.of(classId), provenance: Uint8Array.of(provenance) }, CLASSES)
  return [...rgba]
}

it('paints a refused pixel as one without a label, not as labelled void', () => {
  expect(painted(255, PROVENANCE.rejected)).toEqual(painted(255, PROVENANCE.none))
  expect(painted(255, PROVENANCE.rejected)).not.toEqual(painted(255, PROVENANCE.human))
})

it('paints what is labelled alike, whoever labelled it', () => {
  const { human, oracle, accepted, imported, none } = PROVENANCE
  for (const source of [oracle, accepted, imported]) expect(painted(0, source)).toEqual(painted(0, human))
  expect(painted(0, human)).not.toEqual(painted(0, none))
})

it('paints labelled, extended and unlabelled pixels differently over the image', () => {
  const rgba = new Uint8ClampedArray(4 * 4).fill(100)
  const labels = { classes: Uint8Array.of(0, 255, 0, 0), provenance: Uint8Array.of(2, 0, 1, 3) }
  paintLabelsOver(rgba, 4, labels, [{ name: 'road', color: [100, 0, 200] }])
  const red = [0, 1, 2, 3].map((pixel) => [...rgba.subarray(pixel * 4, pixel * 4 + 4)])
  expect(red).toEqual([
    [100, 22, 178, 100],
    [58, 60, 62, 100],
    [100, 22, 178, 100],
    [100, 50, 150, 100],
  ])
})
