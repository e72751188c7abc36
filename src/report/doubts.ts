/** What a reader of a run's report should know before comparing it with others. */
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import { warningsOfRounds } from '../study/round-warnings'
import { type Html, html } from './html'

function ofEffort({ effort, config }: RunRecord): string[] {
  if (!effort) return []
  const { batchSize, share } = effort
  return [
    ...(batchSize === null || batchSize === config.training.batchSize
      ? []
      : [`It trained with ${batchSize} images a step instead of ${config.training.batchSize}, for want of memory.`]),
    ...(share < 1 ? [`The engine got ${Math.round(100 * share)} % of the usual work at once.`] : []),
  ]
}

/** null where there is nothing to doubt. */
export function doubts(run: RunRecord, rounds: readonly RoundRecord[]): Html | null {
  const sentences = [
    ...warningsOfRounds(rounds, run.config.size),
    ...ofEffort(run),
    ...(run.incidents ?? []).map(({ sentence }) => `The engine failed once: ${sentence}`),
  ]
  if (sentences.length === 0) return null
  return html`<section><h2>Before comparing this run</h2><ul class="doubts">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul></section>`
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`

interface MethodColumn {
  name: string
  about: string
  /** One for each round. */
  cells: string[]
}

/** Columns of the rounds' table that only some methods have. */
export function methodColumns(rounds: readonly RoundRecord[]): MethodColumn[] {
  const columns = [
    {
      name: 'Candidates taken',
      about: 'regions that the budget took, of those that could be chosen',
      cells: rounds.map(({ candidates }) =>
        candidates && candidates.found > 0
          ? `${candidates.taken} of ${candidates.found}, ${percent(candidates.taken / candidates.found)}`
          : '–',
      ),
    },
    {
      name: 'Discriminator right',
      about:
        'mean of the shares of labelled and of unlabelled images that it tells right; collapsed within 2 points of 50 %, which is chance',
      cells: rounds.map(({ adversary }) => {
        if (!adversary) return '–'
        const { labelled, unlabelled } = adversary.accuracy
        return `${percent((labelled + unlabelled) / 2)}${adversary.isCollapsed ? ', collapsed' : ''}`
      }),
    },
    {
      name: 'Labelled ahead',
      about: 'what people labelled before the round asked, which its budget is smaller by, in % of the pool',
      cells: rounds.map(({ aheadPixels, poolPixels }) =>
        aheadPixels ? `${((100 * aheadPixels) / poolPixels).toFixed(2)} %` : '–',
      ),
    },
    {
      name: 'Unspent',
      about: 'budget for which nothing was left to label, in % of the pool',
      cells: rounds.map(({ unspentPixels = 0, poolPixels }) =>
        unspentPixels > 0 ? `${((100 * unspentPixels) / poolPixels).toFixed(2)} %` : '–',
      ),
    },
  ]
  return columns.filter(({ cells }) => cells.some((cell) => cell !== '–'))
}
