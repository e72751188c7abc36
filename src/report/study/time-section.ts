/** Time per round, and what the panoptic step saves against a query of all images. */
import * as Plot from '@observablehq/plot'
import { methodName } from '../../cpral/method-names'
import { TIMED, type Timed } from '../../domain/stages'
import type { TimeMeasures } from '../../study/measures'
import type { StudyPart } from '../../study/study-line'
import { type CurveSummary, curveIn, type StudySummary } from '../../study/summary'
import { draw, STAGE_COLORS } from '../charts'
import { type Html, html } from '../html'
import { forSettings, NO_RUN } from './curve-sections'
import { duration, percent } from './format'

/** `evaluate` is no cost of a method. */
const COSTS = TIMED.filter((stage) => stage !== 'evaluate')

type Cost = 'query' | 'round' | Timed

/** Mean over the seeds, in seconds. */
function secondsOf({ lines }: CurveSummary, cost: Cost): number {
  const of = (time: TimeMeasures) => (cost === 'query' || cost === 'round' ? time[cost] : time.perStage[cost])
  return lines.reduce((sum, { measures }) => sum + of(measures.time), 0) / Math.max(1, lines.length)
}

function bars(title: string, curves: readonly CurveSummary[]): Html {
  const parts = curves.flatMap((curve) =>
    COSTS.map((stage) => ({ method: methodName(curve.method), stage, seconds: secondsOf(curve, stage) })),
  )
  const names = curves.map(({ method }) => methodName(method))
  return draw(title, {
    width: 760,
    height: 62 + 28 * names.length,
    marginLeft: 16 + 6.6 * Math.max(0, ...names.map(({ length }) => length)),
    marginRight: 60,
    marginTop: 8,
    marginBottom: 42,
    x: { label: 'seconds a round', labelAnchor: 'center', labelArrow: false, grid: true, nice: true, ticks: 6 },
    y: { label: null, domain: names, tickSize: 0 },
    color: { domain: COSTS, range: COSTS.map((stage) => STAGE_COLORS[stage]) },
    marks: [
      Plot.barX(
        parts,
        Plot.stackX({ x: 'seconds', y: 'method', fill: 'stage', order: [...COSTS], insetTop: 3, insetBottom: 3 }),
      ),
      Plot.text(
        curves.map((curve) => ({ method: methodName(curve.method), seconds: secondsOf(curve, 'round') })),
        {
          x: 'seconds',
          y: 'method',
          text: ({ seconds }: { seconds: number }) => duration(seconds),
          dx: 5,
          textAnchor: 'start',
          fill: 'var(--ink)',
        },
      ),
      Plot.ruleX([0], { stroke: 'var(--line)' }),
    ],
  })
}

function savedText(whole: CurveSummary, ours: CurveSummary): Html {
  const saved = (cost: 'query' | 'round') => {
    const all = secondsOf(whole, cost)
    const share = all > 0 ? 1 - secondsOf(ours, cost) / all : 0
    return html`<b>${share < 0 ? `costs ${percent(-share)} % more` : `saves ${percent(share)} %`}</b> of ${cost === 'query' ? 'the time to choose' : 'a whole round'} (${duration(secondsOf(ours, cost))} instead of ${duration(all)})`
  }
  return html`<p>Against regions of all images, CPRAL ${saved('query')}, and ${saved('round')}.</p>`
}

export function timeSection(summary: StudySummary, part: StudyPart): Html {
  const legend = html`<ul class="legend">${COSTS.map((stage) => html`<li><span class="chip" style="background: ${STAGE_COLORS[stage]}"></span>${stage}</li>`)}</ul>`
  const charts = forSettings(summary, part, (setting, curves, name) => {
    const whole = curveIn(curves, 'region-only', setting)
    const ours = curveIn(curves, 'cpral', setting)
    const ordered = [...curves].sort((a, b) => secondsOf(b, 'round') - secondsOf(a, 'round'))
    const title = name ? `Seconds a round by stage, ${name}` : 'Seconds a round by stage'
    return html`${whole && ours ? savedText(whole, ours) : null}<figure>${bars(title, ordered)}</figure>`
  })
  return html`${charts === NO_RUN ? null : legend}${charts}<p class="note">Mean over the seeds of a round that asks for labels; measuring it on the validation images is left out. To choose
is to rate, to let the committee vote, to attend and to select. Seconds are of the machine that ran it, with whatever else it did.</p>`
}
