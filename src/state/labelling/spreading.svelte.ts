import type { ComputeApi, ExtensionResult, ImageSummary } from '../../rpc/contract'
import { IGNORE } from '../../storage/schema'
import { Task } from '../task.svelte'
import type { SaveQueue } from './save-queue.svelte'
import { Suggestions } from './suggestions'

/** Label extension with a person: what it suggests for the image on the table, until that is accepted or refused. */
export class Spreading {
  readonly extending = new Task<ExtensionResult | null>()
  /** Least confidence that is shown and accepted, 0.5..1; the method's own is 0.95. */
  confidence = $state(0.95)
  #result = $state.raw<ExtensionResult | null>(null)
  #image = $state.raw<ImageSummary | null>(null)
  readonly #compute: Pick<ComputeApi, 'extend'>
  readonly #saves: SaveQueue
  readonly #runId: () => string | null

  /** Suggestions of at least that confidence, where nobody has labelled or refused. */
  shown: Suggestions | null = $derived.by(() => {
    const result = this.#result
    if (!this.#image || !result) return null
    const { classes, confidence, size } = result
    const kept = classes.map((id, i) => (confidence[i] >= 255 * this.confidence ? id : IGNORE))
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
    this.#result = null
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
    if (this.#image === image) this.#result = result
  }

  /** Forgets suggestions that have been accepted or refused. */
  clear() {
    this.#result = null
  }
}
