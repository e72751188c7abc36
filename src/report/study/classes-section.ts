/** What each method bought of each class, against what the pool has, and what became of the classes it has least of. */
import * as Plot from '@observablehq/plot'
import { methodName } from '../../cpral/method-names'
import type { MethodName } from '../../domain/config'
import { spreadOf } from '../../study/statistics'
import type { StudyPart } from '../../study/study-line'
import type { CurveSummary, Setting, StudySummary } from '../../study/summary'
import { draw } from '../charts'
import { type Html, html } from '../html'
import { strokesOf } from './curve-charts'
import { forSettings } from './curve-sections'
import { percent } from './format'

interface ClassRow {
  name: string
  pool: number
  isThin: boolean
  /** Share of what each method bought; in the order of the curves. */
  bought: number[]
}

function rowsOf(curves: readonly CurveSummary[]): ClassRow[] {
  const first = curves[0]?.lines[0]
  if (!first) return []
  const { pool, thin } = first.measures.classes
  const rows = first.run.classes.map((name, c) => ({
    name,
    pool: pool[c] ?? 0,
    isThin: thin.includes(c),
    bought: curves.map(
      ({ lines }) => lines.reduce((sum, { measures }) => sum + (measures.classes.bought[c] ?? 0), 0) / lines.length,
    ),
  }))
  return rows.filter(({ pool: share }) => share > 0).sort((a, b) => a.pool - b.pool)
}

/** How strongly a cell is coloured: 0 for as much as the pool has, 1 from four times more or less. */
function strength(bought: number, pool: number): { side: 'more' | 'less'; part: number } {
  const ratio = bought > 0 ? Math.log2(bought / pool) : -2
  return { side: ratio >= 0 ? 'more' : 'less', part: Math.min(1, Math.abs(ratio) / 2) }
}

function sharesTable(curves: readonly CurveSummary[], rows: readonly ClassRow[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of class shares"><table class="heat">
<thead><tr><th scope="col">Class</th><th scope="col">Pool</th>${curves.map(({ method }) => html`<th scope="col"><span>${methodName(method)}</span></th>`)}</tr></thead>
<tbody>${rows.map(
    ({ name, pool, isThin, bought }) =>
      html`<tr><th scope="row">${name}${isThin && html` <span class="soft">thin</span>`}</th><td>${percent(pool)}</td>${bought.map(
        (share) => {
          const { side, part } = strength(share, pool)
          return html`<td class="${side}" style="--part: ${(60 * part).toFixed(0)}%">${percent(share)}</td>`
        },
      )}</tr>`,
  )}</tbody></table></div>
<p class="note">Share of all pixels that the queries bought, in %, beside the pool’s; means over the seeds, the rarest class first. The deeper the green, the more than the
pool’s share was bought; the deeper the red, the less (full at four times). Thin are the third of the classes that the pool has least of.</p>`
}

function thinChart(title: string, curves: readonly CurveSummary[], baseline: MethodName): Html {
  const strokes = strokesOf(curves, baseline)
  const points = curves.flatMap((curve, i) => {
    const spread = spreadOf(curve.lines.flatMap(({ measures }) => measures.classes.thinIoU ?? []))
    if (!spread) return []
    const deviation = spread.deviation ?? 0
    const color = strokes[i]?.color ?? 'var(--other)'
    return [
      {
        method: methodName(curve.method),
        iou: 100 * spread.mean,
        low: 100 * Math.max(0, spread.mean - deviation),
        high: 100 * (spread.mean + deviation),
        color: color === 'var(--other)' ? 'var(--s2)' : color,
      },
    ]
  })
  const ordered = points.sort((a, b) => b.iou - a.iou)
  return draw(title, {
    width: 760,
    height: 60 + 24 * ordered.length,
    marginLeft: 16 + 6.6 * Math.max(0, ...ordered.map(({ method }) => method.length)),
    marginRight: 50,
    marginTop: 8,
    marginBottom: 42,
    x: {
      label: 'mean IoU of the thin classes, %',
      labelAnchor: 'center',
      labelArrow: false,
      grid: true,
      // Where all are 0 an axis still has a length.
      domain: [0, Math.max(1, ...ordered.map(({ high }) => high))],
      nice: true,
    },
    y: { label: null, domain: ordered.map(({ method }) => method), tickSize: 0 },
    marks: [
      Plot.ruleY(ordered, { y: 'method', x1: 'low', x2: 'high', stroke: 'color', strokeWidth: 1.5 }),
      Plot.dot(ordered, { x: 'iou', y: 'method', fill: 'color', r: 4 }),
      Plot.text(ordered, {
        x: 'high',
        y: 'method',
        text: ({ iou }: { iou: number }) => iou.toFixed(1),
        dx: 7,
        textAnchor: 'start',
        fill: 'var(--ink)',
      }),
    ],
  })
}

function thinNames(rows: readonly ClassRow[], setting: Setting, summary: StudySummary): Html {
  const full = summary.allLabels.filter(({ line }) => line.recipe === setting.recipe)
  const ious = full.flatMap(({ measures }) => measures.classes.thinIoU ?? [])
  const mean = spreadOf(ious)?.mean
  const p100 = mean === undefined ? null : ` With all labels their mean IoU is ${percent(mean)} %.`
  const thin = rows.filter(({ isThin }) => isThin).map(({ name }) => name)
  return html`<p class="note">Thin classes: ${thin.join(', ')}.${p100} Whiskers: a standard deviation over the seeds to either side.</p>`
}

export function classesSection(summary: StudySummary, part: StudyPart, baseline: MethodName): Html {
  return forSettings(summary, part, (setting, curves, name) => {
    const rows = rowsOf(curves)
    const title = name ? `IoU of the thin classes, ${name}` : 'IoU of the thin classes'
    return html`<figure>${thinChart(title, curves, baseline)}</figure>${thinNames(rows, setting, summary)}${sharesTable(curves, rows)}`
  })
}
