/** Finds out whether masks are black and white: exactly, or with greys where the two meet. */

import { isCommon, supportOf } from './support'
import type { Sheet } from './types'

export interface Ends {
  low: number
  high: number
  /** Different greys of the masks, and the share of the pixels near the two. */
  greys: number
  share: number
}

/** Greys that noise of compression puts beside an end. */
export const NEAR = 16
/** Values below this may be ids that count from 0. */
const MOST_IDS = 64
const LEAST_SHARE = 0.8
/** A grey between the ends that holds more is a third class. */
const THIRD_SHARE = 0.03
/** As is one that holds more of what lies between them. */
const MOST_OF_BETWEEN = 0.6

/** The two greys that hold nearly all pixels of the set; null where there are more levels, or ids. */
export function findEnds(sheets: readonly Sheet[]): Ends | null {
  const support = supportOf(sheets)
  const greys = [...support].filter(([code]) => code >= 0 && code < 256)
  const near = (end: number) =>
    greys.reduce((sum, [code, { share }]) => sum + (Math.abs(code - end) <= NEAR ? share : 0), 0)
  const low = heaviest(greys.filter(([code]) => code < MOST_IDS))
  const high = heaviest(greys.filter(([code]) => code - NEAR * 2 > low && code >= MOST_IDS))
  if (low < 0 || high < 0) return null
  const share = near(low) + near(high)
  if (share < LEAST_SHARE) return null
  const others = greys.filter(([code]) => code !== low && code !== high)
  // A brighter level beyond the brighter end, seldom as it may be, is a third.
  if (others.some(([code, { largeIn }]) => code > high + NEAR && largeIn > 0)) return null
  if (areIds(others, low, sheets.length)) return null
  const common = others.filter(([, codeSupport]) => isCommon(codeSupport, sheets.length))
  if (common.length > 0 && !isNoise(others, { low, high })) return null
  return { low, high, greys: greys.length, share }
}

/** Whether what lies beside black are ids in most masks, not noise: void may hold more pixels than small objects. */
function areIds(others: readonly (readonly [number, { masks: number }])[], low: number, total: number): boolean {
  const sorted = others.map(([code]) => code).sort((a, b) => a - b)
  return (
    low === 0 &&
    others.length > 0 &&
    sorted.every((code, i) => code === i + 1) &&
    others.every(([, { masks }]) => masks > 1 && masks * 2 > total)
  )
}

function heaviest(greys: readonly (readonly [number, { share: number }])[]): number {
  return greys.reduce((best, grey) => (grey[1].share > best[1].share ? grey : best), [-1, { share: 0 }] as const)[0]
}

/** Whether further greys are of edges and compression: several, spread above the ids, none with much of the pixels. */
function isNoise(
  others: readonly (readonly [number, { share: number }])[],
  { low, high }: { low: number; high: number },
) {
  const between = others.filter(([code]) => code - low > NEAR && high - code > NEAR)
  if (between.some(([, { share }]) => share > THIRD_SHARE)) return false
  const mass = between.reduce((sum, [, { share }]) => sum + share, 0)
  if (between.some(([, { share }]) => share > mass * MOST_OF_BETWEEN)) return false
  if (others.filter(([code]) => code >= MOST_IDS).length >= 3) return true
  // Noise beside both ends, and none in between.
  return (
    between.length === 0 && others.some(([code]) => high - code <= NEAR) && others.some(([code]) => code >= MOST_IDS)
  )
}
