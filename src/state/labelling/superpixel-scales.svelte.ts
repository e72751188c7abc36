import { SuperpixelMap } from '../../annotation/superpixels'
import type { ImageSummary } from '../../domain/project'
import { fitWithin } from '../../image/image-file'
import type { DataApi, SuperpixelApi } from '../../rpc/contract'
import { Latest } from '../latest'
import { Task } from '../task.svelte'
import { SUPERPIXEL_SIDES } from './tool-settings.svelte'

/** Long side, in pixels, of the copy that is divided into superpixels: dividing a full-size photo would take minutes. */
const COPY_SIDE = 1024

/** The superpixels of the open image. Each scale is divided when it is first asked for. */
export class SuperpixelScales {
  readonly dividing = new Task<SuperpixelMap>()
  /** Superpixels at the chosen scale; null until it is divided. */
  map = $state.raw<SuperpixelMap | null>(null)
  readonly #data: Pick<DataApi, 'image'>
  readonly #superpixel: SuperpixelApi
  readonly #latest = new Latest()
  #image: ImageSummary | null = null
  #scale = 0
  #divided = new Map<number, SuperpixelMap>()

  /** Whether the chosen scale is being divided. */
  isDividing: boolean = $derived.by(() => this.map === null && this.dividing.isRunning)

  constructor(data: Pick<DataApi, 'image'>, superpixel: SuperpixelApi) {
    this.#data = data
    this.#superpixel = superpixel
  }

  /** Starts anew for another image. */
  begin(image: ImageSummary) {
    this.#image = image
    this.map = null
    this.#divided = new Map()
    this.#latest.clear()
  }

  /** @param scale index into `SUPERPIXEL_SIDES` */
  async divide(scale: number) {
    const image = this.#image
    const divided = this.#divided
    this.#scale = scale
    this.map = divided.get(scale) ?? null
    this.#latest.clear()
    if (image && !this.map) await this.#latest.run(() => this.#divide(image, scale, divided))
  }

  async #divide(image: ImageSummary, scale: number, divided: Map<number, SuperpixelMap>) {
    // The division before may have been of the same scale.
    if (divided.has(scale)) return
    const map = await this.dividing.run(async (_, signal) => {
      const bitmap = await this.#data.image({ imageId: image.id, size: fitWithin(image.size, COPY_SIDE) })
      if (signal.aborted) bitmap.close()
      signal.throwIfAborted()
      const superpixels = await this.#superpixel.superpixels({ bitmap, side: SUPERPIXEL_SIDES[scale] })
      return new SuperpixelMap(superpixels, image.size)
    })
    if (!map) return
    divided.set(scale, map)
    if (divided === this.#divided && scale === this.#scale) this.map = map
  }
}
