import type { ImageSummary } from '../../domain/project'
import type { DataApi } from '../../rpc/contract'
import type { LabelDocument } from './label-document.svelte'

/** Knows which of the project's images have labels: the open one as it is now, the others as they were left. */
export class LabelledImages {
  #left = $state.raw<ReadonlySet<string>>(new Set())
  readonly #images: () => readonly ImageSummary[]
  readonly #onTable: () => LabelDocument | null
  count: number = $derived.by(() => this.#images().filter(({ id }) => this.has(id)).length)

  constructor(images: () => readonly ImageSummary[], onTable: () => LabelDocument | null) {
    this.#images = images
    this.#onTable = onTable
  }

  async read(data: Pick<DataApi, 'personLabelShares'>, projectId: string) {
    const shares = await data.personLabelShares({ projectId })
    this.#left = new Set(shares.filter(({ labelled }) => labelled > 0).map(({ imageId }) => imageId))
  }

  /** Remembers whether an image that is being closed has labels. */
  leave({ imageId, labelledPixels }: LabelDocument) {
    const left = new Set(this.#left)
    if (labelledPixels > 0) left.add(imageId)
    else left.delete(imageId)
    this.#left = left
  }

  has(imageId: string): boolean {
    const document = this.#onTable()
    return document?.imageId === imageId ? document.labelledPixels > 0 : this.#left.has(imageId)
  }

  /** The next image without labels behind the given one, starting over after the last; null when all others have labels. */
  nextWithout(imageId: string): ImageSummary | null {
    const images = this.#images()
    const at = images.findIndex(({ id }) => id === imageId)
    const others = [...images.slice(at + 1), ...images.slice(0, Math.max(0, at))]
    return others.find(({ id }) => !this.has(id)) ?? null
  }
}
