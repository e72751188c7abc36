/** Methods that score the windows of all images class by class in one pass, and choose among all of them at once. */
import type { CpralConfig, SelectionConfig } from '../domain/config'
import { METHODS, type Method, type RegionScore } from './methods'

/** How doubtful a pixel is: the committee's vote entropy; second probability by first; entropy of the softmax. */
export type Uncertainty = 'votes' | 'margin' | 'entropy'

export interface PoolRule {
  uncertainty: Uncertainty
  /** Common classes weigh little in a window's score; otherwise windows are drawn for one class after the other. */
  isBalanced: boolean
  /** The image's rating counts in the score of its windows. */
  usesRating: boolean
}

const RULES: Partial<Record<RegionScore, PoolRule>> = {
  'balanced-entropy': { uncertainty: 'votes', isBalanced: true, usesRating: true },
  'balanced-margin': { uncertainty: 'margin', isBalanced: true, usesRating: false },
  'stratified-entropy': { uncertainty: 'entropy', isBalanced: false, usesRating: false },
}

/** null for a method that does not look at the pool class by class. */
export function poolRule({ usesRegions, regionScore }: Method): PoolRule | null {
  return (usesRegions && RULES[regionScore]) || null
}

/** Settings of these methods; see `SelectionConfig`. */
export type PoolSettings = Required<
  Pick<SelectionConfig, 'balance' | 'regionsPerImage' | 'ratingPrior' | 'temperature' | 'classQuota'>
>

const DEFAULTS: PoolSettings = { balance: 6, regionsPerImage: 4, ratingPrior: 0.25, temperature: 0, classQuota: 0.66 }

export const POOL_SETTINGS = Object.keys(DEFAULTS) as readonly (keyof PoolSettings)[]

/** The settings, with the defaults of those that are absent. */
export function poolSettings(selection: SelectionConfig): PoolSettings {
  const { balance, regionsPerImage, ratingPrior, temperature, classQuota } = selection
  return {
    balance: balance ?? DEFAULTS.balance,
    regionsPerImage: regionsPerImage ?? DEFAULTS.regionsPerImage,
    ratingPrior: ratingPrior ?? DEFAULTS.ratingPrior,
    temperature: temperature ?? DEFAULTS.temperature,
    classQuota: classQuota ?? DEFAULTS.classQuota,
  }
}

/** Which of these settings a method looks at. */
export function usedPoolSettings(method: Method): (keyof PoolSettings)[] {
  const rule = poolRule(method)
  if (!rule) return []
  if (!rule.isBalanced) return ['regionsPerImage', 'classQuota']
  const used = ['balance', 'regionsPerImage', 'temperature'] as const
  return rule.usesRating ? [...used, 'ratingPrior'] : [...used]
}

/**
 * Pixels that a query can label at most, for it takes a few regions of each image that is not wholly labelled; Infinity
 * for methods without such a limit.
 */
export function mostQueried({ selection, size }: Pick<CpralConfig, 'selection' | 'size'>, images: number): number {
  if (!poolRule(METHODS[selection.method])) return Number.POSITIVE_INFINITY
  const { regionSide } = selection
  // As many as fit side by side; those chosen greedily are fewer.
  const fitting = Math.floor(size.height / regionSide) * Math.floor(size.width / regionSide)
  return images * Math.min(fitting, poolSettings(selection).regionsPerImage) * regionSide ** 2
}
