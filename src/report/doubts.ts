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

/** Columns of the rounds' table that only some methods have: a name, and a cell for each round. */
export function methodColumns(rounds: readonly RoundRecord[]): { name: string; cells: string[] }[] {
  const columns = [
    {
      name: 'Candidates taken',
      cells: rounds.map(({ candidates }) =>
        candidates && candidates.found > 0
          ? `${candidates.taken} of ${candidates.found}, ${percent(candidates.taken / candidates.found)}`
          : '–',
      ),
    },
    {
      name: 'Discriminator right',
      cells: rounds.map(({ adversary }) => {
        if (!adversary) return '–'
        const { labelled, unlabelled } = adversary.accuracy
        return `${percent((labelled + unlabelled) / 2)}${adversary.isCollapsed ? ', collapsed' : ''}`
      }),
    },
    {
      name: 'Unspent',
      cells: rounds.map(({ unspentPixels = 0, poolPixels }) =>
        unspentPixels > 0 ? `${((100 * unspentPixels) / poolPixels).toFixed(2)} %` : '–',
      ),
    },
  ]
  return columns.filter(({ cells }) => cells.some((cell) => cell !== '–'))
}
