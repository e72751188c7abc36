/** The table of a study: what each method came to in each setting, and what to know before believing it. */
import { methodName } from '../../cpral/method-names'
import type { MethodName } from '../../domain/config'
import { LEAST_SEEDS, type PairedDifference } from '../../study/statistics'
import type { CurveSummary, MeasuredLine, Setting, StudySummary } from '../../study/summary'
import { type Html, html } from '../html'
import { counted, duration, intervalText, meanPercent, NOTHING, percent, settingName, signed } from './format'

const COLUMNS: readonly [name: string, unit: string][] = [
  ['Method', ''],
  ['Seeds', ''],
  ['mIoU', '%'],
  ['Area', '%'],
  ['Share at p90', '%'],
  ['mIoU over baseline', 'points'],
  ['Area over baseline', 'points'],
  ['Steps', ''],
  ['Images', ''],
  ['Candidates taken', '%'],
  ['Thin classes IoU', '%'],
  ['Seconds a query', ''],
]

function meanOf(curve: CurveSummary, of: (line: MeasuredLine) => number | null): number | null {
  const values = curve.lines.flatMap((line) => of(line) ?? [])
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null
}

function differenceText(difference: PairedDifference | null | undefined): Html | string {
  if (!difference) return NOTHING
  const { mean, interval, n } = difference
  const isShown = interval !== null && (interval.from > 0 || interval.to < 0)
  const range = interval ? intervalText(interval) : `no interval (${counted(n, 'seed')})`
  return html`${isShown ? html`<b>${signed(mean)}</b>` : signed(mean)} <small>${range}</small>`
}

function p90Text({ setting, shareAtP90, reached, lines, points }: CurveSummary): Html | string {
  if (setting.p90 === null || lines.length === 0) return NOTHING
  const seeds = html` <small>${reached} of ${counted(lines.length, 'seed')}</small>`
  // A curve that begins above p90 has crossed it somewhere before its first round.
  const sign = shareAtP90 !== null && shareAtP90 === points[0]?.share ? '≤ ' : ''
  return html`${shareAtP90 === null ? 'not reached' : `${sign}${percent(shareAtP90)}`}${seeds}`
}

/** Whatever makes a result less than it seems. */
export function remarksOn(curve: CurveSummary): string[] {
  const { lines, asked } = curve
  const all = lines.length
  const ofSeeds = (count: number) => (count === all ? 'all seeds' : `${count} of ${counted(all, 'seed')}`)
  const count = (of: (line: MeasuredLine) => boolean) => lines.filter(of).length
  const collapsed = count(({ measures }) => measures.adversary?.isCollapsed ?? false)
  const crowded = count(({ measures }) => measures.candidates?.leavesLittleChoice ?? false)
  const unspent = count(({ measures }) => measures.unspentShare > 0)
  const reduced = count(({ measures }) => measures.isReduced)
  const incidents = lines.reduce((sum, { measures }) => sum + measures.incidents, 0)
  const batches = new Set(lines.flatMap(({ run }) => run.effort?.batchSize ?? []))
  return [
    all < asked && `${asked - all} of ${counted(asked, 'line')} missing`,
    collapsed > 0 && `adversary collapsed in ${ofSeeds(collapsed)}`,
    crowded > 0 && `over half of the candidates taken in ${ofSeeds(crowded)}`,
    unspent > 0 &&
      `budget not spent in ${ofSeeds(unspent)}: ${percent(
        meanOf(curve, ({ measures }) => measures.unspentShare),
        1,
      )} % of the pool`,
    reduced > 0 && `less work at once in ${ofSeeds(reduced)}`,
    batches.size > 0 && `batch of ${[...batches].join(' or ')} instead of ${curve.config.training.batchSize}`,
    incidents > 0 && `${counted(incidents, 'failure')} of the engine`,
  ].filter((remark) => remark !== false)
}

/** Remarks in the order in which they come, each once: a row names them by number. */
type Remarks = Map<string, number>

function numberOf(remark: string, remarks: Remarks): number {
  const number = remarks.get(remark) ?? remarks.size + 1
  remarks.set(remark, number)
  return number
}

function row(curve: CurveSummary, baseline: MethodName, remarks: Remarks): Html {
  const { method, lines } = curve
  const numbers = remarksOn(curve).map((remark) => numberOf(remark, remarks))
  const whole = (of: (line: MeasuredLine) => number | null) => meanOf(curve, of)?.toFixed(0) ?? NOTHING
  const candidates = meanOf(curve, ({ measures }) => measures.candidates?.share ?? null)
  const isCrowded = lines.some(({ measures }) => measures.candidates?.leavesLittleChoice)
  const thin = meanOf(curve, ({ measures }) => measures.classes.thinIoU)
  const seconds = meanOf(curve, ({ measures }) => measures.time.query)
  const cells = [
    lines.length,
    meanPercent(curve.mIoU),
    meanPercent(curve.area),
    p90Text(curve),
    differenceText(curve.difference?.mIoU),
    differenceText(curve.difference?.area),
    whole(({ measures }) => measures.steps),
    whole(({ measures }) => measures.images),
    isCrowded ? html`<span class="warn">${percent(candidates, 0)} ▲</span>` : percent(candidates, 0),
    percent(thin),
    seconds === null ? NOTHING : duration(seconds),
  ]
  return html`<tr><th scope="row"${method === 'cpral' && html` class="ours"`}>${methodName(method)}${method === baseline && html` <span class="soft">(baseline)</span>`}${numbers.length > 0 && html` <sup>${numbers.join(', ')}</sup>`}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`
}

function settingRows(setting: Setting, summary: StudySummary, rows: readonly Html[]): Html {
  const name = settingName(setting, summary.settings)
  const range = setting.range
    ? `area from ${percent(setting.range.from)} to ${percent(setting.range.to)} % labelled`
    : 'no range that all curves cover'
  const p100 = setting.p100
    ? `all labels ${meanPercent(setting.p100)} % (${counted(setting.p100.n, 'seed')}), p90 ${percent(setting.p90)} %`
    : 'no run on all labels is complete'
  return html`<tbody><tr><th scope="rowgroup" colspan="${COLUMNS.length}">${name && html`<b>${name}</b> · `}<span class="soft">${p100} · ${range}</span></th></tr>
${rows.length > 0 ? rows : html`<tr><td colspan="${COLUMNS.length}" class="soft">No run is complete yet.</td></tr>`}</tbody>`
}

/** Best first in each setting; a curve without a complete run has no row. */
export function resultsTable(summary: StudySummary, baseline: MethodName): Html {
  const remarks: Remarks = new Map()
  const bodies = summary.settings.map((setting) => {
    const curves = summary.curves.filter((curve) => curve.setting === setting && curve.lines.length > 0)
    const ordered = [...curves].sort((a, b) => (b.mIoU?.mean ?? -1) - (a.mIoU?.mean ?? -1))
    const rows = ordered.map((curve) => row(curve, baseline, remarks))
    return settingRows(setting, summary, rows)
  })
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of all methods"><table class="results">
<thead><tr>${COLUMNS.map(([name, unit]) => html`<th scope="col">${name}${unit && html` <span class="unit">${unit}</span>`}</th>`)}</tr></thead>
${bodies}</table></div>
${remarks.size > 0 && html`<ol class="remarks">${[...remarks.keys()].map((remark) => html`<li>${remark}</li>`)}</ol>`}
<p class="note">Means over the seeds ± standard deviation (n − 1). mIoU is that of the last round. Area is the mean mIoU over the range of labelled
shares that all runs of a setting cover, by trapezoids. Share at p90 is where the mean curve first reaches nine tenths of the mIoU with all
labels, linear between rounds, ≤ where its first round is above; behind it, the seeds that reach it by themselves. Differences are paired by seed; in brackets the
95 % interval of the bootstrap over seeds, which needs ${LEAST_SEEDS} seeds. It is too narrow for few: of ${LEAST_SEEDS} it is the least and the greatest difference.
Bold where it leaves out 0. Steps and images are those of the whole run. Candidates taken is the share of the regions that a query
found which its budget took: above 50 %, marked ▲, regions are hardly chosen. Thin classes are the third that the pool has the fewest pixels of.
Seconds a query are those it took to choose, on the machine that ran it.</p>`
}
