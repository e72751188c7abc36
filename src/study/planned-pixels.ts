/** How much a run will have labelled, before it starts. */
import { METHODS } from '../cpral/methods'
import { mostQueried } from '../cpral/pool-rules'
import { roundBudget } from '../cpral/region-selection'
import type { CpralConfig } from '../domain/config'

/**
 * Labelled pixels, void included, while each round trains, when every query finds enough to spend its budget on, and
 * regions lie where nothing is labelled yet. The pool has `trainImages * height * width`.
 */
export function plannedPixels(config: Pick<CpralConfig, 'selection' | 'size'>, trainImages: number): number[] {
  const { selection, size } = config
  const image = size.height * size.width
  const wanted = METHODS[selection.method].usesRegions
    ? regionPixels(roundBudget(selection, size), selection.regionSide)
    : Math.ceil(selection.budgetImages) * image
  const query = Math.min(wanted, mostQueried(config, trainImages - selection.initialImages))
  return Array.from({ length: selection.rounds }, (_, i) =>
    Math.min(trainImages * image, selection.initialImages * image + i * query),
  )
}

/** Regions are taken until what they label reaches the budget less half a region: see `selectRegions`. */
function regionPixels(budgetPixels: number, side: number): number {
  const region = side * side
  return Math.max(0, Math.ceil((budgetPixels - region / 2) / region)) * region
}
