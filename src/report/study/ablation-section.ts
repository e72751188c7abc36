/** The ablation (the paper's Fig. 8): what each part of the method adds, at each size. */
import type { StudyPart } from '../../study/study-line'
import { type CurveSummary, curveIn, type Setting, type StudySummary } from '../../study/summary'
import { type Html, html } from '../html'
import { domainOf, type NamedCurve, overviewChart, type Stroke } from './curve-charts'
import { curvesOfPart, NO_RUN } from './curve-sections'
import { ablationName, ablationRank, meanPercent, NOTHING, percent, settingName, settingsOf, signed } from './format'

const STROKES: readonly Stroke[] = [
  { color: 'var(--ink)', width: 1.75, dash: '5 3' },
  { color: 'var(--s2)', width: 1.75 },
  { color: 'var(--s3)', width: 1.75 },
  { color: 'var(--s1)', width: 2.5 },
]

/** A part's curves in a setting, in the paper's order; whole images are the same at every side of regions. */
function stepsIn(curves: readonly CurveSummary[], setting: Setting): CurveSummary[] {
  const methods = [...new Set(curves.map(({ method }) => method))]
  return methods
    .sort((a, b) => ablationRank(a) - ablationRank(b))
    .flatMap((method) => curveIn(curves, method, setting) ?? [])
}

function table(blocks: readonly { name: string; steps: readonly CurveSummary[] }[]): Html {
  const columns = ['', 'Seeds', 'mIoU, %', 'Step', 'Area, %', 'Share at p90, %', 'Thin classes IoU, %']
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of the ablation"><table>
<thead><tr>${columns.map((name) => html`<th scope="col">${name || html`<span class="hidden">Method</span>`}</th>`)}</tr></thead>
${blocks.map(
  ({ name, steps }) =>
    html`<tbody>${name && html`<tr><th scope="rowgroup" colspan="${columns.length}"><b>${name}</b></th></tr>`}
${steps.map((curve, i) => {
  const before = steps[i - 1]?.mIoU
  const thin = curve.lines.flatMap(({ measures }) => measures.classes.thinIoU ?? [])
  const thinMean = thin.length > 0 ? thin.reduce((sum, iou) => sum + iou, 0) / thin.length : null
  return html`<tr><th scope="row">${ablationName(curve.method)}</th><td>${curve.lines.length}</td><td>${meanPercent(curve.mIoU)}</td>
<td>${before && curve.mIoU ? signed(curve.mIoU.mean - before.mean) : NOTHING}</td><td>${meanPercent(curve.area)}</td>
<td>${curve.setting.p90 !== null && curve.shareAtP90 === null ? 'not reached' : percent(curve.shareAtP90)}</td><td>${percent(thinMean)}</td></tr>`
})}</tbody>`,
)}</table></div>
<p class="note">Each step adds a part: regions chosen by summed entropy (w/o RGA), its Gaussian attention (w/o CLE), label extension (CPRAL).
Panoptic labels whole images, whatever the side of the regions.</p>`
}

export function ablationSection(summary: StudySummary, part: StudyPart): Html {
  const curves = curvesOfPart(summary, part)
  // Settings in which only whole images were labelled are shown in those with regions.
  const settings = settingsOf(curves.filter(({ method }) => method !== 'rating'))
  if (settings.length === 0) return NO_RUN
  const blocks = settings.map((setting) => ({
    setting,
    name: settingName(setting, settings),
    steps: stepsIn(curves, setting),
  }))
  const highest = Math.max(0, ...settings.map(({ p100 }) => p100?.mean ?? 0)) || null
  const domain = domainOf(
    blocks.flatMap(({ steps }) => steps),
    highest,
  )
  return html`<div class="pairs">${blocks.map(({ setting, name, steps }) => {
    const shown = steps.flatMap((curve): NamedCurve[] => {
      const stroke = STROKES[ablationRank(curve.method)] ?? { color: 'var(--other)', width: 1.5 }
      return [{ name: ablationName(curve.method), curve, stroke }]
    })
    const title = name ? `mIoU against labelled share, ${name}` : 'mIoU against labelled share, ablation'
    const chart = overviewChart(shown, { title, setting, domain, width: 480, hasBands: true })
    return html`<figure>${chart}<figcaption>${name ? html`<b>${name}</b>` : 'Means over the seeds, with a standard deviation to either side.'}</figcaption></figure>`
  })}</div>
${table(blocks)}`
}
