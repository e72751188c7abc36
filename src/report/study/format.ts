/** Numbers and settings in words, as all figures of a study's report write them. */
import { methodName } from '../../cpral/method-names'
import { noiseName } from '../../cpral/noise-names'
import type { CpralConfig, MethodName } from '../../domain/config'
import type { Interval, Spread } from '../../study/statistics'
import type { CurveSummary, Setting } from '../../study/summary'

export const NOTHING = '–'

/** A share as percent, without its sign. */
export function percent(share: number | null | undefined, digits = 1): string {
  return share === null || share === undefined || Number.isNaN(share) ? NOTHING : (100 * share).toFixed(digits)
}

/** Mean and deviation in percent; the mean alone for one value. */
export function meanPercent(spread: Spread | null, digits = 1): string {
  if (!spread) return NOTHING
  const deviation = spread.deviation === null ? '' : `\u00a0±\u00a0${percent(spread.deviation, digits)}`
  return `${percent(spread.mean, digits)}${deviation}`
}

/** A difference in percentage points, always with its sign. */
export function signed(share: number, digits = 1): string {
  const text = percent(Math.abs(share), digits)
  return Number(text) === 0 ? `±${text}` : `${share < 0 ? '−' : '+'}${text}`
}

export function intervalText({ from, to }: Interval): string {
  return `[${signed(from)}, ${signed(to)}]`
}

export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 90) return `${seconds.toFixed(0)} s`
  if (seconds < 5400) return `${(seconds / 60).toFixed(1)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}

/** "1 seed", "3 seeds". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}

/** Names of the ablation's methods, as the paper has them. */
const ABLATION_NAMES: Partial<Record<MethodName, string>> = {
  rating: 'Panoptic',
  'cpral-without-attention': 'w/o RGA',
  'cpral-without-extension': 'w/o CLE',
  cpral: 'CPRAL',
}

/** In the paper's order, each with a part more than the one before. */
const ABLATION: readonly MethodName[] = ['rating', 'cpral-without-attention', 'cpral-without-extension', 'cpral']

/** Place of a method in the ablation; others come last. */
export function ablationRank(method: MethodName): number {
  const place = ABLATION.indexOf(method)
  return place < 0 ? ABLATION.length : place
}

export function ablationName(method: MethodName): string {
  return ABLATION_NAMES[method] ?? methodName(method)
}

/** What a setting may differ in, each as a phrase. */
const ASPECTS: readonly ((config: CpralConfig, recipe: string) => string)[] = [
  (_, recipe) => recipe,
  ({ selection }) => `regions of ${selection.regionSide} px`,
  ({ selection }) => `budget of ${counted(selection.budgetImages, 'image')}`,
  ({ selection }) => `subset of ${counted(selection.panopticSize, 'image')}`,
  ({ selection }) => counted(selection.rounds, 'round'),
  ({ size }) => `${size.height} × ${size.width}`,
  ({ noise }) => (noise ? noiseName(noise) : 'no noise'),
]

/** What tells a setting from the others; empty where it is the only one. */
export function settingName(setting: Setting, all: readonly Setting[]): string {
  return ASPECTS.flatMap((aspect) => {
    const names = new Set(all.map(({ config, recipe }) => aspect(config, recipe)))
    return names.size > 1 ? [aspect(setting.config, setting.recipe)] : []
  }).join(', ')
}

/** The settings of some curves, each once, in their order. */
export function settingsOf(curves: readonly CurveSummary[]): Setting[] {
  return [...new Set(curves.map(({ setting }) => setting))]
}
