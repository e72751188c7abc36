/** What a run came to, for comparisons and for `run.json`: its settings and its complete rounds, images by name. */
import type { CpralConfig } from '../domain/config'
import type { EngineReport } from '../domain/engine'
import type { AdversaryRecord, NoiseCount, RoundRecord } from '../domain/round'
import type { Effort, Incident, RunRecord } from '../domain/run'
import type { Timed } from '../domain/stages'

/** A complete round. Shares are 0..1, pixels those of the input size. */
export interface RoundResult {
  /** Human- or oracle-labelled pixels over the pool's pixels while this round trained. */
  labelledShare: number
  labelledPixels: number
  poolPixels: number
  /** null without validation images. */
  mIoU: number | null
  /** In the order of `classes`; null where neither ground truth nor prediction has the class. */
  iouPerClass: (number | null)[]
  pixelAccuracy: number | null
  /** Training steps. */
  steps: number
  /** Labelled pixels that they saw, as often as they came; null in older runs, which did not count them. */
  labelledSeen: number | null
  /** Names of the labelled images this round trained on. */
  images: string[]
  /** What this round's query chose; none in the last round. */
  regions: { image: string; x: number; y: number; width: number; height: number; score: number }[]
  /** Per class, pixels that were labelled because of this round, and those of the whole pool. */
  selectedClassPixels: number[]
  poolClassPixels: number[]
  /** See `RoundRecord`; null where the round has none. */
  candidates: { found: number; taken: number } | null
  unspentPixels: number
  noise: NoiseCount | null
  adversary: AdversaryRecord | null
  extension: RoundRecord['extension']
  seconds: Record<Timed, number>
}

export interface RunResult {
  name: string | null
  config: CpralConfig
  /** The file behind `config.weights`; null from scratch. */
  initialWeights: RunRecord['initialWeights'] | null
  versions: Record<string, string>
  engine: EngineReport | null
  classes: string[]
  /** The usual work when null: see `Effort`. */
  effort: Effort | null
  incidents: Incident[]
  rounds: RoundResult[]
}

/** What describes a run besides its records. */
export interface RunFacts {
  versions: Record<string, string>
  classes: string[]
  /** Image id -> name. */
  names: ReadonlyMap<string, string>
}

/** @param rounds complete ones, in order */
export function runResult(run: RunRecord, rounds: readonly RoundRecord[], facts: RunFacts): RunResult {
  return {
    name: run.name ?? null,
    config: run.config,
    initialWeights: run.initialWeights ?? null,
    versions: facts.versions,
    engine: run.engine,
    classes: facts.classes,
    effort: run.effort ?? null,
    incidents: run.incidents ?? [],
    rounds: rounds.map((round) => roundResult(round, (id) => facts.names.get(id) ?? id)),
  }
}

function roundResult(round: RoundRecord, nameOf: (id: string) => string): RoundResult {
  const { evaluation } = round
  return {
    labelledShare: round.labelledPixels / round.poolPixels,
    labelledPixels: round.labelledPixels,
    poolPixels: round.poolPixels,
    mIoU: evaluation?.mIoU ?? null,
    iouPerClass: evaluation?.iouPerClass ?? [],
    pixelAccuracy: evaluation?.pixelAccuracy ?? null,
    steps: round.steps,
    labelledSeen: round.labelledSeen?.reduce((sum, pixels) => sum + pixels, 0) ?? null,
    images: round.trainImages.map(nameOf),
    regions: round.regions.map(({ imageId, ...region }) => ({ image: nameOf(imageId), ...region })),
    selectedClassPixels: round.selectedClassPixels,
    poolClassPixels: round.poolClassPixels,
    candidates: round.candidates ?? null,
    unspentPixels: round.unspentPixels ?? 0,
    noise: round.noise ?? null,
    adversary: round.adversary ?? null,
    extension: round.extension,
    seconds: round.seconds,
  }
}
