import type { ImageSummary } from '../domain/project'
import type { ImageLayers, Region } from '../domain/round'
import type { Size } from '../domain/size'
import type { DataApi } from '../rpc/contract'
import type { RunRounds } from './comparison'
import { Task } from './task.svelte'

/** What one run made of the image in the round. */
export interface ComparedPicture {
  runId: string
  /** null where the run has no maps of the image in this round. */
  layers: ImageLayers | null
  /** That the round asked about, in pixels of the shown size. */
  regions: Region[]
  /** The run has this round. */
  hasRound: boolean
}

/** An image as several runs see it. Rasters have the size of the first run's input. */
export interface ComparedContent {
  image: ImageSummary
  round: number
  size: Size
  bitmap: ImageBitmap
  groundTruth: Uint8Array | null
  /** In the order of the runs. */
  pictures: ComparedPicture[]
}

/** The image and the round in which runs are compared; both stay, where they can, while runs are added and taken away. */
export class ComparedImages {
  readonly loading = new Task<void>()
  content = $state.raw<ComparedContent | null>(null)
  /** Images of which any of the runs has maps in the round, in project order. */
  offered = $state.raw<ImageSummary[]>([])
  /** Rounds that any of the runs has. */
  rounds = $state.raw<number[]>([])
  round = $state<number | null>(null)
  #imageId: string | null = null
  #runs: readonly RunRounds[] = []
  #images: ReadonlyMap<string, ImageSummary> = new Map()
  readonly #data: DataApi

  constructor(data: DataApi) {
    this.#data = data
  }

  /** Shows other runs, or the same ones after they went on. */
  async show(runs: readonly RunRounds[], images: ReadonlyMap<string, ImageSummary>) {
    this.#runs = runs
    this.#images = images
    const indices = runs.map(({ rounds }) => rounds.map(({ index }) => index))
    this.rounds = [...new Set(indices.flat())].sort((a, b) => a - b)
    const isThere = this.round !== null && this.rounds.includes(this.round)
    // The last round that all have.
    const shared = this.rounds.filter((index) => indices.every((own) => own.includes(index)))
    if (!isThere) this.round = shared.at(-1) ?? this.rounds.at(-1) ?? null
    await this.#load()
  }

  async chooseRound(round: number) {
    this.round = round
    await this.#load()
  }

  async chooseImage(imageId: string) {
    this.#imageId = imageId
    await this.#load()
  }

  /** Shows the next image that is offered, or the one before. */
  async step(by: 1 | -1) {
    const { offered } = this
    const at = offered.findIndex(({ id }) => id === this.#imageId)
    const next = offered[(at + by + offered.length) % offered.length]
    if (next) await this.chooseImage(next.id)
  }

  close() {
    this.loading.abort()
    this.#replace(null)
  }

  async #load() {
    const { round } = this
    const [runs, images] = [this.#runs, this.#images]
    await this.loading.run(async (_, signal) => {
      const offered = round === null ? [] : await this.#offer(round)
      if (signal.aborted) return
      this.offered = offered
      // Of validation images every run has a prediction.
      const first = offered.find(({ split }) => split === 'val') ?? offered[0]
      const image = offered.find(({ id }) => id === this.#imageId) ?? first
      const size = runs[0]?.run.config.size
      if (!image || !size || round === null) return this.#replace(null)
      this.#imageId = image.id
      const content = await this.#read(images.get(image.id) ?? image, round, size)
      if (signal.aborted) content.bitmap.close()
      else this.#replace(content)
    })
  }

  async #offer(round: number): Promise<ImageSummary[]> {
    const shown = await Promise.all(this.#runs.map(({ run }) => this.#data.layerImages({ runId: run.id, round })))
    const ids = new Set(shown.flat())
    return [...this.#images.values()].filter(({ id }) => ids.has(id))
  }

  async #read(image: ImageSummary, round: number, size: Size): Promise<ComparedContent> {
    const imageId = image.id
    const pictures = this.#runs.map(async ({ run, rounds }): Promise<ComparedPicture> => {
      const record = rounds.find(({ index }) => index === round)
      const own = (record?.regions ?? []).filter((region) => region.imageId === imageId)
      return {
        runId: run.id,
        layers: await this.#data.layers({ runId: run.id, round, imageId }),
        regions: own.map((region) => scaled(region, run.config.size, size)),
        hasRound: record !== undefined,
      }
    })
    const [bitmap, groundTruth, all] = await Promise.all([
      this.#data.image({ imageId }),
      this.#data.groundTruth({ imageId, size }),
      Promise.all(pictures),
    ])
    return { image, round, size, bitmap, groundTruth, pictures: all }
  }

  #replace(content: ComparedContent | null) {
    const previous = this.content
    this.content = content
    previous?.bitmap.close()
  }
}

function scaled(region: Region, from: Size, to: Size): Region {
  const [x, y] = [to.width / from.width, to.height / from.height]
  return { ...region, x: x * region.x, y: y * region.y, width: x * region.width, height: y * region.height }
}
