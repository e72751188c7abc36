import type { PairPreview } from '../domain/dataset'
import { AppError, toAppError } from '../domain/errors'
import { Latest } from './latest'

/** The image of an import that lies open, with its labels. One is read at a time; of those asked for meanwhile, the latest. */
export class PairViewer {
  /** The image that was asked for last. */
  index = $state(0)
  /** Lies open until the one that was asked for is there; null before the first, and where `error` says why. */
  pair = $state.raw<PairPreview | null>(null)
  /** Why the image that was asked for cannot be shown. */
  error = $state.raw<AppError | null>(null)
  isLoading = $state(false)
  readonly #load: (index: number) => Promise<PairPreview>
  readonly #latest = new Latest()
  #asked = 0

  constructor(load: (index: number) => Promise<PairPreview>) {
    this.#load = load
  }

  async show(index: number): Promise<void> {
    this.#asked++
    const asked = this.#asked
    this.index = index
    this.isLoading = true
    await this.#latest.run(async () => {
      const outcome = await this.#load(index).catch(toAppError)
      if (asked !== this.#asked) {
        if (!(outcome instanceof Error)) outcome.image.close()
        return
      }
      this.pair?.image.close()
      this.isLoading = false
      if (outcome instanceof Error) {
        this.pair = null
        this.error = outcome instanceof AppError ? outcome : new AppError('internal', outcome.message)
      } else {
        this.pair = outcome
        this.error = null
      }
    })
  }

  close() {
    this.#asked++
    this.#latest.clear()
    this.pair?.image.close()
    this.pair = null
  }
}
