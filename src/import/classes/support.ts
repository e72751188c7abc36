/** How well the codes of a set are borne out: in how many masks, on what share of their pixels. */
import type { Sheet } from './types'

export interface Support {
  masks: number
  /** Masks of which the code holds a hundredth or more. */
  largeIn: number
  /** Mean share of the masks, 0..1. */
  share: number
}

/** Above this share of a mask, pixels are no strays. */
export const STRAY_SHARE = 0.01
const FEW_MASKS = 8

export function supportOf(sheets: readonly Sheet[]): Map<number, Support> {
  const support = new Map<number, Support>()
  for (const { counts, pixels } of sheets) {
    for (const [code, count] of counts) {
      const before = support.get(code) ?? { masks: 0, largeIn: 0, share: 0 }
      support.set(code, {
        masks: before.masks + 1,
        largeIn: before.largeIn + (count / pixels >= STRAY_SHARE ? 1 : 0),
        share: before.share + count / pixels / sheets.length,
      })
    }
  }
  return support
}

/** Whether a code is no slip of single masks: it occurs in many, or largely in some. */
export function isCommon({ masks, largeIn }: Support, total: number): boolean {
  if (total < FEW_MASKS) return largeIn >= 1
  return largeIn >= 3 || masks >= Math.max(2, total * 0.05)
}
