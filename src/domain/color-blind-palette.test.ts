import {
  converter,
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
} from 'culori'
import { expect, test } from 'vitest'
import { CITYSCAPES_CLASSES } from './classes'
import { COLOR_BLIND_PALETTE } from './color-blind-palette'

type Rgb = readonly [number, number, number]
const difference = differenceCiede2000()
const toLab = converter('lab')
const EYES = { protan: filterDeficiencyProt(1), deutan: filterDeficiencyDeuter(1), tritan: filterDeficiencyTrit(1) }

/** The smallest CIEDE2000 difference between two of the colours, for an eye that lacks one kind of cones. */
function nearest(colors: readonly Rgb[], eye: keyof typeof EYES): number {
  const seen = colors.map(([r, g, b]) => toLab(EYES[eye]({ mode: 'rgb', r: r / 255, g: g / 255, b: b / 255 })))
  return Math.min(...seen.flatMap((a, i) => seen.slice(i + 1).map((b) => difference(a, b))))
}

test.each(['protan', 'deutan', 'tritan'] as const)('%s eyes tell the colours apart', (eye) => {
  expect(nearest(COLOR_BLIND_PALETTE.slice(0, 8), eye)).toBeGreaterThan(10)
  const all = nearest(COLOR_BLIND_PALETTE, eye)
  expect(all).toBeGreaterThan(9)
  // What the palette is for: fewer classes in the colours of Cityscapes lie nearer to each other.
  const cityscapes = CITYSCAPES_CLASSES.map(({ color }) => color)
  expect(nearest(cityscapes, eye)).toBeLessThan(0.75 * all)
})
