import type { AnswerRecord, Region } from '../../domain/round'
import type { Rectangle } from '../../domain/size'
import type { DataApi } from '../../rpc/contract'
import type { SaveQueue } from './save-queue.svelte'

/** One of the round's regions, at the image's own size. */
export interface QueuedRegion {
  /** Position in the round's list of regions, those ahead after the others. */
  index: number
  imageId: string
  area: Rectangle
  /** The region at the input size, as the query chose it; null for the first images, which are drawn at random. */
  asked: Region | null
  /** The round's budget does not pay for it: it is there to go on with while the next round trains. */
  isAhead: boolean
}

type AnswerStore = Pick<DataApi, 'answers' | 'putAnswer'>

/** Longer pauses count as this much work. */
const LONGEST_PAUSE_MS = 60_000

/** The regions that a round asks about, highest score first, then those ahead; and the answer to each. */
export class RegionQueue {
  readonly runId: string
  readonly round: number
  readonly regions: readonly QueuedRegion[]
  /** Index of the current region in `regions`. */
  current = $state(0)
  answers = $state.raw<ReadonlyMap<number, AnswerRecord>>(new Map())
  readonly #store: AnswerStore
  readonly #saves: SaveQueue
  /** Clicks and milliseconds of work by region index, over all its answers. */
  readonly #spent = new Map<number, { clicks: number; milliseconds: number }>()
  #lastWork = performance.now()

  region: QueuedRegion | null = $derived.by(() => this.regions[this.current] ?? null)
  /** The regions that the round's budget pays for. */
  readonly asked: readonly QueuedRegion[]
  readonly ahead: readonly QueuedRegion[]
  /** Number of them with an answer other than 'skipped'. */
  finished: number = $derived.by(() => this.#finishedOf(this.asked))
  finishedAhead: number = $derived.by(() => this.#finishedOf(this.ahead))
  /** Number of all regions without any answer. */
  left: number = $derived.by(() => this.regions.filter(({ index }) => !this.answers.has(index)).length)
  /** Every region has an answer, but for those ahead. */
  isFinished: boolean = $derived.by(() => this.asked.every(({ index }) => this.answers.has(index)))
  /** The current region has no answer yet. */
  isAtOpen: boolean = $derived.by(() => this.region !== null && !this.answers.has(this.region.index))

  constructor(store: AnswerStore, saves: SaveQueue, run: { id: string; round: number }, regions: QueuedRegion[]) {
    this.#store = store
    this.#saves = saves
    this.runId = run.id
    this.round = run.round
    this.regions = regions
    this.asked = regions.filter(({ isAhead }) => !isAhead)
    this.ahead = regions.filter(({ isAhead }) => isAhead)
  }

  #finishedOf(regions: readonly QueuedRegion[]): number {
    return regions.filter(({ index }) => (this.answers.get(index)?.status ?? 'skipped') !== 'skipped').length
  }

  /** Reads the stored answers, and goes to the first region without one. */
  async load() {
    const stored = await this.#store.answers({ runId: this.runId, round: this.round })
    this.answers = new Map(stored.map((answer) => [answer.index, answer]))
    for (const { index, clicks = 0, seconds = 0 } of stored)
      this.#spent.set(index, { clicks, milliseconds: 1000 * seconds })
    this.current = Math.max(
      0,
      this.regions.findIndex(({ index }) => !this.answers.has(index)),
    )
    this.#lastWork = performance.now()
  }

  /** Counts clicks, and the time since the last work, for the current region. */
  work(clicks = 1) {
    const now = performance.now()
    const spent = this.#spentOn(this.region)
    spent.clicks += clicks
    spent.milliseconds += Math.min(LONGEST_PAUSE_MS, now - this.#lastWork)
    this.#lastWork = now
  }

  #spentOn(region: QueuedRegion | null): { clicks: number; milliseconds: number } {
    const index = region?.index ?? -1
    const spent = this.#spent.get(index) ?? { clicks: 0, milliseconds: 0 }
    this.#spent.set(index, spent)
    return spent
  }

  /**
   * Stores the answer to the current region, and goes to the next one without an answer.
   * @param pixels labelled pixels of the region
   */
  answer(status: AnswerRecord['status'], pixels: number) {
    const { region, runId, round } = this
    if (!region) return
    this.work()
    const { clicks, milliseconds } = this.#spentOn(region)
    const answer: AnswerRecord = {
      runId,
      round,
      index: region.index,
      status,
      pixels,
      clicks,
      seconds: milliseconds / 1000,
      at: Date.now(),
    }
    this.answers = new Map(this.answers).set(region.index, answer)
    this.#saves.add(this, () => this.#store.putAnswer({ answer }))
    this.go(this.#nextOpen())
  }

  /**
   * Position of the next region without an answer, one ahead only where the others have answers; of the next region when
   * all have one.
   */
  #nextOpen(): number {
    const count = this.regions.length
    const others = Array.from({ length: count }, (_, step) => (this.current + 1 + step) % count)
    const open = others.filter((position) => !this.answers.has(this.regions[position].index))
    return open.find((position) => !this.regions[position].isAhead) ?? open[0] ?? Math.min(count - 1, this.current + 1)
  }

  /** Makes the region at a position of the list the current one. */
  go(position: number) {
    this.current = Math.min(this.regions.length - 1, Math.max(0, position))
    this.#lastWork = performance.now()
  }
}
