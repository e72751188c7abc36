/** Pixel accounting: what a person, the oracle or a mask labelled counts (void too), what extension added never does. */
import { PROVENANCE } from '../storage/schema'
import type { SelectionConfig, Size } from './config'

/** By provenance: whether somebody answers for the pixel's label. */
const IS_ANNOTATED: readonly boolean[] = Array.from({ length: 256 }, (_, provenance) => {
  const { none, extended, rejected } = PROVENANCE
  return ![none, extended, rejected].some((other) => other === provenance)
})

/** Whether a pixel of this provenance has a label that somebody answers for. */
export function isAnnotated(provenance: number): boolean {
  return IS_ANNOTATED[provenance]
}

/** H*W, 1 where a person or the oracle labelled. */
export function annotatedMask(provenance: Uint8Array): Uint8Array {
  return provenance.map((value) => (isAnnotated(value) ? 1 : 0))
}

/** Pixels that a person or the oracle labelled. */
export function annotatedPixels(provenance: Uint8Array): number {
  let count = 0
  for (const value of provenance) if (isAnnotated(value)) count++
  return count
}

/** Pixels that one round may label. */
export function roundBudget(selection: SelectionConfig, size: Size): number {
  return selection.budgetImages * size.height * size.width
}
