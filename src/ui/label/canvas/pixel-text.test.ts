import { expect, test } from 'vitest'
import { emptyRaster } from '../../../annotation/raster'
import type { ClassDefinition } from '../../../domain/classes'
import { PROVENANCE } from '../../../domain/labels'
import { Suggestions } from '../../../state/labelling/suggestions'
import { pixelText } from './pixel-text'

test('a pixel tells its place, its label, and what the network says of it', () => {
  const size = { height: 2, width: 4 }
  const raster = emptyRaster(size)
  raster.classes[6] = 1
  raster.provenance.set([PROVENANCE.rejected, PROVENANCE.human, PROVENANCE.human], 4)
  const classes: ClassDefinition[] = [
    { name: 'field', color: [0, 0, 0] },
    { name: 'forest', color: [0, 90, 0] },
  ]
  const text = (x: number, suggestions: Suggestions | null = null) =>
    pixelText({ x, y: 1 }, { raster, suggestions, classes })
  expect([text(0), text(1), text(2)]).toEqual(['0, 1 · unlabelled', '1, 1 · void', '2, 1 · forest'])
  const half = new Suggestions(Uint8Array.of(1, 0), { height: 1, width: 2 }, size)
  expect(text(2, half)).toBe('2, 1 · forest · network: field')
})
