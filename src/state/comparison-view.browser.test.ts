import { expect, test } from 'vitest'
import type { RunRecord } from '../domain/run'
import type { DataApi } from '../rpc/contract'
import { ComparisonView } from './comparison-view.svelte'
import type { Runner } from './runner.svelte'

/** A project with runs `a` and `b`, and one that is made later. */
function store() {
  const read: string[] = []
  const runs = ['a', 'b'].map((id) => ({ id, config: { selection: { method: 'cpral' } } }) as RunRecord)
  const data: Partial<DataApi> = {
    listProjects: async () => [{ id: 'p', classes: [] } as never],
    listImages: async () => [],
    listRuns: async () => [...runs],
    rounds: async ({ runId }) => {
      read.push(runId)
      return []
    },
  }
  return { data: data as DataApi, read, runs }
}

const shown = (view: ComparisonView) => view.comparison.runs.map(({ run }) => run.id)

test('the runs of the address are shown in its order; what is not there any more is left out', async () => {
  const { data, read } = store()
  const view = new ComparisonView(data, 'p')
  // The address is read before the project is.
  await view.choose(['b', 'gone', 'a', 'b'])
  expect(read).toEqual([])
  await view.load()
  expect(shown(view)).toEqual(['b', 'a'])
  expect(read).toEqual(['b', 'a'])
  await view.choose(['a'])
  expect(shown(view)).toEqual(['a'])
})

test('a run that ends elsewhere on the page is read again', async () => {
  const { data, runs } = store()
  const view = new ComparisonView(data, 'p')
  await view.choose(['a'])
  await view.load()
  let tell = (_: string) => {}
  const runner = {
    onChange: (listener: typeof tell) => {
      tell = listener
      return () => {}
    },
  }
  view.follow(runner as Runner)
  runs.push({ ...(runs[0] ?? expect.unreachable()), id: 'c' })
  tell('c')
  await expect.poll(() => view.runs.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
})

test('a project that is not there is an error with a remedy', async () => {
  const view = new ComparisonView(store().data, 'q')
  await view.load()
  expect(view.loading.error).toMatchObject({ code: 'not_found' })
  expect(view.project).toBeNull()
})
