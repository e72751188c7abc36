/** What a headless run leaves behind besides run.json: curve.csv, and the table on the terminal. */
import type { RoundRecord } from '../../src/domain/round'
import { TIMED } from '../../src/domain/stages'

export function curveCsv(rounds: readonly RoundRecord[]): string {
  const header = [
    'round',
    'labelled_share',
    'miou',
    'pixel_accuracy',
    'train_images',
    'steps',
    'candidates_found',
    'candidates_taken',
    'unspent_pixels',
    ...TIMED.map((stage) => `${stage}_s`),
  ]
  const rows = rounds.map((round) => [
    round.index,
    round.labelledPixels / round.poolPixels,
    round.evaluation?.mIoU ?? '',
    round.evaluation?.pixelAccuracy ?? '',
    round.trainImages.length,
    round.steps,
    round.candidates?.found ?? '',
    round.candidates?.taken ?? '',
    round.unspentPixels ?? 0,
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
