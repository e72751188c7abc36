/** The page of the benchmarks: opens the contestants' workers and passes calls on to them. */
import { wrap } from 'comlink'
import type { Contestant, ContestantName } from '../contract'

const open = new Map<ContestantName, Contestant>()

function start(name: ContestantName): Worker {
  if (name === 'stock') return new Worker(new URL('./stock.worker.ts', import.meta.url), { type: 'module' })
  if (name === 'ort') return new Worker(new URL('./ort.worker.ts', import.meta.url), { type: 'module' })
  return new Worker(new URL('./ours.worker.ts', import.meta.url), { type: 'module' })
}

function contestant(name: ContestantName): Contestant {
  const known = open.get(name)
  if (known) return known
  // Every method is asynchronous already, so the remote one has the same type.
  const fresh = wrap<Contestant>(start(name)) as unknown as Contestant
  open.set(name, fresh)
  return fresh
}

export type Call = <M extends keyof Contestant>(
  name: ContestantName,
  method: M,
  argument: Parameters<Contestant[M]>[0],
) => Promise<Awaited<ReturnType<Contestant[M]>>>

declare global {
  var callContestant: Call
}

globalThis.callContestant = (name, method, argument) => {
  const call = contestant(name)[method] as (value: typeof argument) => ReturnType<Call>
  return call(argument) as never
}
