/** A study in numbers: its curves over the seeds, against all labels and against the baseline. */
import { METHODS } from '../cpral/methods'
import type { CpralConfig, MethodName } from '../domain/config'
import { areaUnder, type CurvePoint, commonRange, p90Of, type ShareRange, shareAt } from './curves'
import { measuresOf, type RunMeasures } from './measures'
import { type PairedDifference, pairedDifference, type Spread, spreadOf } from './statistics'
import type { LineOutcome, StudyOutcome } from './study-outcome'

/** A run that is complete, with its measures. */
export interface MeasuredLine extends LineOutcome {
  run: NonNullable<LineOutcome['run']>
  measures: RunMeasures
  /** Mean mIoU over its setting's common range; null where it does not cover one. */
  area: number | null
  /** null where it does not reach p90, or nothing says what p90 is. */
  shareAtP90: number | null
}

/** A round of a curve over its seeds. */
export interface MeanPoint {
  /** Mean over the seeds. */
  share: number
  mIoU: Spread
}

/** A method in one setting. */
export interface CurveSummary {
  name: string
  method: MethodName
  /** That of its first line, which differs from the others' in its seed. */
  config: CpralConfig
  recipe: string
  setting: Setting
  /** Names of the parts that draw it. */
  parts: string[]
  /** Complete ones, by seed. */
  lines: MeasuredLine[]
  /** Lines that it should have. */
  asked: number
  points: MeanPoint[]
  mIoU: Spread | null
  area: Spread | null
  /** Where the mean curve first gets to the setting's p90; null where it does not, or there is no p90. */
  shareAtP90: number | null
  /** Lines that reach p90 by themselves. */
  reached: number
  /** Against the baseline in its setting, by seed; null for the baseline itself, and where there is none. */
  difference: { mIoU: PairedDifference | null; area: PairedDifference | null } | null
}

/** Curves that differ in method and seed alone: they are fairly compared. */
export interface Setting {
  /** Equal for equal settings. */
  key: string
  recipe: string
  config: CpralConfig
  /** mIoU of the runs on all labels with its recipe; null where no such run is complete. */
  p100: Spread | null
  p90: number | null
  /** Labelled shares that all its complete runs cover. */
  range: ShareRange | null
}

export interface StudySummary {
  settings: Setting[]
  /** In the order of the study. */
  curves: CurveSummary[]
  /** Runs on all labels. */
  allLabels: MeasuredLine[]
  /** Lines without a complete run. */
  unfinished: LineOutcome[]
}

/** Whether all rounds that a line asks for are there. */
export function isDone({ line, run }: LineOutcome): boolean {
  return run !== null && run.rounds.length === line.config.selection.rounds
}

export function summarize({ lines: outcomes, baseline }: Pick<StudyOutcome, 'lines' | 'baseline'>): StudySummary {
  const ordered = [...outcomes].sort((a, b) => a.line.index - b.line.index)
  const measured = ordered.flatMap((outcome) => (isDone(outcome) ? measure(outcome) : []))
  const allLabels = measured.filter(({ line }) => line.isAllLabels)
  const compared = measured.filter(({ line }) => !line.isAllLabels)
  const settings = settingsOf(ordered, compared, allLabels)
  for (const line of compared) {
    const setting = settings.get(settingKey(line))
    line.area = setting?.range ? areaUnder(line.measures.curve, setting.range) : null
    line.shareAtP90 = setting?.p90 ? shareAt(line.measures.curve, setting.p90) : null
  }
  const curves = curvesOf(ordered, compared, settings)
  for (const curve of curves) curve.difference = differenceOf(curve, curveIn(curves, baseline, curve.setting))
  return {
    settings: [...settings.values()],
    curves,
    allLabels,
    unfinished: ordered.filter((outcome) => !isDone(outcome)),
  }
}

function measure(outcome: LineOutcome): MeasuredLine[] {
  const { run } = outcome
  return run ? [{ ...outcome, run, measures: measuresOf(run), area: null, shareAtP90: null }] : []
}

/** All that a line's curve depends on but method and seed. */
function settingKey({ line: { config, recipe, data, weights } }: LineOutcome): string {
  const { seed, adversary, selection, noise, weights: stored, ...rest } = config
  const { method, ...sizes } = selection
  return JSON.stringify({ recipe, data, weights, ...rest, selection: sizes, noise: noise ?? null })
}

function settingsOf(
  ordered: readonly LineOutcome[],
  compared: readonly MeasuredLine[],
  allLabels: readonly MeasuredLine[],
): Map<string, Setting> {
  const settings = new Map<string, Setting>()
  for (const outcome of ordered) {
    const key = settingKey(outcome)
    const { isAllLabels, recipe, config } = outcome.line
    if (isAllLabels || settings.has(key)) continue
    const full = allLabels.filter(({ line }) => line.recipe === recipe).flatMap(({ measures }) => measures.mIoU ?? [])
    const p100 = spreadOf(full)
    const curves = compared.filter((line) => settingKey(line) === key).map(({ measures }) => measures.curve)
    const range = commonRange(curves)
    settings.set(key, { key, recipe, config, p100, p90: p100 && p90Of(p100.mean), range })
  }
  return settings
}

function curvesOf(
  ordered: readonly LineOutcome[],
  compared: readonly MeasuredLine[],
  settings: ReadonlyMap<string, Setting>,
): CurveSummary[] {
  const curves = new Map<string, CurveSummary>()
  for (const outcome of ordered) {
    const { line } = outcome
    const setting = settings.get(settingKey(outcome))
    if (line.isAllLabels || !setting) continue
    const known = curves.get(line.curve)
    if (known) known.parts = [...new Set([...known.parts, ...line.parts])]
    else curves.set(line.curve, curveOf(line, setting, ordered, compared))
  }
  return [...curves.values()]
}

function curveOf(
  line: LineOutcome['line'],
  setting: Setting,
  ordered: readonly LineOutcome[],
  compared: readonly MeasuredLine[],
): CurveSummary {
  const isMine = (other: LineOutcome) => other.line.curve === line.curve && !other.line.isAllLabels
  const lines = compared.filter(isMine).sort((a, b) => a.line.config.seed - b.line.config.seed)
  const points = meanPoints(lines.map(({ measures }) => measures.curve))
  const mean = points.map(({ share, mIoU }) => ({ share, mIoU: mIoU.mean }))
  return {
    name: line.curve,
    method: line.config.selection.method,
    config: line.config,
    recipe: line.recipe,
    setting,
    parts: line.parts,
    lines,
    asked: ordered.filter(isMine).length,
    points,
    mIoU: spreadOf(lines.flatMap(({ measures }) => measures.mIoU ?? [])),
    area: spreadOf(lines.flatMap(({ area }) => area ?? [])),
    shareAtP90: setting.p90 === null ? null : shareAt(mean, setting.p90),
    reached: lines.filter(({ shareAtP90 }) => shareAtP90 !== null).length,
    difference: null,
  }
}

/** The means round by round: at equal rounds, runs of one method have labelled nearly equal shares. */
function meanPoints(curves: readonly (readonly CurvePoint[])[]): MeanPoint[] {
  const rounds = Math.max(0, ...curves.map(({ length }) => length))
  return Array.from({ length: rounds }, (_, i) => {
    const points = curves.flatMap((curve) => curve[i] ?? [])
    const share = points.reduce((sum, point) => sum + point.share, 0) / points.length
    const mIoU = spreadOf(points.map((point) => point.mIoU))
    return mIoU ? [{ share, mIoU }] : []
  }).flat()
}

/**
 * The curve of a method in a setting. What a method of whole images comes to does not depend on the regions, so its
 * curve in a setting with another side of regions will do.
 */
export function curveIn(
  curves: readonly CurveSummary[],
  method: MethodName,
  setting: Setting,
): CurveSummary | undefined {
  const its = curves.filter((curve) => curve.method === method)
  const exact = its.find((curve) => curve.setting.key === setting.key)
  if (exact || METHODS[method].usesRegions || METHODS[method].imageScore === null) return exact
  return its.find((curve) => withoutRegions(curve.setting) === withoutRegions(setting))
}

function withoutRegions({ key }: Setting): string {
  return key.replace(/"regionSide":\d+/, '')
}

function differenceOf(curve: CurveSummary, baseline: CurveSummary | undefined): CurveSummary['difference'] {
  if (!baseline || baseline.name === curve.name) return null
  const bySeed = ({ lines }: CurveSummary, of: (line: MeasuredLine) => number | null) =>
    new Map(
      lines.flatMap((line): [number, number][] => {
        const value = of(line)
        return value === null ? [] : [[line.line.config.seed, value]]
      }),
    )
  const mIoU = ({ measures }: MeasuredLine) => measures.mIoU
  const area = (line: MeasuredLine) => line.area
  return {
    mIoU: pairedDifference(bySeed(curve, mIoU), bySeed(baseline, mIoU)),
    // Areas over different ranges are not comparable.
    area: baseline.setting === curve.setting ? pairedDifference(bySeed(curve, area), bySeed(baseline, area)) : null,
  }
}
