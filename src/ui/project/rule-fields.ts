/** The numbers of our recipe's rules, in the order of the form. */
import type { TrainingConfig } from '../../domain/config'

type RuleName = {
  [Name in keyof TrainingConfig]-?: number extends TrainingConfig[Name] ? Name : never
}[keyof TrainingConfig]

export interface RuleField {
  name: RuleName
  hint: string
  max?: number
  /** 0 stands for none, which is stored as null. */
  isNullable?: boolean
}

/** Those that are changed most. */
export const MAIN_RULES: readonly RuleField[] = [
  { name: 'classWeightPower', hint: '0: all classes weigh alike' },
  { name: 'averaging', hint: '0: none are averaged', max: 0.9999, isNullable: true },
]

export const FINE_RULES: readonly RuleField[] = [
  { name: 'classWeightCap', hint: '1 or more' },
  { name: 'clipNorm', hint: '0: any', isNullable: true },
  { name: 'scaleLeast', hint: '1: as it is' },
  { name: 'scaleMost', hint: '1: as it is' },
  { name: 'rateRise', hint: "share of a round's, 0 to 1", max: 1 },
  { name: 'cropShare', hint: '1: whole images', max: 1 },
  { name: 'dropoutFactor', hint: '1: as in asking' },
]
