/**
 * `tsx scripts/checks/color-blind-palette.ts`: the colours of `src/domain/color-blind-palette.ts`. After the seven of Okabe and Ito (2008)
 * each next one is, of a grid of all colours, the one farthest from those before it, by CIEDE2000, for the eye that tells it from its
 * nearest least: with normal sight, without red, green or blue cones (Machado et al. 2009).
 */
import {
  converter,
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
} from 'culori'

const COUNT = 24
const OKABE_ITO = [0xe69f00, 0x56b4e9, 0x009e73, 0xf0e442, 0x0072b2, 0xd55e00, 0xcc79a7]
const STEP = 24

const difference = differenceCiede2000()
const toLab = converter('lab')
const EYES = [
  (color: Rgb) => color,
  filterDeficiencyProt(1),
  filterDeficiencyDeuter(1),
  filterDeficiencyTrit(1),
] as const

type Rgb = { mode: 'rgb'; r: number; g: number; b: number }
const rgbOf = ([r, g, b]: readonly number[]): Rgb => ({ mode: 'rgb', r: r / 255, g: g / 255, b: b / 255 })
const seen = (rgb: readonly number[]) => EYES.map((eye) => toLab(eye(rgbOf(rgb))))

const chosen = OKABE_ITO.map((hex) => [hex >> 16, (hex >> 8) & 255, hex & 255])
const candidates: { rgb: number[]; labs: ReturnType<typeof seen>; nearest: number }[] = []
const levels = Array.from({ length: Math.floor(255 / STEP) + 1 }, (_, i) => Math.min(255, i * STEP))
for (const r of levels) {
  for (const g of levels) {
    // Black and white are the photo's own shadows and skies.
    for (const b of levels)
      if (r + g + b > 120 && r + g + b < 690)
        candidates.push({ rgb: [r, g, b], labs: seen([r, g, b]), nearest: Infinity })
  }
}
const notice = (rgb: readonly number[]) => {
  const labs = seen(rgb)
  for (const candidate of candidates) {
    for (const [eye, lab] of candidate.labs.entries())
      candidate.nearest = Math.min(candidate.nearest, difference(lab, labs[eye]))
  }
}
for (const rgb of chosen) notice(rgb)
while (chosen.length < COUNT) {
  const best = candidates.reduce((a, b) => (b.nearest > a.nearest ? b : a))
  chosen.push(best.rgb)
  console.error(`${chosen.length}: nearest at ${best.nearest.toFixed(1)}`)
  notice(best.rgb)
}
console.log(chosen.map((rgb) => `  [${rgb.join(', ')}],`).join('\n'))
