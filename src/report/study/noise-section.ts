/** Label noise (the paper's Fig. 7): what wrong labels cost each method. */

import * as Plot from '@observablehq/plot'
import { methodName } from '../../cpral/method-names'
import { NOISE_NAMES } from '../../cpral/noise-names'
import type { MethodName, NoiseConfig } from '../../domain/config'
import type { StudyPart } from '../../study/study-line'
import type { CurveSummary, StudySummary } from '../../study/summary'
import { draw } from '../charts'
import { type Html, html } from '../html'
import { domainOf, overviewChart, type Stroke, strokesOf } from './curve-charts'
import { curvesOfPart, NO_RUN, named } from './curve-sections'
import { meanPercent, percent } from './format'

/** Wrong labels of one kind, by one unit, in one recipe. */
interface NoiseGroup {
  title: string
  /** At least one of them with noise; those without it begin every line at 0. */
  curves: CurveSummary[]
}

const shareOf = ({ config }: CurveSummary) => config.noise?.share ?? 0

/** Whether two curves differ in their noise alone, and in method. */
function withoutNoise({ setting }: CurveSummary): string {
  const { noise, seed, selection, adversary, ...rest } = setting.config
  return JSON.stringify([setting.recipe, { ...rest, selection: { ...selection, method: null } }])
}

function groupsOf(curves: readonly CurveSummary[], all: readonly CurveSummary[]): NoiseGroup[] {
  const groups = new Map<string, NoiseGroup & { noise: NoiseConfig }>()
  for (const curve of curves) {
    const { noise } = curve.config
    if (!noise) continue
    const key = JSON.stringify([noise.kind, noise.unit, withoutNoise(curve)])
    const group = groups.get(key) ?? { noise, title: `${NOISE_NAMES[noise.kind]}, by ${noise.unit}`, curves: [] }
    group.curves.push(curve)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ title, curves: noisy }) => {
    const methods = new Set(noisy.map(({ method }) => method))
    const [first] = noisy
    const clean = all.filter(
      (curve) =>
        !curve.config.noise &&
        curve.lines.length > 0 &&
        methods.has(curve.method) &&
        first !== undefined &&
        withoutNoise(curve) === withoutNoise(first),
    )
    return { title, curves: [...clean, ...noisy].sort((a, b) => shareOf(a) - shareOf(b)) }
  })
}

interface ShareChart {
  title: string
  /** In percent: the same for all groups, so that they can be compared. */
  heights: [number, number]
  strokes: ReadonlyMap<MethodName, Stroke>
}

function againstShare({ curves }: NoiseGroup, { title, heights, strokes }: ShareChart): Html {
  const points = curves.flatMap((curve) =>
    curve.mIoU
      ? [
          {
            method: curve.method,
            share: 100 * shareOf(curve),
            mIoU: 100 * curve.mIoU.mean,
            low: 100 * (curve.mIoU.mean - (curve.mIoU.deviation ?? 0)),
            high: 100 * (curve.mIoU.mean + (curve.mIoU.deviation ?? 0)),
          },
        ]
      : [],
  )
  const methods = [...new Set(points.map(({ method }) => method))]
  return draw(title, {
    width: 340,
    height: 250,
    marginTop: 24,
    marginBottom: 40,
    marginLeft: 40,
    marginRight: 14,
    x: { label: 'wrong labels, %', labelAnchor: 'center', labelArrow: false, inset: 12, ticks: [0, 20, 40, 60] },
    y: { label: 'mIoU, last round, %', labelArrow: false, grid: true, ticks: 5, domain: heights, inset: 4 },
    marks: methods.flatMap((method) => {
      const { color, width, dash } = strokes.get(method) ?? { color: 'var(--other)', width: 1.5 }
      const mine = points.filter((point) => point.method === method)
      return [
        Plot.ruleX(mine, { x: 'share', y1: 'low', y2: 'high', stroke: color, strokeWidth: 1.25 }),
        Plot.lineY(mine, { x: 'share', y: 'mIoU', stroke: color, strokeWidth: width, strokeDasharray: dash ?? 'none' }),
        Plot.dot(mine, { x: 'share', y: 'mIoU', fill: color, r: 3 }),
      ]
    }),
  })
}

function wrongTable(groups: readonly NoiseGroup[]): Html {
  const rows = groups.flatMap(({ title, curves }) =>
    curves
      .filter(({ config }) => config.noise)
      .map((curve) => {
        const measures = curve.lines.flatMap((line) => line.measures.noise ?? [])
        const mean = (of: (noise: (typeof measures)[number]) => number) =>
          measures.length > 0 ? measures.reduce((sum, noise) => sum + of(noise), 0) / measures.length : null
        return html`<tr><th scope="row">${title}</th><td>${methodName(curve.method)}</td><td>${percent(shareOf(curve), 0)}</td>
<td>${percent(mean(({ wrongShare }) => wrongShare))}</td><td>${percent(mean(({ missingShare }) => missingShare))}</td><td>${meanPercent(curve.mIoU)}</td></tr>`
      }),
  )
  const columns = ['Noise', 'Method', 'Asked, %', 'Another class, %', 'No class, %', 'mIoU, %']
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of wrong labels"><table>
<thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>
<p class="note">What was really wrong in the oracle’s answers, of all pixels that have a class. Symmetric noise leaves the middle one of an odd number of classes as it is.</p>`
}

export function noiseSection(summary: StudySummary, part: StudyPart, baseline: MethodName): Html {
  const groups = groupsOf(curvesOfPart(summary, part), summary.curves)
  if (groups.length === 0) return NO_RUN
  const all = groups.flatMap(({ curves }) => curves)
  const byMethod = [...new Map(all.map((curve) => [curve.method, curve])).values()]
  const strokes = new Map(strokesOf(byMethod, baseline).map((stroke, i) => [byMethod[i]?.method ?? baseline, stroke]))
  const ends = all.flatMap(({ mIoU }) => mIoU ?? [])
  const heights: [number, number] = [
    100 * Math.min(...ends.map(({ mean, deviation }) => mean - (deviation ?? 0))),
    100 * Math.max(...ends.map(({ mean, deviation }) => mean + (deviation ?? 0))),
  ]
  return html`<ul class="legend">${byMethod.map(({ method }) => {
    const { color, dash } = strokes.get(method) ?? { color: 'var(--other)' }
    return html`<li><span class="line" style="border-color: ${color}${dash ? '; border-top-style: dashed' : ''}"></span>${methodName(method)}</li>`
  })}</ul>
<div class="pairs">${groups.map(
    (group) =>
      html`<figure>${againstShare(group, { title: `mIoU against the share of wrong labels, ${group.title}`, heights, strokes })}<figcaption><b>${group.title}</b></figcaption></figure>`,
  )}</div>
<p class="note">Whiskers: a standard deviation over the seeds to either side.</p>
${wrongTable(groups)}
<details open><summary>Curves under noise</summary><div class="pairs">${groups.flatMap(({ title, curves }) =>
    [...new Set(curves.map(shareOf))]
      .filter((share) => share > 0)
      .map((share) => {
        const shown = curves.filter((curve) => shareOf(curve) === share)
        const [{ setting } = { setting: null }] = shown
        if (!setting) return NO_RUN
        const name = `${title}, ${percent(share, 0)} %`
        const chart = overviewChart(named(shown, baseline), {
          title: `mIoU against labelled share, ${name}`,
          setting,
          domain: domainOf(all, setting.p100?.mean),
          width: 420,
          hasBands: true,
        })
        return html`<figure>${chart}<figcaption>${name}</figcaption></figure>`
      }),
  )}</div></details>`
}
