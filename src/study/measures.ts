/** What a run came to, in the few numbers by which runs are compared. */
import { TIMED, type Timed } from '../domain/stages'
import type { CurvePoint } from './curves'
import { CROWDED } from './round-warnings'
import type { RoundResult, RunResult } from './run-result'

/** All shares 0..1. */
export interface RunMeasures {
  curve: CurvePoint[]
  /** Of the last round; null without validation images. */
  mIoU: number | null
  /** In the order of the run's classes; null where neither ground truth nor prediction has the class. */
  iouPerClass: (number | null)[]
  labelledShare: number
  /** Of all rounds together. */
  steps: number
  /** Images with any label that a person or the oracle gave, while the last round trained. */
  images: number
  /** Regions without overlap that all queries found, and those that the budget took; null without regions. */
  candidates: { found: number; taken: number; share: number; leavesLittleChoice: boolean } | null
  /** Pixels of the budget that could not be spent, by those of the pool. */
  unspentShare: number
  classes: ClassMeasures
  adversary: AdversaryMeasures | null
  /** Labels that were wrong in the oracle's answers; null without noise. */
  noise: NoiseMeasures | null
  time: TimeMeasures
  /** Failures of the engine after which the run went on by itself. */
  incidents: number
  /** Images a training step and share of the usual work, where they were lowered for want of memory. */
  isReduced: boolean
}

export interface ClassMeasures {
  /** Of what the queries bought, in the order of the run's classes; all 0 where they bought nothing. */
  bought: number[]
  /** Of the pool. */
  pool: number[]
  /** See `thinClasses`. */
  thin: number[]
  /** Mean IoU of the thin classes that have one, in the last round. */
  thinIoU: number | null
  thinBought: number
  thinPool: number
}

export interface AdversaryMeasures {
  /** Mean of a round's two accuracies of the discriminator: a half is chance. */
  accuracies: number[]
  /** The discriminator told nothing in any round. */
  isCollapsed: boolean
}

export interface NoiseMeasures {
  /** Pixels with a class in the ground truth that were answered. */
  answered: number
  /** Those that got another class, and none. */
  wrongShare: number
  missingShare: number
}

/** Seconds of a mean round that asked for labels, by stage; `evaluate` is no cost of a method. */
export interface TimeMeasures {
  perStage: Record<Timed, number>
  /** rate, entropy, attend and select: what choosing costs. */
  query: number
  /** All stages but `evaluate`. */
  round: number
  /** All rounds and stages. */
  total: number
}

const QUERY: readonly Timed[] = ['rate', 'entropy', 'attend', 'select']

export function measuresOf(run: RunResult): RunMeasures {
  const { rounds } = run
  const last = rounds.at(-1)
  return {
    curve: curveOf(rounds),
    mIoU: last?.mIoU ?? null,
    iouPerClass: run.classes.map((_, c) => last?.iouPerClass[c] ?? null),
    labelledShare: last?.labelledShare ?? 0,
    steps: sumOf(rounds, ({ steps }) => steps),
    images: last?.images.length ?? 0,
    candidates: candidatesOf(rounds),
    unspentShare: last ? sumOf(rounds, ({ unspentPixels }) => unspentPixels) / last.poolPixels : 0,
    classes: classesOf(run),
    adversary: adversaryOf(rounds),
    noise: noiseOf(rounds),
    time: timeOf(rounds),
    incidents: run.incidents.length,
    isReduced: run.effort !== null && (run.effort.share < 1 || run.effort.batchSize !== null),
  }
}

function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0)
}

/** The rounds that were measured. */
function curveOf(rounds: readonly RoundResult[]): CurvePoint[] {
  return rounds.flatMap(({ labelledShare, mIoU }) => (mIoU === null ? [] : [{ share: labelledShare, mIoU }]))
}

function candidatesOf(rounds: readonly RoundResult[]): RunMeasures['candidates'] {
  const found = sumOf(rounds, ({ candidates }) => candidates?.found ?? 0)
  if (found === 0) return null
  const taken = sumOf(rounds, ({ candidates }) => candidates?.taken ?? 0)
  return { found, taken, share: taken / found, leavesLittleChoice: taken / found > CROWDED }
}

/**
 * Ids of the classes that the pool has least of: of those that it has, the third with the fewest pixels, rounded down
 * but one at least, fewest first.
 * @param poolClassPixels pixels of each class in the ground truth of the pool
 */
export function thinClasses(poolClassPixels: readonly number[]): number[] {
  const present = poolClassPixels.flatMap((pixels, c) => (pixels > 0 ? [{ c, pixels }] : []))
  const ordered = present.sort((a, b) => a.pixels - b.pixels || a.c - b.c)
  return ordered.slice(0, Math.max(1, Math.floor(ordered.length / 3))).map(({ c }) => c)
}

function classesOf({ rounds, classes }: RunResult): ClassMeasures {
  const poolPixels = classes.map((_, c) => rounds[0]?.poolClassPixels[c] ?? 0)
  const boughtPixels = classes.map((_, c) => sumOf(rounds, ({ selectedClassPixels }) => selectedClassPixels[c] ?? 0))
  const [pool, bought, thin] = [sharesOf(poolPixels), sharesOf(boughtPixels), thinClasses(poolPixels)]
  const ious = thin.flatMap((c) => rounds.at(-1)?.iouPerClass[c] ?? [])
  return {
    bought,
    pool,
    thin,
    thinIoU: ious.length > 0 ? sumOf(ious, (iou) => iou) / ious.length : null,
    thinBought: sumOf(thin, (c) => bought[c] ?? 0),
    thinPool: sumOf(thin, (c) => pool[c] ?? 0),
  }
}

function sharesOf(pixels: readonly number[]): number[] {
  const total = sumOf(pixels, (count) => count)
  return pixels.map((count) => (total > 0 ? count / total : 0))
}

function adversaryOf(rounds: readonly RoundResult[]): AdversaryMeasures | null {
  const records = rounds.flatMap(({ adversary }) => adversary ?? [])
  if (records.length === 0) return null
  return {
    accuracies: records.map(({ accuracy }) => (accuracy.labelled + accuracy.unlabelled) / 2),
    isCollapsed: records.every(({ isCollapsed }) => isCollapsed),
  }
}

function noiseOf(rounds: readonly RoundResult[]): NoiseMeasures | null {
  const counts = rounds.flatMap(({ noise }) => noise ?? [])
  if (counts.length === 0) return null
  const answered = sumOf(counts, (count) => count.answered)
  const shareOf = (pixels: number) => (answered > 0 ? pixels / answered : 0)
  return {
    answered,
    wrongShare: shareOf(sumOf(counts, ({ wrong }) => wrong)),
    missingShare: shareOf(sumOf(counts, ({ missing }) => missing)),
  }
}

function timeOf(rounds: readonly RoundResult[]): TimeMeasures {
  const asked = rounds.filter(({ regions }) => regions.length > 0)
  const counted = asked.length > 0 ? asked : rounds
  const perStage = Object.fromEntries(
    TIMED.map((stage) => [stage, sumOf(counted, ({ seconds }) => seconds[stage]) / Math.max(1, counted.length)]),
  ) as Record<Timed, number>
  return {
    perStage,
    query: sumOf(QUERY, (stage) => perStage[stage]),
    round: sumOf(TIMED, (stage) => (stage === 'evaluate' ? 0 : perStage[stage])),
    total: sumOf(rounds, ({ seconds }) => sumOf(TIMED, (stage) => seconds[stage])),
  }
}
