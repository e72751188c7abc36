/**
 * A study's results as files for other programs. Rows and keys come in the order of the study, so that the same results
 * merged from any number of machines are the same text. What depends on the machine (times, engine, versions, failures
 * of the engine) has columns and keys of its own and can be left out.
 */
import { TIMED } from '../domain/stages'
import type { RoundResult } from './run-result'
import type { PairedDifference, Spread } from './statistics'
import type { LineOutcome, StudyOutcome } from './study-outcome'
import { type CurveSummary, isDone, type MeasuredLine, summarize } from './summary'

/** `repeatable` is what every machine comes to; `all` adds what depends on it. */
export type Facts = 'all' | 'repeatable'

type Cell = string | number | boolean | null
type Row = Record<string, Cell>

/** One row for each complete round of each line. Shares and IoUs 0..1, pixels at the input size, seconds. */
export function resultsCsv({ lines }: Pick<StudyOutcome, 'lines'>, facts: Facts = 'all'): string {
  return csvOf(
    inOrder(lines).flatMap(({ line, run }) =>
      (run?.rounds ?? []).map((round, i): Row => {
        const { method, regionSide } = line.config.selection
        const { noise, seed } = line.config
        return {
          line: line.label,
          hash: line.hash,
          curve: line.curve,
          recipe: line.recipe,
          method,
          seed,
          'all labels': line.isAllLabels,
          'noise kind': noise?.kind ?? null,
          'noise share': noise?.share ?? null,
          'noise unit': noise?.unit ?? null,
          'region side': regionSide,
          round: i + 1,
          ...roundRow(round, run?.classes ?? []),
          ...(facts === 'all' && secondsRow(round)),
        }
      }),
    ),
  )
}

function roundRow(round: RoundResult, classes: readonly string[]): Row {
  const { candidates, noise, adversary, extension } = round
  const perClass = classes.flatMap((name, c): [string, Cell][] => [
    [`IoU ${name}`, round.iouPerClass[c] ?? null],
    [`bought pixels ${name}`, round.selectedClassPixels[c] ?? null],
    [`pool pixels ${name}`, round.poolClassPixels[c] ?? null],
  ])
  return {
    'labelled share': round.labelledShare,
    'labelled pixels': round.labelledPixels,
    'pool pixels': round.poolPixels,
    mIoU: round.mIoU,
    'pixel accuracy': round.pixelAccuracy,
    steps: round.steps,
    'labelled pixels seen': round.labelledSeen,
    images: round.images.length,
    regions: round.regions.length,
    'candidates found': candidates?.found ?? null,
    'candidates taken': candidates?.taken ?? null,
    'unspent pixels': round.unspentPixels,
    'noise answered': noise?.answered ?? null,
    'noise wrong': noise?.wrong ?? null,
    'noise missing': noise?.missing ?? null,
    'discriminator labelled': adversary?.accuracy.labelled ?? null,
    'discriminator unlabelled': adversary?.accuracy.unlabelled ?? null,
    collapsed: adversary?.isCollapsed ?? null,
    'extended pixels': extension?.addedPixels ?? null,
    'extended right': extension?.correctPixels ?? null,
    'extended judged': extension?.judgedPixels ?? null,
    ...Object.fromEntries(perClass),
  }
}

function secondsRow({ seconds }: RoundResult): Row {
  return Object.fromEntries(TIMED.map((stage) => [`seconds ${stage}`, seconds[stage]]))
}

/** One row for each curve: its means over the seeds. */
export function curvesCsv(study: Pick<StudyOutcome, 'lines' | 'baseline'>, facts: Facts = 'all'): string {
  return csvOf(
    summarize(study).curves.map((curve): Row => {
      const { setting, difference } = curve
      return {
        curve: curve.name,
        recipe: curve.recipe,
        method: curve.method,
        seeds: curve.lines.map(({ line }) => line.config.seed).join(' '),
        asked: curve.asked,
        ...spreadRow('mIoU', curve.mIoU),
        ...spreadRow('area', curve.area),
        'area from': setting.range?.from ?? null,
        'area to': setting.range?.to ?? null,
        p100: setting.p100?.mean ?? null,
        p90: setting.p90,
        'share at p90': curve.shareAtP90,
        'seeds at p90': curve.reached,
        ...differenceRow('mIoU', difference?.mIoU),
        ...differenceRow('area', difference?.area),
        ...meansRow(curve),
        ...(facts === 'all' && {
          'seconds a query': meanOf(curve, ({ measures }) => measures.time.query),
          'seconds a round': meanOf(curve, ({ measures }) => measures.time.round),
          'seconds in all': meanOf(curve, ({ measures }) => measures.time.total),
          incidents: curve.lines.reduce((sum, { measures }) => sum + measures.incidents, 0),
        }),
      }
    }),
  )
}

function spreadRow(name: string, spread: Spread | null): Row {
  return {
    [name]: spread?.mean ?? null,
    [`${name} deviation`]: spread?.deviation ?? null,
    [`${name} least`]: spread?.least ?? null,
    [`${name} most`]: spread?.most ?? null,
  }
}

function differenceRow(name: string, difference: PairedDifference | null | undefined): Row {
  return {
    [`${name} over baseline`]: difference?.mean ?? null,
    [`${name} over baseline from`]: difference?.interval?.from ?? null,
    [`${name} over baseline to`]: difference?.interval?.to ?? null,
    [`${name} over baseline seeds`]: difference?.n ?? null,
  }
}

function meansRow(curve: CurveSummary): Row {
  return {
    steps: meanOf(curve, ({ measures }) => measures.steps),
    images: meanOf(curve, ({ measures }) => measures.images),
    'labelled share': meanOf(curve, ({ measures }) => measures.labelledShare),
    'candidates taken share': meanOf(curve, ({ measures }) => measures.candidates?.share ?? null),
    'unspent share': meanOf(curve, ({ measures }) => measures.unspentShare),
    'thin classes IoU': meanOf(curve, ({ measures }) => measures.classes.thinIoU),
    'thin classes bought': meanOf(curve, ({ measures }) => measures.classes.thinBought),
    'thin classes pool': meanOf(curve, ({ measures }) => measures.classes.thinPool),
    'wrong labels': meanOf(curve, ({ measures }) => measures.noise?.wrongShare ?? null),
    'missing labels': meanOf(curve, ({ measures }) => measures.noise?.missingShare ?? null),
    'collapsed seeds': curve.lines.filter(({ measures }) => measures.adversary?.isCollapsed).length,
  }
}

/** Mean of a curve's lines that have the value; null where none has. */
function meanOf({ lines }: CurveSummary, of: (line: MeasuredLine) => number | null): number | null {
  const values = lines.flatMap((line) => of(line) ?? [])
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null
}

/** Every line with its config, rounds and measures, as JSON that ends in a line break. */
export function resultsJson(study: StudyOutcome, facts: Facts = 'all'): string {
  const { name, baseline, parts } = study
  const lines = inOrder(study.lines).map((outcome) => lineJson(outcome, facts))
  return `${JSON.stringify({ name, baseline, parts, lines }, null, 1)}\n`
}

function lineJson(outcome: LineOutcome, facts: Facts) {
  const { line, run, failure } = outcome
  const rounds = run?.rounds.map(({ seconds, ...round }) => round) ?? []
  return {
    ...line,
    isDone: isDone(outcome),
    initialWeights: run?.initialWeights ?? null,
    classes: run?.classes ?? [],
    rounds,
    ...(facts === 'all' && {
      machine: {
        failure,
        versions: run?.versions ?? null,
        engine: run?.engine ?? null,
        effort: run?.effort ?? null,
        incidents: run?.incidents ?? [],
        seconds: run?.rounds.map(({ seconds }) => seconds) ?? [],
      },
    }),
  }
}

function inOrder(lines: readonly LineOutcome[]): LineOutcome[] {
  return [...lines].sort((a, b) => a.line.index - b.line.index)
}

/** RFC 4180. The header has the columns of all rows, in the order in which they first come. */
function csvOf(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? null))]
  return lines.map((cells) => `${cells.map(csvCell).join(',')}\n`).join('')
}

function csvCell(value: Cell): string {
  if (value === null) return ''
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
