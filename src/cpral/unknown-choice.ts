/** Runs of a newer version may be made from what this one does not know. */
import type { CpralConfig } from '../domain/config'
import { RECIPES } from '../domain/config'
import { isMethodName } from './methods'

/** What this version does not know of a run's choices, as in `the method "best-of-all"`; null when it knows them all. */
export function unknownChoice({ recipe, selection }: Pick<CpralConfig, 'recipe' | 'selection'>): string | null {
  if (!isMethodName(selection.method)) return `the method "${String(selection.method)}"`
  if (recipe !== undefined && !RECIPES.includes(recipe)) return `the recipe "${String(recipe)}"`
  return null
}
