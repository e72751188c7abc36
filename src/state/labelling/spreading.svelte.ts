import type { ExtensionResult } from '../../domain/labels'
import { IGNORE } from '../../domain/labels'
import type { ImageSummary } from '../../domain/project'
import type { ComputeApi } from '../../rpc/contract'
import { Task } from '../task.svelte'
import type { SaveQueue } from './save-queue.svelte'
import { Suggestions } from './suggestions'

/** Label extension with a person: what it suggests for the image on the table, until that is accepted or refused. */
export class Spreading {
  readonly extending = new Task<ExtensionResult | null>()
  /** Least confidence that is shown and accepted, 0.5..1; the method's own is 0.95. */
  confidence = $state(0.95)
  /** The last attempt found nothing to spread. */
  isNothing = $state(false)
  #result = $state.raw<ExtensionResult | null>(null)
  #image = $state.raw<ImageSummary | null>(null)
  /** Classes of the result that have been accepted or refused on their own. */
  #answered = $state.raw<ReadonlySet<number>>(new Set())
  readonly #compute: Pick<ComputeApi, 'extend'>
  readonly #saves: SaveQueue
  readonly #runId: () => string | null

  /** Suggestions of at least that confidence that nobody has answered. */
  shown: Suggestions | null = $derived.by(() => {
    const result = this.#result
    if (!this.#image || !result) return null
    const { classes, confidence, size } = result
    const isKept = (id: number, i: number) => confidence[i] >= 255 * this.confidence && !this.#answered.has(id)
    const kept = classes.map((id, i) => (isKept(id, i) ? id : IGNORE))
    return new Suggestions(kept, size, this.#image.size)
  })

  /** @param runId the run by whose settings labels spread; null when there is none */
  constructor(compute: Pick<ComputeApi, 'extend'>, saves: SaveQueue, runId: () => string | null) {
    this.#compute = compute
    this.#saves = saves
    this.#runId = runId
  }

  /** Another image lies on the table. */
  begin(image: ImageSummary) {
    this.#image = image
    this.extending.clear()
    this.clear()
  }

  /** Lets the labels of the image spread, once they are saved. */
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

  /** What was spread of one class has been accepted or refused. */
  answered(classId: number) {
    this.#answered = new Set(this.#answered).add(classId)
  }

  /** Forgets what was spread, and how that went. */
  clear() {
    this.#result = null
    this.#answered = new Set()
    this.isNothing = false
  }
}
