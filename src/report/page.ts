/** The report as one HTML page. Its charts need a document to be drawn in, so it is made in a browser. */

import { cssColor } from '../domain/color'
import { engineText } from '../domain/engine'
import { labelledShare } from '../domain/round'
import type { RunRecord } from '../domain/run'
import { TIMED } from '../domain/stages'
import base from './base.css?raw'
import { type ClassPair, classChart, curveChart, STAGE_COLORS, secondsChart } from './charts'
import { doubts, methodColumns } from './doubts'
import { flatten, type Picture, type PictureTable, type ReportFacts, selectedPixels, sharesOf } from './facts'
import { type Html, html } from './html'
import style from './report.css?raw'

const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`

function duration(seconds: number): string {
  if (seconds < 90) return `${seconds.toFixed(0)} s`
  if (seconds < 5400) return `${(seconds / 60).toFixed(1)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}

function totalSeconds(facts: ReportFacts): number {
  return facts.rounds.reduce((sum, { seconds }) => sum + Object.values(seconds).reduce((a, b) => a + b, 0), 0)
}

function summary(facts: ReportFacts): Html {
  const { project, run, rounds } = facts
  const [first, last] = [rounds[0], rounds.at(-1)]
  if (!first || !last) return html`<p>No round is complete yet.</p>`
  const figures: [string, string][] = [
    ['mIoU, last round', last.evaluation ? percent(last.evaluation.mIoU) : 'not measured'],
    ['mIoU, first round', first.evaluation ? percent(first.evaluation.mIoU) : 'not measured'],
    ['labelled', percent(labelledShare(last), 2)],
    ['rounds', `${rounds.length} of ${run.config.selection.rounds}`],
    ['images in the pool', (project.counts.train - (run.voidImages?.length ?? 0)).toLocaleString('en')],
    ['computing time', duration(totalSeconds(facts))],
  ]
  return html`<dl class="figures">${figures.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

function roundsTable({ rounds }: ReportFacts): Html {
  const head = ['Round', 'Labelled', 'mIoU', 'Accuracy', 'Images', 'Steps', 'Regions', 'Extended', 'Extended right']
  const extra = methodColumns(rounds)
  return html`<div class="scroll"><table>
<thead><tr>${[...head, ...extra.map(({ name }) => name)].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rounds.map((round, i) => {
    const { extension, evaluation } = round
    const judged =
      extension && extension.judgedPixels > 0 ? percent(extension.correctPixels / extension.judgedPixels) : '–'
    return html`<tr><th scope="row">${round.index}</th><td>${percent(labelledShare(round), 2)}</td><td>${evaluation ? percent(evaluation.mIoU, 2) : '–'}</td><td>${evaluation ? percent(evaluation.pixelAccuracy) : '–'}</td><td>${round.trainImages.length}</td><td>${round.steps}</td><td>${round.regions.length}</td><td>${extension ? percent(extension.addedPixels / round.poolPixels, 2) : '–'}</td><td>${judged}</td>${extra.map(({ cells }) => html`<td>${cells[i] ?? ''}</td>`)}</tr>`
  })}</tbody></table></div>${extra.map(({ name, about }) => html`<p class="soft"><b>${name}</b>: ${about}.</p>`)}`
}

function secondsTable({ rounds }: ReportFacts): Html {
  return html`<div class="scroll"><table>
<thead><tr><th scope="col">Round</th>${TIMED.map((stage) => html`<th scope="col">${stage}</th>`)}</tr></thead>
<tbody>${rounds.map((round) => html`<tr><th scope="row">${round.index}</th>${TIMED.map((stage) => html`<td>${round.seconds[stage].toFixed(1)}</td>`)}</tr>`)}</tbody></table></div>`
}

function pairLegend(from: string, to: string): Html {
  return html`<ul class="legend"><li><span class="chip ring"></span>${from}</li><li><span class="chip dot"></span>${to}</li></ul>`
}

const inPercent = (value: number | null | undefined) => (value === null || value === undefined ? null : 100 * value)

function classSections({ project, rounds }: ReportFacts): Html {
  const [first, last] = [rounds[0], rounds.at(-1)]
  const classes = project.classes
  const ious: ClassPair[] = classes.map((_, c) => ({
    from: inPercent(first?.evaluation?.iouPerClass[c]),
    to: inPercent(last?.evaluation?.iouPerClass[c]),
  }))
  const selected = sharesOf(selectedPixels(rounds, classes.length))
  const pool = sharesOf(first?.poolClassPixels ?? [])
  const shares: ClassPair[] = classes.map((_, c) => ({ from: inPercent(pool[c]), to: inPercent(selected[c]) }))
  const wasSelected = selected.some((share) => share > 0)
  return html`<div class="columns">
<section><h2>IoU per class</h2>${pairLegend(`round ${first?.index ?? 1}`, `round ${last?.index ?? 1}`)}
${classChart('IoU per class, first and last round', 'IoU, %', classes, ious, 'linear')}</section>
<section><h2>What was selected</h2>${pairLegend('share of the pool', 'share of the selection')}
${wasSelected ? classChart('Class shares of the pool and of the selection', 'pixels, % (square-root scale)', classes, shares, 'sqrt') : html`<p class="soft">No query is complete yet.</p>`}</section>
</div>`
}

function pictureCell(picture: Picture | null, alt: string, caption: string): Html {
  if (!picture) return html`<td><span class="soft small">not stored</span></td>`
  return html`<td><img src="${picture.source}" alt="${alt}"><span class="soft small">${caption}</span></td>`
}

/** A table of pictures, without columns that are empty in every row. */
function pictureSection(table: PictureTable): Html | null {
  const kept = table.columns.flatMap((name, i) => (table.rows.some(({ pictures }) => pictures[i]) ? [{ name, i }] : []))
  if (kept.length === 0) return null
  return html`<section><h2>${table.title}</h2><p class="soft small">${table.about}</p>
<div class="scroll"><table class="pictures"><thead><tr>${kept.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${table.rows.map(
    ({ name, pictures }) =>
      html`<tr>${kept.map(({ name: column, i }) => {
        const picture = pictures[i] ?? null
        const caption = i === 0 ? name : picture?.round ? `round ${picture.round}` : ''
        return pictureCell(picture, `${column} of ${name}`, caption)
      })}</tr>`,
  )}</tbody></table></div></section>`
}

function pictureSections({ pictures, project }: ReportFacts): Html | null {
  const sections = pictures.map(pictureSection).filter((section) => section !== null)
  if (sections.length === 0) return null
  return html`<section><h2>Classes</h2>
<ul class="legend">${project.classes.map(({ name, color }) => html`<li><span class="chip" style="background: ${cssColor(color)}"></span>${name}</li>`)}</ul></section>${sections}`
}

function settings(entries: readonly [string, string][]): Html {
  return html`<dl class="settings">${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

function weightsFacts({ initialWeights }: RunRecord): [string, string][] {
  if (!initialWeights) return []
  const { name, sha256, source } = initialWeights
  return [
    ['initial weights', source ?? name],
    ['their SHA-256', sha256],
  ]
}

/** A note on the wrong labels of a run: those that were asked for, and those that there are. */
function labelNoise({ run, rounds }: ReportFacts): Html | null {
  const { noise } = run.config
  if (!noise) return null
  const counts = rounds.flatMap((round) => (round.noise ? [round.noise] : []))
  const sum = (part: 'answered' | 'wrong' | 'missing') => counts.reduce((total, count) => total + count[part], 0)
  const [answered, wrong, missing] = [sum('answered'), sum('wrong'), sum('missing')]
  const found =
    answered > 0
      ? `Of the labels that the oracle gave, ${percent(wrong / answered)} were wrong and ${percent(missing / answered)} missing.`
      : ''
  return html`<p role="note">Label noise: ${noise.kind}, ${percent(noise.share)} by ${noise.unit}. ${found}</p>`
}

/** A note on labels that the run could not read. */
function damage({ damagedLabels = [] }: RunRecord): Html | null {
  if (damagedLabels.length === 0) return null
  return html`<p role="note">The run learned from what could be read: not all of the labels of ${damagedLabels.join(', ')} could.</p>`
}

export function reportPage(facts: ReportFacts): string {
  const { project, run, rounds } = facts
  const engine = run.engine ? engineText(run.engine) : 'no engine yet'
  const setting = `${run.config.selection.method}, seed ${run.config.seed}`
  const title = `${project.name}: ${run.name === undefined ? setting : `${run.name} (${setting})`}`
  const made = new Date(facts.createdAt).toISOString().slice(0, 16).replace('T', ' ')
  const versions: [string, string][] = [
    ...Object.entries(facts.versions),
    ['engine', engine],
    ...weightsFacts(run),
    ['report made', `${made} UTC`],
  ]
  const body = html`<header><h1>${title}</h1>
<p class="soft">${run.config.preset} network on ${run.config.network.encoder} at ${run.config.size.height} × ${run.config.size.width}, ${engine}</p>${summary(facts)}${labelNoise(facts)}${damage(run)}</header>
${
  rounds.length > 0 &&
  html`<div class="columns"><section><h2>mIoU against labelled share</h2>${curveChart(rounds)}</section>
<section><h2>Seconds per stage</h2>
<ul class="legend">${TIMED.map((stage) => html`<li><span class="chip" style="background: ${STAGE_COLORS[stage]}"></span>${stage}</li>`)}</ul>
${secondsChart(rounds)}</section></div>
<section><h2>Rounds</h2>${roundsTable(facts)}</section>
${doubts(run, rounds)}
${classSections(facts)}
${pictureSections(facts)}
<section><h2>Seconds per stage</h2>${secondsTable(facts)}</section>`
}
<section><h2>Configuration</h2>${settings(flatten(run.config))}</section>
<section><h2>Versions</h2>${settings(versions)}</section>`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html`${title}`.text}</title><style>${base}${style}</style></head><body>
${body.text}
</body></html>
`
}
