/** Runs of a project beside each other: the measures of a study, and the settings in which the runs differ. */
import { isMethodName, METHODS } from '../cpral/methods'
import { poolSettings, usedPoolSettings } from '../cpral/pool-rules'
import type { CpralConfig } from '../domain/config'
import type { ImageSummary, ProjectRecord } from '../domain/project'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import { areaUnder, commonRange, p90Of, type ShareRange, shareAt } from '../study/curves'
import { measuresOf, type RunMeasures } from '../study/measures'
import { runResult } from '../study/run-result'

export interface RunRounds {
  run: RunRecord
  /** In order. */
  rounds: readonly RoundRecord[]
}

export interface ComparedRun extends RunRounds {
  measures: RunMeasures
  /** It trained on the labels of the whole pool: its mIoU is p100. */
  isAllLabels: boolean
  /** Mean mIoU over the comparison's range, 0..1; null where the run has no such curve. */
  area: number | null
  /** Labelled share at which the curve gets to p90; null where it does not, or there is no p90. */
  shareAtP90: number | null
}

/** All numbers 0..1. */
export interface Comparison {
  runs: ComparedRun[]
  /** Labelled shares that all the curves cover; null where they have none in common. */
  range: ShareRange | null
  /** Mean mIoU of the runs with all labels; null without one. */
  p100: number | null
  p90: number | null
}

/**
 * @param entries in the order of the screen; rounds that are neither complete nor measured are left out
 * @param images of the project by id
 */
export function compareRuns(
  entries: readonly RunRounds[],
  project: Pick<ProjectRecord, 'classes'>,
  images: ReadonlyMap<string, Pick<ImageSummary, 'name'>>,
): Comparison {
  const classes = project.classes.map(({ name }) => name)
  const names = new Map([...images].map(([id, { name }]) => [id, name]))
  const measured = entries.map(({ run, rounds: all }) => {
    const rounds = all.filter((round) => round.isComplete || round.evaluation !== null)
    const measures = measuresOf(runResult(run, rounds, { versions: {}, classes, names }))
    return { run, rounds, measures, isAllLabels: hasAllLabels(rounds) }
  })
  const curves = measured.flatMap(({ isAllLabels, measures: { curve } }) => {
    return isAllLabels || curve.length < 2 ? [] : [curve]
  })
  const range = commonRange(curves)
  const full = measured.flatMap(({ isAllLabels, measures: { mIoU } }) => (isAllLabels && mIoU !== null ? [mIoU] : []))
  const p100 = full.length > 0 ? full.reduce((sum, mIoU) => sum + mIoU, 0) / full.length : null
  const p90 = p100 === null ? null : p90Of(p100)
  const runs = measured.map((run) => {
    const { curve } = run.measures
    const isCurve = !run.isAllLabels
    return {
      ...run,
      area: range && isCurve ? areaUnder(curve, range) : null,
      shareAtP90: p90 !== null && isCurve ? shareAt(curve, p90) : null,
    }
  })
  return { runs, range, p100, p90 }
}

function hasAllLabels([first]: readonly RoundRecord[]): boolean {
  return first !== undefined && first.poolPixels > 0 && first.labelledPixels >= first.poolPixels
}

type PathsOf<T> = {
  [Name in keyof T & string]-?: NonNullable<T[Name]> extends object ? `${Name}.${PathsOf<NonNullable<T[Name]>>}` : Name
}[keyof T & string]

/** A setting by its place in a run's config: "selection.method". */
export type SettingPath = PathsOf<CpralConfig>
export type SettingValue = string | number | boolean | null

/** A setting that is not the same in all runs, with its value in each; null where a run has none. */
export interface SettingDifference {
  path: SettingPath
  values: SettingValue[]
}

/** What a setting is in a run that does not say it: most were made before there was one. */
export const UNSAID: Partial<Record<SettingPath, SettingValue>> = {
  recipe: 'paper',
  annotator: 'oracle',
  'training.schedule': 'drop',
  'training.rateRise': 0,
  'training.nesterov': false,
  'training.scaleLeast': 1,
  'training.scaleMost': 1,
  'training.cropShare': 1,
  'training.drawFrom': 'images',
  'training.dropoutFactor': 1,
  'training.classWeightPower': 0,
  'monteCarlo.precision': 'float32',
  'monteCarlo.chunkShare': 1,
}

/** In the order of the configs. Settings of VAAL's networks are left out where no run has such networks. */
export function settingDifferences(configs: readonly CpralConfig[]): SettingDifference[] {
  const leaves = configs.map((config) => new Map(leavesOf(config)))
  const hasAdversary = configs.some(({ selection }) => /^(ta-)?vaal/.test(selection.method))
  const paths = new Set(leaves.flatMap((values) => [...values.keys()]))
  return [...paths].flatMap((path) => {
    if (path.startsWith('adversary.') && !hasAdversary) return []
    const values = leaves.map((of, i) => of.get(path) ?? unsaid(path, configs[i]))
    return values.every((value) => value === values[0]) ? [] : [{ path, values }]
  })
}

/** What a setting is in a run that does not say it; null where its method does not look at it. */
function unsaid(path: SettingPath, { selection }: CpralConfig): SettingValue {
  const pool = isMethodName(selection.method) ? usedPoolSettings(METHODS[selection.method]) : []
  const name = pool.find((used) => path === `selection.${used}`)
  return name ? poolSettings(selection)[name] : (UNSAID[path] ?? null)
}

function leavesOf(value: object, prefix = ''): [SettingPath, SettingValue][] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    if (typeof inner === 'object' && inner !== null) return leavesOf(inner, `${prefix}${name}.`)
    // A setting that is absent as a whole, such as no noise, has no leaves.
    if (inner === null || inner === undefined) return []
    return [[`${prefix}${name}` as SettingPath, inner as SettingValue]]
  })
}
