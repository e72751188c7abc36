/** Run lengths of COCO: numbers of pixels outside and inside in turns, down the columns, beginning outside. */
import type { ColumnRuns } from './columns'

const BITS = 5
const LOW_BITS = 2 ** BITS - 1
const SIGN_BIT = 2 ** (BITS - 1)
const CONTINUES = 2 ** BITS
const FIRST_CHARACTER = 48

/**
 * Run lengths that pycocotools packed into ASCII: five bits a character from the lowest, in two's complement, a sixth
 * bit where another character follows; from the fourth number on as the difference to the one two before. null when the
 * text ends within a number or has other characters.
 */
export function unpackRuns(text: string): number[] | null {
  const counts: number[] = []
  let value = 0
  let shift = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i) - FIRST_CHARACTER
    if (code < 0 || code >= 2 * CONTINUES || shift > 30) return null
    value |= (code & LOW_BITS) << shift
    shift += BITS
    if (code & CONTINUES) continue
    if (code & SIGN_BIT && shift < 32) value |= -1 << shift
    counts.push(counts.length > 2 ? value + counts[counts.length - 2] : value)
    value = 0
    shift = 0
  }
  return shift === 0 ? counts : null
}

/** The runs inside; null unless the lengths are whole, none negative, and together `pixels`. */
export function runsOf(counts: readonly unknown[], pixels: number): ColumnRuns | null {
  const runs: number[] = []
  let at = 0
  for (const [i, count] of counts.entries()) {
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) return null
    if (i % 2 === 1 && count > 0) runs.push(at, at + count)
    at += count
  }
  return at === pixels ? runs : null
}
