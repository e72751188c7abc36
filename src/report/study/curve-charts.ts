/** Charts of curves over seeds: all in one with their names beside them, and one for each method. */
import * as Plot from '@observablehq/plot'
import type { CurveSummary, Setting } from '../../study/summary'
import { draw } from '../charts'
import type { Html } from '../html'

/** How a curve is drawn. */
export interface Stroke {
  color: string
  /** Dashes of its line; solid when absent. */
  dash?: string
  width: number
}

/** A curve under the name that it has in this figure. */
export interface NamedCurve {
  name: string
  curve: CurveSummary
  stroke: Stroke
}

/** Series colours of the page: `study.css` has one of each for light, dark and print. */
const SERIES = ['var(--s1)', 'var(--s2)', 'var(--s3)', 'var(--s4)', 'var(--s5)', 'var(--s6)', 'var(--s7)']
const OTHER: Stroke = { color: 'var(--other)', width: 1.25 }

/** Colours for as many curves as can be told apart; with more, all but CPRAL and the baseline are grey. */
export function strokesOf(curves: readonly CurveSummary[], baseline: string): Stroke[] {
  let next = 1
  const canColor = curves.length <= SERIES.length + 1
  return curves.map(({ method }): Stroke => {
    if (method === 'cpral') return { color: 'var(--s1)', width: 2.5 }
    if (method === baseline) return { color: 'var(--ink)', width: 2, dash: '5 3' }
    return canColor ? { color: SERIES[next++] ?? 'var(--other)', width: 1.75 } : OTHER
  })
}

interface Point {
  share: number
  mIoU: number
  low: number
  high: number
}

/** In percent; `low` and `high` are a deviation below and above the mean. */
function pointsOf({ points }: CurveSummary): Point[] {
  return points.map(({ share, mIoU: { mean, deviation } }) => ({
    share: 100 * share,
    mIoU: 100 * mean,
    low: 100 * (mean - (deviation ?? 0)),
    high: 100 * (mean + (deviation ?? 0)),
  }))
}

export interface Domain {
  x: [number, number]
  y: [number, number]
}

/** Axes that hold all curves and, where it is known, p100. */
export function domainOf(curves: readonly CurveSummary[], p100: number | null = null): Domain {
  const points = curves.flatMap(pointsOf)
  const heights = [...points.flatMap(({ low, high }) => [low, high]), ...(p100 === null ? [] : [100 * p100])]
  const shares = points.map(({ share }) => share)
  const [least, most] = [Math.min(...heights), Math.max(...heights)]
  const margin = Math.max(0.5, (most - least) * 0.06)
  return {
    x: [Math.min(...shares), Math.max(...shares)],
    y: [Math.max(0, least - margin), Math.min(100, most + margin)],
  }
}

type Levels = Pick<Setting, 'p90' | 'p100'>

function levelsOf({ p90, p100 }: Levels): { name: string; height: number; dash: string }[] {
  return [
    ...(p100 ? [{ name: 'all labels (p100)', height: 100 * p100.mean, dash: 'none' }] : []),
    ...(p90 === null ? [] : [{ name: 'p90', height: 100 * p90, dash: '2 3' }]),
  ]
}

function levelMarks(levels: Levels): Plot.Markish[] {
  return levelsOf(levels).map(({ height, dash }) =>
    Plot.ruleY([height], { stroke: 'var(--soft)', strokeDasharray: dash, strokeWidth: 1 }),
  )
}

/** They lie above the curves, which may begin beside them. */
function levelNames(levels: Levels): Plot.Markish[] {
  return levelsOf(levels).map(({ name, height }) =>
    Plot.text([name], {
      y: () => height,
      frameAnchor: 'left',
      dx: 2,
      dy: -7,
      textAnchor: 'start',
      fill: 'var(--soft)',
      stroke: 'var(--paper)',
      strokeWidth: 4,
    }),
  )
}

function curveMarks(points: readonly Point[], { color, dash, width }: Stroke, hasBand: boolean): Plot.Markish[] {
  return [
    hasBand &&
      Plot.areaY(points, { x: 'share', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.18, curve: 'linear' }),
    Plot.lineY(points, { x: 'share', y: 'mIoU', stroke: color, strokeWidth: width, strokeDasharray: dash ?? 'none' }),
    Plot.dot(points, { x: 'share', y: 'mIoU', fill: color, r: width > 1.5 ? 2.8 : 1.8 }),
  ].filter((mark) => mark !== false)
}

const X_AXIS = { labelAnchor: 'center', labelArrow: false, ticks: 6, inset: 4 } as const
const Y_AXIS = { labelArrow: false, grid: true, ticks: 6 } as const

/** Height of a name beside the chart, in pixels. */
const NAME_HEIGHT = 14

/** Moves heights apart until no two are nearer than `NAME_HEIGHT`, and keeps them in the frame. */
export function spreadOut(heights: readonly number[], top: number, bottom: number): number[] {
  const order = heights.map((height, i) => ({ height, i })).sort((a, b) => a.height - b.height)
  const out = new Array<number>(heights.length)
  let free = top
  for (const { height, i } of order) {
    out[i] = Math.max(height, free)
    free = (out[i] ?? 0) + NAME_HEIGHT
  }
  let limit = bottom
  for (const { i } of order.reverse()) {
    out[i] = Math.min(out[i] ?? 0, limit)
    limit = (out[i] ?? 0) - NAME_HEIGHT
  }
  return out
}

export interface OverviewOptions {
  title: string
  setting: Levels
  domain: Domain
  width?: number
  hasBands?: boolean
}

/** All curves in one chart, each named at its end. */
export function overviewChart(curves: readonly NamedCurve[], options: OverviewOptions): Html {
  const { title, setting, domain, width = 760, hasBands = false } = options
  const longest = Math.max(0, ...curves.map(({ name }) => name.length))
  const frame = { top: 26, bottom: 42, left: 44, right: 28 + 7 * longest }
  const height = Math.max(320, frame.top + frame.bottom + NAME_HEIGHT * (curves.length + 1))
  const [low, high] = domain.y
  const [first, last] = domain.x
  const inner = { top: frame.top + 4, bottom: height - frame.bottom - 4 }
  const toPixel = (value: number) => inner.bottom - ((value - low) / (high - low)) * (inner.bottom - inner.top)
  const toValue = (pixel: number) => low + ((inner.bottom - pixel) / (inner.bottom - inner.top)) * (high - low)
  const toRight = ((last - first) / (width - frame.left - frame.right)) * 16
  const ends = curves.flatMap(({ name, curve, stroke }) => {
    const end = pointsOf(curve).at(-1)
    return end ? [{ name, ...end, ...stroke }] : []
  })
  const places = spreadOut(
    ends.map(({ mIoU }) => toPixel(mIoU)),
    inner.top,
    inner.bottom,
  )
  const names = ends.map((end, i) => ({ ...end, x: last + toRight, y: toValue(places[i] ?? 0) }))
  return draw(title, {
    width,
    height,
    marginTop: frame.top,
    marginBottom: frame.bottom,
    marginLeft: frame.left,
    marginRight: frame.right,
    x: { ...X_AXIS, label: 'labelled pixels, % of the pool', domain: domain.x },
    y: { ...Y_AXIS, label: 'mIoU, %', domain: domain.y, inset: 4 },
    marks: [
      ...levelMarks(setting),
      // The coloured ones lie above the grey ones.
      ...[...curves]
        .sort((a, b) => a.stroke.width - b.stroke.width)
        .flatMap(({ curve, stroke }) => curveMarks(pointsOf(curve), stroke, hasBands)),
      ...levelNames(setting),
      Plot.link(names, {
        x1: 'share',
        x2: 'x',
        y1: 'mIoU',
        y2: 'y',
        stroke: 'color',
        strokeWidth: 0.75,
        strokeOpacity: 0.7,
      }),
      ...names.map(({ name, x, y, width: weight }) =>
        Plot.text([{ x, y, name }], {
          x: 'x',
          y: 'y',
          text: 'name',
          dx: 4,
          textAnchor: 'start',
          fill: 'var(--ink)',
          fontWeight: weight >= 2 ? 650 : 400,
        }),
      ),
    ],
  })
}

/** One method with its spread, the others grey behind it. */
export function smallChart(
  title: string,
  shown: readonly NamedCurve[],
  others: readonly CurveSummary[],
  { setting, domain }: Pick<OverviewOptions, 'setting' | 'domain'>,
): Html {
  return draw(title, {
    width: 250,
    height: 180,
    marginTop: 10,
    marginBottom: 34,
    marginLeft: 34,
    marginRight: 8,
    x: { ...X_AXIS, ticks: 4, label: 'labelled, %', domain: domain.x },
    y: { ...Y_AXIS, ticks: 4, label: null, domain: domain.y },
    marks: [
      ...others.flatMap((curve) =>
        Plot.lineY(pointsOf(curve), {
          x: 'share',
          y: 'mIoU',
          stroke: 'var(--other)',
          strokeWidth: 0.9,
          strokeOpacity: 0.6,
        }),
      ),
      ...levelMarks(setting),
      ...shown.flatMap(({ curve, stroke }) => curveMarks(pointsOf(curve), stroke, true)),
    ],
  })
}
