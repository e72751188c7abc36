import type { ImageSummary } from '../../domain/project'
import type { RoundRecord } from '../../domain/round'
import type { RunRecord } from '../../domain/run'
import type { DataApi } from '../../rpc/contract'
import { Latest } from '../latest'
import type { Runner } from '../runner.svelte'
import { type Asked, askedBy, queuedRegions } from './asked-regions'
import { RegionQueue } from './region-queue.svelte'
import type { SaveQueue } from './save-queue.svelte'

type Store = Pick<DataApi, 'answers' | 'listRuns' | 'putAnswer' | 'rounds'>

interface Question {
  queue: RegionQueue
  round: RoundRecord | null
}

/**
 * What a run asks at the label table, followed while the run goes on. A region that the person is at stays until it has
 * an answer, also when the run has taken the answers to the others, and when the next round's regions are ready.
 */
export class RunQuestions {
  run = $state.raw<RunRecord | null>(null)
  /** The round whose regions and maps are shown: the one that asks, else the latest with regions. */
  round = $state.raw<RoundRecord | null>(null)
  /** null when the run asks for nothing. */
  queue = $state.raw<RegionQueue | null>(null)
  /** The next round's regions, which are shown after the current region. */
  next = $state.raw<Question | null>(null)
  /** The run has taken the answers: of the queue only the current region is left. */
  isTaken = $state(false)
  readonly #store: Store
  readonly #saves: SaveQueue
  readonly #projectId: string
  readonly #runId: string
  readonly #images: () => readonly ImageSummary[]
  readonly #onNext: (queue: RegionQueue, isShown: boolean) => void
  readonly #reads = new Latest()

  /** @param onNext is told that the next round's regions are ready, and whether they are shown now */
  constructor(
    store: Store,
    saves: SaveQueue,
    ids: { projectId: string; runId: string },
    images: () => readonly ImageSummary[],
    onNext: (queue: RegionQueue, isShown: boolean) => void,
  ) {
    this.#store = store
    this.#saves = saves
    this.#projectId = ids.projectId
    this.#runId = ids.runId
    this.#images = images
    this.#onNext = onNext
  }

  /** Reads the run and its answers from the disk, as another tab may have changed them. */
  async load() {
    await this.#reads.run(async () => {
      const { asked, latest } = await this.#read()
      const question = asked && (await this.#ask(asked))
      this.#show(question ?? { queue: null, round: latest })
    })
  }

  /** Follows the run while a runner computes it. Returns a function that stops it. */
  follow(runner: Pick<Runner, 'onChange'>, onError: (error: unknown) => void): () => void {
    return runner.onChange((runId) => {
      if (runId === this.#runId) this.#reads.run(() => this.#refresh()).catch(onError)
    })
  }

  /** After an answer: goes to what is asked next, where the current queue is over. */
  advance() {
    if (this.isTaken) this.#show(this.next ?? { queue: null, round: this.round })
  }

  async #refresh() {
    const { asked, latest } = await this.#read()
    const shown = this.next?.queue ?? this.queue
    const round = asked ? (asked.record?.index ?? 0) : null
    if (asked && shown?.round === round) return
    const question = asked && (await this.#ask(asked))
    const stays = this.queue?.isAtOpen ?? false
    if (stays) {
      this.isTaken = true
      this.next = question
    } else this.#show(question ?? { queue: null, round: latest })
    if (question) this.#onNext(question.queue, !stays)
  }

  #show({ queue, round }: { queue: RegionQueue | null; round: RoundRecord | null }) {
    this.round = round
    this.queue = queue
    this.next = null
    this.isTaken = false
  }

  async #read(): Promise<{ asked: Asked | null; latest: RoundRecord | null }> {
    const runs = await this.#store.listRuns({ projectId: this.#projectId })
    const rounds = await this.#store.rounds({ runId: this.#runId })
    const run = runs.find(({ id }) => id === this.#runId) ?? null
    this.run = run
    const asked = run && askedBy(run, rounds)
    return { asked, latest: rounds.findLast(({ regions }) => regions.length > 0) ?? null }
  }

  async #ask(asked: Asked): Promise<Question | null> {
    const { run } = this
    if (!run) return null
    const round = asked.record?.index ?? 0
    const regions = queuedRegions(run, asked, this.#images())
    const queue = new RegionQueue(this.#store, this.#saves, { id: run.id, round }, regions)
    await queue.load()
    return { queue, round: asked.record }
  }
}
