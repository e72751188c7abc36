/** The report of a study as one HTML page. Its charts need a document to be drawn in, so it is made in a browser. */
import { methodName } from '../../cpral/method-names'
import { engineText } from '../../domain/engine'
import type { RunResult } from '../../study/run-result'
import type { StudyData, StudyPart } from '../../study/study-line'
import type { LineOutcome, StudyOutcome } from '../../study/study-outcome'
import { type StudySummary, summarize } from '../../study/summary'
import base from '../base.css?raw'
import { type Html, html } from '../html'
import { ablationSection } from './ablation-section'
import { classesSection } from './classes-section'
import { curvesSection, regionsSection } from './curve-sections'
import { counted, duration, percent } from './format'
import { noiseSection } from './noise-section'
import { type PictureGrid, pictureGrids, picturesSection } from './pictures-section'
import { resultsTable } from './results-table'
import style from './study.css?raw'
import { timeSection } from './time-section'

function dataText(data: StudyData): string {
  if ('demo' in data) {
    const { images, validationImages, seed } = data.demo
    return `${images} demo scenes of seed ${seed}, measured on ${validationImages} more`
  }
  const { folder, format, images } = data
  return `${folder} (${format}): ${images.train} images, measured on ${images.val}`
}

const unique = (texts: readonly string[]) => [...new Set(texts)]

function facts(entries: readonly [name: string, value: string][]): Html {
  return html`<dl class="facts">${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

function recipeText({ line: { recipe, config, weights } }: LineOutcome): string {
  const { network, size, training, selection, preset } = config
  const steps = training.steps ? `${training.steps} steps a round` : `${training.epochs} epochs a round`
  return [
    `${recipe}: ${preset} network on ${network.encoder}`,
    weights ? `weights ${weights}` : 'from scratch',
    `${size.height} × ${size.width}`,
    `${steps} in batches of ${training.batchSize}`,
    `${selection.initialImages} images first, then ${selection.budgetImages} a round, ${counted(selection.rounds, 'round')}`,
  ].join(', ')
}

/** What was run, with what, and how much of it is there. */
function whatWasRun({ lines }: StudyOutcome, summary: StudySummary): Html {
  const runs = lines.flatMap(({ run }) => run ?? [])
  const compared = lines.filter(({ line }) => !line.isAllLabels)
  const recipes = [...new Map(compared.map((outcome) => [outcome.line.recipe, outcome])).values()]
  const seeds = [...new Set(lines.map(({ line }) => line.config.seed))].sort((a, b) => a - b)
  const engines = unique(runs.flatMap(({ engine }) => (engine ? [engineText(engine)] : [])))
  const versions = unique(runs.flatMap((run: RunResult) => Object.entries(run.versions).map((pair) => pair.join(' '))))
  const seconds = [...summary.curves.flatMap((curve) => curve.lines), ...summary.allLabels].reduce(
    (sum, { measures }) => sum + measures.time.total,
    0,
  )
  const methods = new Set(compared.map(({ line }) => line.config.selection.method))
  return facts([
    ['Data', unique(lines.map(({ line }) => dataText(line.data))).join('; ')],
    [
      'Runs',
      `${lines.length - summary.unfinished.length} of ${lines.length} complete; ${counted(methods.size, 'method')}, seeds ${seeds.join(', ')}; ${duration(seconds)} of computing`,
    ],
    ...recipes.map((outcome): [string, string] => ['Recipe', recipeText(outcome)]),
    ['Engine', engines.join('; ') || 'none yet'],
    ['Versions', versions.join('; ') || 'none yet'],
  ])
}

/** More items than this are folded away: a reader comes for the figures. */
const MOST_SHOWN = 12

/** Lines of which there is no result, each with the reason. */
function missing({ unfinished }: StudySummary): Html | null {
  if (unfinished.length === 0) return null
  const failed = unfinished.filter(({ failure }) => failure !== null)
  const waiting = unfinished.filter(({ failure }) => failure === null)
  const state = ({ line, run }: LineOutcome) =>
    run && run.rounds.length > 0 ? `${run.rounds.length} of ${line.config.selection.rounds} rounds` : 'not begun'
  const list =
    waiting.length > 0 &&
    html`<ul class="missing">${waiting.map((outcome) => html`<li><b>${outcome.line.label}</b>: ${state(outcome)}</li>`)}</ul>`
  return html`<section id="missing"><h2>What is missing</h2>
<p>${counted(unfinished.length, 'line')} of the study ${unfinished.length === 1 ? 'has' : 'have'} no complete run, and no part in any figure.</p>
${failed.length > 0 && html`<ul class="missing">${failed.map(({ line, failure }) => html`<li><b>${line.label}</b> failed: ${failure ?? ''}</li>`)}</ul>`}
${waiting.length > MOST_SHOWN ? html`<details><summary>Which ${waiting.length} lines are not done</summary>${list}</details>` : list}</section>`
}

/** Failures of the engine that runs went on after, and batches that were halved: what a reader of the numbers should know. */
function incidents({ lines }: StudyOutcome): Html | null {
  const told = lines.flatMap(({ line, run }) => (run?.incidents ?? []).map(({ sentence }) => ({ line, sentence })))
  if (told.length === 0) return null
  return html`<section><h2>Failures of the engine</h2><p>The runs went on after each.</p>
<ul class="missing">${told.map(({ line, sentence }) => html`<li><b>${line.label}</b>: ${sentence}</li>`)}</ul></section>`
}

/** The adversary's accuracies: a collapsed one chose no better than chance. */
function adversaries({ curves }: StudySummary): Html | null {
  const lines = curves.flatMap((curve) => curve.lines.filter(({ measures }) => measures.adversary))
  if (lines.length === 0) return null
  const rounds = Math.max(...lines.map(({ measures }) => measures.adversary?.accuracies.length ?? 0))
  const names = Array.from({ length: rounds }, (_, i) => `Round ${i + 1}`)
  return html`<section><h2>The discriminators of VAAL and TA-VAAL</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Table of discriminators"><table><thead><tr>${['Line', ...names, ''].map((name) => html`<th scope="col">${name || html`<span class="hidden">Collapsed</span>`}</th>`)}</tr></thead>
<tbody>${lines.map(({ line, measures }) => {
    const accuracies = measures.adversary?.accuracies ?? []
    return html`<tr><th scope="row">${line.label}</th>${names.map((_, i) => html`<td>${percent(accuracies[i])}</td>`)}${measures.adversary?.isCollapsed ? html`<td class="warn">collapsed</td>` : html`<td></td>`}</tr>`
  })}</tbody></table></div>
<p class="note">Mean of the shares of labelled and unlabelled images that the discriminator tells right, in %. Collapsed: within two points of a half, which is chance, in every round.</p></section>`
}

function section(part: StudyPart, study: StudyOutcome, summary: StudySummary, grids: readonly PictureGrid[]): Html {
  const { baseline } = study
  switch (part.figure) {
    case 'curves':
      return curvesSection(summary, part, baseline)
    case 'regions':
      return regionsSection(summary, part)
    case 'noise':
      return noiseSection(summary, part, baseline)
    case 'ablation':
      return ablationSection(summary, part)
    case 'time':
      return timeSection(summary, part)
    case 'classes':
      return classesSection(summary, part, baseline)
    case 'pictures':
      return picturesSection(grids)
  }
}

/** @returns a page that needs no other file */
export async function studyPage(study: StudyOutcome): Promise<string> {
  const summary = summarize(study)
  const grids = new Map<string, PictureGrid[]>()
  for (const part of study.parts)
    if (part.figure === 'pictures') grids.set(part.name, await pictureGrids(summary, part))
  const parts = study.parts.map(
    (part, i) =>
      html`<section id="${part.name}"><h2><span class="number">Figure ${i + 1}</span> ${part.title}</h2>${section(part, study, summary, grids.get(part.name) ?? [])}</section>`,
  )
  const body = html`<header><h1>${study.name}</h1><p class="soft">A study of ways to choose what to label. Baseline: ${methodName(study.baseline)}.</p>
${whatWasRun(study, summary)}</header>
<main><section id="results"><h2>Results</h2>${resultsTable(summary, study.baseline)}</section>
${missing(summary)}${parts}${adversaries(summary)}${incidents(study)}</main>
<footer class="soft"><p>The numbers: <a href="results.csv">results.csv</a> (a row for each round of each line), <a href="curves.csv">curves.csv</a> (a row for each curve), and results.json beside this page.</p></footer>`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html`${study.name}`.text}</title><style>${base}${style}</style></head><body>
${body.text}
</body></html>
`
}
