import type { LabelRecord } from '../domain/labels'
import type { ImageLayers } from '../domain/round'
import type { DataApi } from '../rpc/contract'
import type { RunState } from './run.svelte'
import { Task } from './task.svelte'

export const LAYERS = ['image', 'groundTruth', 'prediction', 'entropy', 'attention', 'regions', 'labels'] as const
export type LayerName = (typeof LAYERS)[number]

export interface LayerSetting {
  isVisible: boolean
  /** 0..1 */
  opacity: number
}

/** Everything that the image view shows of one image in one round. Rasters have the run's input size. */
export interface ImageContent {
  imageId: string
  bitmap: ImageBitmap
  groundTruth: Uint8Array | null
  layers: ImageLayers | null
  labels: LabelRecord | null
}

const DEFAULTS: Readonly<Record<LayerName, LayerSetting>> = {
  image: { isVisible: true, opacity: 1 },
  groundTruth: { isVisible: false, opacity: 0.6 },
  prediction: { isVisible: false, opacity: 0.6 },
  entropy: { isVisible: false, opacity: 0.8 },
  attention: { isVisible: false, opacity: 0.8 },
  regions: { isVisible: true, opacity: 1 },
  labels: { isVisible: true, opacity: 0.5 },
}

/** The open image and the settings of its layers, which stay while the person goes through the images. */
export class ImageViewState {
  readonly loading = new Task<ImageContent>()
  settings = $state<Record<LayerName, LayerSetting>>(structuredClone(DEFAULTS))
  content = $state.raw<ImageContent | null>(null)
  readonly #data: DataApi
  readonly #runState: RunState

  constructor(data: DataApi, runState: RunState) {
    this.#data = data
    this.#runState = runState
  }

  /** Reads image, ground truth, labels and the round's maps. The latest call wins; the bitmaps of the others are closed. */
  async load(imageId: string, round: number) {
    const run = this.#runState.run
    if (!run) return
    const content = await this.loading.run(async (_, signal) => {
      const { id: runId, config } = run
      const [bitmap, groundTruth, layers, labels] = await Promise.all([
        this.#data.image({ imageId }),
        this.#data.groundTruth({ imageId, size: config.size }),
        this.#data.layers({ runId, round, imageId }),
        this.#data.labels({ runId, imageId }),
      ])
      if (signal.aborted) bitmap.close()
      return { imageId, bitmap, groundTruth, layers, labels }
    })
    if (!content) return
    const previous = this.content
    this.content = content
    previous?.bitmap.close()
  }

  toggle(layer: LayerName) {
    this.settings[layer].isVisible = !this.settings[layer].isVisible
  }

  /** Whether this image has the layer in this round. */
  has(layer: LayerName): boolean {
    const content = this.content
    if (!content) return false
    if (layer === 'groundTruth') return content.groundTruth !== null
    if (layer === 'labels') return content.labels !== null
    if (layer === 'image' || layer === 'regions') return true
    return Boolean(content.layers?.[layer])
  }

  close() {
    this.loading.abort()
    this.content?.bitmap.close()
    this.content = null
  }
}
