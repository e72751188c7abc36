/**
 * Running averages of a network's numbers over the steps of a round: the network that is measured and that asks, where a run has
 * them (the teacher of Tarvainen and Valpola 2017).
 */
import { type Block, disposeBlock, makeBlock } from '../kernels/arena/block'
import { BlockTable } from '../kernels/arena/block-table'
import { runningAverage } from '../kernels/optimizer/running-average'
import type { Arena } from './arena'

/**
 * Share of its old value that an average keeps in a step: those of a round's first steps are plain means of the values so far, and
 * begin with the first step's, whatever was there before.
 * @param step of the round, from 1; Infinity where the averages continue those of a round before
 * @param most share that it comes to at last
 */
export function averageKept(step: number, most: number): number {
  return Math.min(1 - 1 / step, most)
}

export class Averages {
  /** Of an arena's parameters and of its running statistics, in its layouts. */
  readonly values: Block
  readonly running: Block
  readonly #arena: Arena
  readonly #most: number
  readonly #shares: { values: BlockTable; running: BlockTable }

  /** @param most share of its old value that an average keeps in a step, 0..1 */
  constructor(arena: Arena, most: number) {
    const like = ({ parts }: Block) => makeBlock(parts.map(({ shape }) => ({ shape })))
    this.#arena = arena
    this.#most = most
    this.values = like(arena.values)
    this.running = like(arena.running)
    this.#shares = { values: new BlockTable(this.values), running: new BlockTable(this.running) }
    this.restart()
  }

  /** The averages become what the arena holds now. */
  restart(): void {
    this.#take(0)
  }

  /** Takes what the arena holds after a step. @param step as `averageKept` has it */
  update(step: number): void {
    this.#take(averageKept(step, this.#most))
  }

  #take(kept: number): void {
    for (const kind of ['values', 'running'] as const) {
      const average = this[kind]
      const shares = this.#shares[kind].of(average.parts.map(() => 1 - kept))
      runningAverage(average.whole, this.#arena[kind].whole, shares, kept)
    }
  }

  dispose(): void {
    for (const kind of ['values', 'running'] as const) {
      disposeBlock(this[kind])
      this.#shares[kind].dispose()
    }
  }
}
