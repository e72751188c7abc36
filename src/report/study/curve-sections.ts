/** Figures of curves: all methods (the paper's Fig. 5), methods of whole images with and without regions (Fig. 6). */
import { methodName } from '../../cpral/method-names'
import { isMethodName } from '../../cpral/methods'
import type { MethodName } from '../../domain/config'
import type { StudyPart } from '../../study/study-line'
import { type CurveSummary, curveIn, type Setting, type StudySummary } from '../../study/summary'
import { type Html, html } from '../html'
import { domainOf, type NamedCurve, overviewChart, smallChart, strokesOf } from './curve-charts'
import { meanPercent, percent, settingName, settingsOf, signed } from './format'

/** Curves that a part draws, with at least one complete run. */
export function curvesOfPart({ curves }: StudySummary, part: StudyPart): CurveSummary[] {
  return curves.filter(({ parts, lines }) => parts.includes(part.name) && lines.length > 0)
}

export function named(curves: readonly CurveSummary[], baseline: string, nameOf = methodName): NamedCurve[] {
  const strokes = strokesOf(curves, baseline)
  return curves.flatMap((curve, i) => {
    const stroke = strokes[i]
    return stroke ? [{ name: nameOf(curve.method), curve, stroke }] : []
  })
}

export const NO_RUN = html`<p class="soft">No run of this figure is complete yet.</p>`

/** One block for each setting of a part, under its name where there are several. */
export function forSettings(
  summary: StudySummary,
  part: StudyPart,
  draw: (setting: Setting, curves: CurveSummary[], name: string) => Html,
): Html {
  const curves = curvesOfPart(summary, part)
  const settings = settingsOf(curves)
  if (settings.length === 0) return NO_RUN
  return html`${settings.map((setting) => {
    const name = settingName(setting, settings)
    const block = draw(
      setting,
      curves.filter((curve) => curve.setting === setting),
      name,
    )
    return name ? html`<h3>${name}</h3>${block}` : block
  })}`
}

function figure(chart: Html, caption: Html | string, className = ''): Html {
  return html`<figure${className && html` class="${className}"`}>${chart}<figcaption>${caption}</figcaption></figure>`
}

const titled = (title: string, name: string) => (name ? `${title}, ${name}` : title)

export function curvesSection(summary: StudySummary, part: StudyPart, baseline: MethodName): Html {
  return forSettings(summary, part, (setting, curves, name) => {
    const domain = domainOf(curves, setting.p100?.mean)
    const shown = named(curves, baseline)
    const ranked = [...shown].sort((a, b) => (b.curve.mIoU?.mean ?? -1) - (a.curve.mIoU?.mean ?? -1))
    return html`${figure(
      overviewChart(shown, { title: titled('mIoU against labelled share, all methods', name), setting, domain }),
      'Means over the seeds.',
    )}
<div class="small-multiples">${ranked.map(({ name: method, curve, stroke }) => {
      const color = stroke.width > 1.3 ? stroke : { ...stroke, color: 'var(--s2)', width: 2 }
      const others = curves.filter((other) => other !== curve)
      return figure(
        smallChart(
          titled(`mIoU of ${method} with its spread over seeds`, name),
          [{ name: method, curve, stroke: color }],
          others,
          { setting, domain },
        ),
        html`<b>${method}</b> ${meanPercent(curve.mIoU)}`,
      )
    })}</div>
<p class="note">Each method with a standard deviation over its seeds to either side, before the others in grey; best first.${setting.p90 !== null && ' The dotted line is p90, the full one all labels.'}</p>`
  })
}

/** Methods of whole images, each beside what it becomes with regions. CPRAL is Panoptic rating with regions. */
function regionPairs(
  curves: readonly CurveSummary[],
  setting: Setting,
): { whole: CurveSummary; regional: CurveSummary }[] {
  return curves.flatMap((whole) => {
    const withRegions = `${whole.method}-r`
    if (!isMethodName(withRegions)) return []
    const regional =
      curveIn(curves, withRegions, setting) ??
      (whole.method === 'rating' ? curveIn(curves, 'cpral', setting) : undefined)
    return regional ? [{ whole, regional }] : []
  })
}

export function regionsSection(summary: StudySummary, part: StudyPart): Html {
  return forSettings(summary, part, (setting, curves, name) => {
    const pairs = regionPairs(curves, setting)
    if (pairs.length === 0)
      return html`<p class="soft">No method has complete runs both on whole images and with regions.</p>`
    const domain = domainOf(
      pairs.flatMap(({ whole, regional }) => [whole, regional]),
      setting.p100?.mean,
    )
    const strokes = {
      whole: { color: 'var(--ink)', width: 1.75, dash: '4 3' },
      regional: { color: 'var(--s1)', width: 2.25 },
    }
    const rows = pairs.map(({ whole, regional }) => {
      const [without, withRegions] = [whole.mIoU?.mean, regional.mIoU?.mean]
      const gain = without === undefined || withRegions === undefined ? null : withRegions - without
      return { whole, regional, gain, method: methodName(whole.method) }
    })
    return html`<ul class="legend"><li><span class="line" style="border-color: var(--ink); border-top-style: dashed"></span>whole images</li><li><span class="line" style="border-color: var(--s1)"></span>with regions (R)</li></ul>
<div class="small-multiples">${rows.map(({ whole, regional, gain, method }) =>
      figure(
        smallChart(
          titled(`mIoU of ${method} with and without regions`, name),
          [
            { name: method, curve: whole, stroke: strokes.whole },
            { name: `${method} + R`, curve: regional, stroke: strokes.regional },
          ],
          [],
          { setting, domain },
        ),
        html`<b>${method}</b> ${percent(whole.mIoU?.mean)} → ${percent(regional.mIoU?.mean)}${gain !== null && html` <span class="soft">(${signed(gain)})</span>`}`,
      ),
    )}</div>
<p class="note">Shaded: a standard deviation over the seeds to either side. Numbers: mean mIoU of the last round in %, without and with regions.</p>`
  })
}
