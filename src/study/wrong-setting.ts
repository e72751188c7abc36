/** Whether the settings that a run of before has not are in their ranges. */
import { METHODS } from '../cpral/methods'
import { usedPoolSettings } from '../cpral/pool-rules'
import type { CpralConfig, TrainingConfig } from '../domain/config'
import { OVERRIDES, type Rule } from './value-rules'

type RequiredOf<T> = { [Name in keyof T]-?: object extends Pick<T, Name> ? never : Name }[keyof T]

/** Settings of training that every run has: older ones may hold what no form would take today. */
const ALWAYS: Record<RequiredOf<TrainingConfig>, true> = {
  epochs: true,
  batchSize: true,
  learningRate: true,
  learningRateDropAt: true,
  learningRateDrop: true,
  momentum: true,
  weightDecay: true,
  headLrFactor: true,
  flipProbability: true,
  blurProbability: true,
  warmStart: true,
  extendedWeight: true,
  ratingWeight: true,
  ratingDetachAt: true,
  equalSteps: true,
}

const RULES = Object.keys(OVERRIDES.training).filter((name) => !Object.hasOwn(ALWAYS, name))

export interface WrongSetting {
  /** The setting's place in the config, with what it is: "training.rateRise is 3". */
  fact: string
  /** What it must be, to end the sentence "it must be ...". */
  expects: string
}

/**
 * The first setting of these that is out of its range; null when all that are there are right. Those of methods that
 * look at the whole pool are nothing to other methods.
 *
 * @param config of a method that there is
 */
export function wrongSetting(config: Pick<CpralConfig, 'training' | 'selection' | 'extension'>): WrongSetting | null {
  const checked = [
    ['training', RULES],
    ['selection', usedPoolSettings(METHODS[config.selection.method])],
    ['extension', ['spreads']],
  ] as const
  for (const [group, names] of checked) {
    const rules: Record<string, Rule> = OVERRIDES[group]
    const values = config[group] as unknown as Record<string, unknown>
    for (const name of names) {
      const value = values[name]
      if (value === undefined || rules[name].accepts(value)) continue
      return { fact: `${group}.${name} is ${JSON.stringify(value)}`, expects: rules[name].expects }
    }
  }
  const { scaleLeast = 1, scaleMost = 1 } = config.training
  if (scaleLeast <= scaleMost) return null
  return { fact: `training.scaleLeast is ${scaleLeast}`, expects: `at most training.scaleMost, which is ${scaleMost}` }
}
