/** What a headless run leaves behind, round by round: run.json, curve.csv, and the table on the terminal. */
import type { CpralConfig } from '../../src/domain/config'
import type { EngineReport } from '../../src/domain/engine'
import type { RoundRecord } from '../../src/domain/round'
import type { RunRecord } from '../../src/domain/run'
import { TIMED, type Timed } from '../../src/domain/stages'

export interface RunFile {
  config: CpralConfig
  /** The file behind `config.weights`; null from scratch. */
  initialWeights: RunRecord['initialWeights'] | null
  versions: Record<string, string>
  engine: EngineReport | null
  classes: string[]
  rounds: {
    /** Human- or oracle-labelled pixels over the pool's pixels while this round trained. */
    labelledShare: number
    mIoU: number | null
    /** In the order of `classes`; null where neither ground truth nor prediction has the class. */
    iouPerClass: (number | null)[]
    /** Names of the labelled images this round trained on. */
    images: string[]
    /** What this round's query chose; none in the last round. Pixels at the input size. */
    regions: { image: string; x: number; y: number; width: number; height: number; score: number }[]
    seconds: Record<Timed, number>
  }[]
}

/** What describes a run besides its rounds. */
export interface RunFacts {
  versions: Record<string, string>
  classes: string[]
  /** Image id -> name. */
  names: ReadonlyMap<string, string>
}

export function runFile(run: RunRecord, rounds: readonly RoundRecord[], facts: RunFacts): RunFile {
  const nameOf = (id: string) => facts.names.get(id) ?? id
  return {
    config: run.config,
    initialWeights: run.initialWeights ?? null,
    versions: facts.versions,
    engine: run.engine,
    classes: facts.classes,
    rounds: rounds.map((round) => ({
      labelledShare: round.labelledPixels / round.poolPixels,
      mIoU: round.evaluation?.mIoU ?? null,
      iouPerClass: round.evaluation?.iouPerClass ?? [],
      images: round.trainImages.map(nameOf),
      regions: round.regions.map(({ imageId, x, y, width, height, score }) => ({
        image: nameOf(imageId),
        x,
        y,
        width,
        height,
        score,
      })),
      seconds: round.seconds,
    })),
  }
}

export function curveCsv(rounds: readonly RoundRecord[]): string {
  const header = [
    'round',
    'labelled_share',
    'miou',
    'pixel_accuracy',
    'train_images',
    'steps',
    ...TIMED.map((stage) => `${stage}_s`),
  ]
  const rows = rounds.map((round) => [
    round.index,
    round.labelledPixels / round.poolPixels,
    round.evaluation?.mIoU ?? '',
    round.evaluation?.pixelAccuracy ?? '',
    round.trainImages.length,
    round.steps,
    ...TIMED.map((stage) => round.seconds[stage].toFixed(3)),
  ])
  return `${[header, ...rows].map((row) => row.join(',')).join('\n')}\n`
}

/** The rounds so far as a table for the terminal: shares in percent, times in seconds. */
export function roundsTable(rounds: readonly RoundRecord[]): string {
  const header = ['round', 'labelled', 'mIoU', 'images', 'steps', ...TIMED.map((stage) => `${stage} s`)]
  const rows = rounds.map((round) => [
    String(round.index),
    `${((100 * round.labelledPixels) / round.poolPixels).toFixed(2)} %`,
    round.evaluation ? round.evaluation.mIoU.toFixed(4) : '-',
    String(round.trainImages.length),
    String(round.steps),
    ...TIMED.map((stage) => round.seconds[stage].toFixed(1)),
  ])
  const widths = header.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)))
  return [header, ...rows]
    .map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '))
    .join('\n')
}
