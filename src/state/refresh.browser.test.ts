import { expect, test } from 'vitest'
import type { RunRecord } from '../domain/run'
import type { DataApi } from '../rpc/contract'
import { ProjectState } from './project.svelte'
import { RunState } from './run.svelte'
import type { Runner } from './runner.svelte'

/** A store that holds one run of changing status; its answers come when they are let out, in whatever order. */
function slowStore() {
  const held: (() => void)[] = []
  let status: RunRecord['status'] = 'running'
  let isSlow = false
  const config = { selection: { method: 'cpral' } }
  const store: Partial<DataApi> = {
    listProjects: async () => [{ id: 'p', classes: [] } as never],
    listImages: async () => [],
    listRuns: async () => {
      const run = { id: 'r', projectId: 'p', createdAt: 1, status, config } as RunRecord
      if (isSlow) await new Promise<void>((resolve) => held.push(resolve))
      return [run]
    },
    rounds: async () => [],
    labelShares: async () => [],
    personLabelShares: async () => [],
  }
  return {
    store: store as DataApi,
    held,
    become: (next: RunRecord['status']) => {
      status = next
    },
    slowDown: () => {
      isSlow = true
    },
  }
}

/** Lets the answers out, the latest question's first, until none waits. */
async function letOut(held: (() => void)[]) {
  for (let idle = 0; idle < 3; ) {
    await new Promise((resolve) => setTimeout(resolve))
    const answer = held.pop()
    if (answer) answer()
    idle = answer ? 0 : idle + 1
  }
}

test('however answers overtake each other, a run is shown as it was last', async () => {
  const { store, held, become, slowDown } = slowStore()
  const state = new RunState(store, 'p', 'r')
  await state.load()
  expect(state.run?.status).toBe('running')
  let tell = (_: string) => {}
  state.follow({
    onChange: (listener: (runId: string) => void) => {
      tell = listener
      return () => {}
    },
  } as Runner)
  slowDown()
  tell('r')
  await new Promise((resolve) => setTimeout(resolve))
  become('done')
  tell('r')
  await letOut(held)
  expect(state.run?.status).toBe('done')
  expect(state.loading.status).toBe('done')
})

test('and so is a project', async () => {
  const { store, held, become, slowDown } = slowStore()
  const state = new ProjectState(store, 'p')
  await state.load()
  slowDown()
  const first = state.refresh()
  await new Promise((resolve) => setTimeout(resolve))
  become('done')
  const second = state.refresh()
  await letOut(held)
  await Promise.all([first, second])
  expect(state.runs.map(({ status }) => status)).toEqual(['done'])
})
