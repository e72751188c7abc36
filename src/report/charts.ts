/** The report's charts as SVG text. Their colours are the page's CSS variables, so that they follow light, dark and print. */
import * as Plot from '@observablehq/plot'
import type { ClassDefinition } from '../domain/classes'
import { cssColor } from '../domain/color'
import { labelledShare, type RoundRecord } from '../domain/round'
import { TIMED, type Timed } from '../domain/stages'
import { Html } from './html'

const STYLE = { background: 'transparent', fontSize: '12px', overflow: 'visible' }

/** Colours that colour-blind eyes tell apart too (after Okabe and Ito). */
export const STAGE_COLORS: Readonly<Record<Timed, string>> = {
  train: '#4477aa',
  rate: '#66ccee',
  entropy: '#228833',
  attend: '#a8bf45',
  select: '#ccbb44',
  annotate: '#ee8866',
  extend: '#ee6677',
  evaluate: '#aa3377',
}

export function draw(label: string, options: Plot.PlotOptions): Html {
  const plot = Plot.plot({ style: STYLE, ...options })
  plot.setAttribute('role', 'img')
  plot.setAttribute('aria-label', label)
  return new Html(plot.outerHTML)
}

/** mIoU against labelled share, both in percent. */
export function curveChart(rounds: readonly RoundRecord[]): Html {
  const points = rounds
    .filter((round) => round.evaluation)
    .map((round) => ({ share: 100 * labelledShare(round), miou: 100 * (round.evaluation?.mIoU ?? 0) }))
  return draw('mIoU against labelled share', {
    width: 520,
    height: 320,
    marginTop: 34,
    marginLeft: 48,
    marginBottom: 44,
    marginRight: 34,
    x: {
      label: 'labelled pixels, % of the pool',
      labelAnchor: 'center',
      labelArrow: false,
      zero: true,
      nice: true,
      inset: 6,
    },
    y: { label: 'mIoU, %', labelArrow: false, grid: true, nice: true, zero: true },
    marks: [
      Plot.lineY(points, { x: 'share', y: 'miou', stroke: 'var(--accent)', strokeWidth: 2.5 }),
      Plot.dot(points, {
        x: 'share',
        y: 'miou',
        fill: 'var(--accent)',
        stroke: 'var(--surface)',
        strokeWidth: 2,
        r: 5.5,
      }),
      Plot.text(points, {
        x: 'share',
        y: 'miou',
        text: ({ miou }: { miou: number }) => miou.toFixed(1),
        dx: -4,
        dy: -16,
        fill: 'var(--ink)',
        fontWeight: 600,
      }),
    ],
  })
}

/** Two values of a class in percent, drawn on one line: `from` as a ring, `to` as a dot. */
export interface ClassPair {
  from: number | null
  to: number | null
}

export function classChart(
  label: string,
  axis: string,
  classes: readonly ClassDefinition[],
  pairs: readonly ClassPair[],
  scale: 'linear' | 'sqrt',
): Html {
  const rows = classes.map(({ name, color }, i) => ({
    name,
    color: cssColor(color),
    from: pairs[i]?.from ?? null,
    to: pairs[i]?.to ?? null,
  }))
  const both = rows.filter(({ from, to }) => from !== null && to !== null)
  return draw(label, {
    width: 520,
    height: 60 + 22 * rows.length,
    marginLeft: 118,
    marginTop: 8,
    marginBottom: 42,
    marginRight: 20,
    x: {
      label: axis,
      labelAnchor: 'center',
      labelArrow: false,
      grid: true,
      type: scale,
      zero: true,
      nice: true,
      ticks: 6,
    },
    y: { label: null, domain: rows.map(({ name }) => name), tickSize: 0, tickPadding: 24 },
    marks: [
      Plot.link(both, { x1: 'from', x2: 'to', y1: 'name', y2: 'name', stroke: 'var(--soft)', strokeWidth: 2 }),
      Plot.dot(
        rows.filter(({ from }) => from !== null),
        { x: 'from', y: 'name', stroke: 'var(--soft)', fill: 'var(--surface)', strokeWidth: 2, r: 4 },
      ),
      Plot.dot(
        rows.filter(({ to }) => to !== null),
        { x: 'to', y: 'name', fill: 'var(--accent)', r: 4.5 },
      ),
      Plot.dot(rows, {
        y: 'name',
        frameAnchor: 'left',
        dx: -14,
        r: 5,
        symbol: 'square',
        fill: 'color',
        stroke: 'var(--line)',
      }),
    ],
  })
}

/** Seconds of each stage, one bar a round. */
export function secondsChart(rounds: readonly RoundRecord[]): Html {
  const parts = rounds.flatMap((round) =>
    TIMED.map((stage) => ({ round: `round ${round.index}`, stage, seconds: round.seconds[stage] })),
  )
  return draw('Seconds per stage and round', {
    width: 520,
    height: Math.max(180, 60 + 34 * rounds.length),
    marginLeft: 66,
    marginBottom: 42,
    marginRight: 34,
    marginTop: 8,
    x: { label: 'seconds', labelAnchor: 'center', labelArrow: false, grid: true, nice: true },
    y: { label: null, domain: rounds.map((round) => `round ${round.index}`), tickSize: 0 },
    color: { domain: TIMED, range: TIMED.map((stage) => STAGE_COLORS[stage]) },
    marks: [
      Plot.barX(
        parts,
        Plot.stackX({
          x: 'seconds',
          y: 'round',
          fill: 'stage',
          order: [...TIMED],
          insetTop: 3,
          insetBottom: 3,
        }),
      ),
      Plot.ruleX([0], { stroke: 'var(--line)' }),
    ],
  })
}
