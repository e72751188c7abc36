import type { ExtensionResult } from '../../domain/labels'
import { IGNORE } from '../../domain/labels'
import type { ImageSummary } from '../../domain/project'
import type { ComputeApi } from '../../rpc/contract'
import { Task } from '../task.svelte'
import type { SaveQueue } from './save-queue.svelte'
import { Suggestions } from './suggestions'

/** Label extension at the label table: its suggestions for the open image, until they are accepted or refused. */
export class Spreading {
  readonly extending = new Task<ExtensionResult | null>()
  /** Suggestions of less confidence are neither shown nor accepted; 0.5..1. The method's own is 0.95. */
  confidence = $state(0.95)
  /** Whether the last attempt found nothing to spread. */
  isNothing = $state(false)
  #result = $state.raw<ExtensionResult | null>(null)
  #image = $state.raw<ImageSummary | null>(null)
  /** Classes whose suggestions have been accepted or refused by themselves. */
  #answered = $state.raw<ReadonlySet<number>>(new Set())
  readonly #compute: Pick<ComputeApi, 'extend'>
  readonly #saves: SaveQueue
  readonly #runId: () => string | null

  /** Suggestions that are confident enough and not answered; null when there is no result. */
  shown: Suggestions | null = $derived.by(() => {
    const result = this.#result
    if (!this.#image || !result) return null
    const { classes, confidence, size } = result
    const isKept = (id: number, i: number) => confidence[i] >= 255 * this.confidence && !this.#answered.has(id)
    const kept = classes.map((id, i) => (isKept(id, i) ? id : IGNORE))
    return new Suggestions(kept, size, this.#image.size)
  })

  /** @param runId id of the run whose settings apply; null when there is none */
  constructor(compute: Pick<ComputeApi, 'extend'>, saves: SaveQueue, runId: () => string | null) {
    this.#compute = compute
    this.#saves = saves
    this.#runId = runId
  }

  /** Starts anew for another image. */
  begin(image: ImageSummary) {
    this.#image = image
    this.extending.clear()
    this.clear()
  }

  /** Spreads the image's labels, after they are saved. */
  async extend() {
    const image = this.#image
    const runId = this.#runId()
    if (!image || !runId) return
    const result = await this.extending.run(async () => {
      await this.#saves.settled()
      return this.#compute.extend({ runId, imageId: image.id })
    })
    if (this.#image !== image) return
    this.clear()
    this.#result = result
    this.isNothing = result === null && this.extending.status === 'done'
  }

  /** Hides the suggestions of a class that was accepted or refused. */
  answered(classId: number) {
    this.#answered = new Set(this.#answered).add(classId)
  }

  /** Forgets the suggestions. */
  clear() {
    this.#result = null
    this.#answered = new Set()
    this.isNothing = false
  }
}
