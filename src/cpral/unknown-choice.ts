/** What this version does not know of runs that another one made. */
import type { CpralConfig, TrainingConfig } from '../domain/config'
import { RECIPES } from '../domain/config'
import { isMethodName } from './methods'

/** What this version does not know of a run's choices, as in `the method "best-of-all"`; null when it knows them all. */
export function unknownChoice({ recipe, selection }: Pick<CpralConfig, 'recipe' | 'selection'>): string | null {
  if (!isMethodName(selection.method)) return `the method "${String(selection.method)}"`
  if (recipe !== undefined && !RECIPES.includes(recipe)) return `the recipe "${String(recipe)}"`
  return null
}

/** Rules of training that are gone (docs/decisions/recipe-studio.md), each with the value that changes nothing. */
const DROPPED: Readonly<Record<string, unknown>> = {
  jitter: 0,
  mosaic: false,
  rareShare: 0,
  pasteProbability: 0,
  lossMean: 'batch',
  consistencyWeight: 0,
}

/** A rule that an earlier version trained a run by, as in `the setting training.mosaic`; null when there is none. */
export function droppedRule(training: TrainingConfig): string | null {
  const settings: Readonly<Record<string, unknown>> = { ...training }
  const name = Object.keys(DROPPED).find((key) => settings[key] !== undefined && settings[key] !== DROPPED[key])
  return name === undefined ? null : `the setting training.${name}`
}

/** The rules that there are. */
export function withoutDroppedRules(training: TrainingConfig): TrainingConfig {
  const kept = Object.entries(training).filter(([key]) => !Object.hasOwn(DROPPED, key))
  return Object.fromEntries(kept) as unknown as TrainingConfig
}
