import type { Contestant, ContestantName } from './contract'

/** Where programs run. */
export interface Host {
  call<M extends keyof Contestant>(
    name: ContestantName,
    method: M,
    argument: Parameters<Contestant[M]>[0],
  ): Promise<Awaited<ReturnType<Contestant[M]>>>
  /** The browser's or Dawn's version. */
  description: string
  close(): Promise<void>
}
