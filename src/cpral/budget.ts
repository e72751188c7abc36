/** Pixel accounting: what a person or the oracle labelled counts (void too), what extension added never does. */
import { PROVENANCE } from '../storage/schema'
import type { SelectionConfig, Size } from './config'

/** Whether a pixel of this provenance was labelled by a person or the oracle. */
export function isAnnotated(provenance: number): boolean {
  return provenance === PROVENANCE.human || provenance === PROVENANCE.oracle
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
