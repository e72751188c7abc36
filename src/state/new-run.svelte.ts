import { budgetWarning } from '../cpral/budget'
import { memoryWarning } from '../cpral/memory'
import { type ConfigOverrides, defaultConfig, factsOf } from '../cpral/presets'
import { trainingWarnings, voidImages } from '../cpral/training-warnings'
import type { TruthPixels } from '../domain/class-pixels'
import type { Annotator, CpralConfig, EncoderName, MethodName, PresetName } from '../domain/config'
import type { ImageSummary, ProjectRecord } from '../domain/project'
import type { RunRecord } from '../domain/run'
import type { Size } from '../domain/size'
import type { WeightsSummary } from '../domain/weights'
import type { ComputeApi, DataApi } from '../rpc/contract'
import { Task } from './task.svelte'

const FALLBACK_SIZE: Size = { height: 256, width: 256 }

/** The form of a new run: the preset's defaults for this project, and the person's changes on top. */
export class NewRun {
  readonly creating = new Task<RunRecord>()
  readonly addingWeights = new Task<void>()
  readonly counting = new Task<TruthPixels[]>()
  preset = $state<PresetName>('tiny')
  overrides = $state.raw<ConfigOverrides>({})
  weights = $state.raw<WeightsSummary[]>([])
  readonly #data: DataApi
  readonly #compute: ComputeApi
  readonly #project: ProjectRecord
  readonly #imageSize: Size

  /** Pixels of each class in the ground truth; null until they have been counted. */
  #truth = $state.raw<TruthPixels[] | null>(null)

  /** Train images that the oracle can label: those whose masks have a pixel of a class. */
  trainable = $derived.by(() => {
    const { train } = this.#project.counts
    return this.overrides.annotator === 'person' ? train : train - voidImages(this.#truth ?? [], 'train')
  })

  config: CpralConfig = $derived.by(() => {
    const counts = { ...this.#project.counts, train: this.trainable || this.#project.counts.train }
    return defaultConfig(factsOf({ ...this.#project, counts }, this.#imageSize), this.preset, this.overrides)
  })

  /** What the run can be expected to lack; it can be started all the same. Empty until masks have been counted. */
  warnings: string[] = $derived.by(() => {
    if (!this.#truth) return []
    const budget = budgetWarning(this.config, this.trainable)
    return [...trainingWarnings(this.config, this.#project, this.#truth), ...(budget ? [budget] : [])]
  })

  /** A warning when training is likely not to fit into memory; the run can be started all the same. */
  memoryWarning: string | null = $derived.by(() => memoryWarning(this.config, this.#project.classes.length))

  constructor(data: DataApi, compute: ComputeApi, project: ProjectRecord, images: readonly ImageSummary[]) {
    this.#data = data
    this.#compute = compute
    this.#project = project
    this.#imageSize = images[0]?.size ?? FALLBACK_SIZE
    this.preset = project.source === 'demo' ? 'tiny' : 'light'
    this.reset()
  }

  /** Adds to the person's changes; nested parts are merged. */
  change(changes: ConfigOverrides) {
    const { selection, training, monteCarlo, extension, network, ...rest } = changes
    this.overrides = {
      ...this.overrides,
      ...rest,
      selection: { ...this.overrides.selection, ...selection },
      training: { ...this.overrides.training, ...training },
      monteCarlo: { ...this.overrides.monteCarlo, ...monteCarlo },
      extension: { ...this.overrides.extension, ...extension },
      network: { ...this.overrides.network, ...network },
    }
  }

  setAnnotator(annotator: Annotator) {
    this.change({ annotator })
  }

  setMethod(method: MethodName) {
    this.change({ selection: { method } })
  }

  /** Back to the preset's defaults; without ground truth, a person labels. */
  reset() {
    this.overrides = this.#project.hasGroundTruth ? {} : { annotator: 'person' }
  }

  /** Counts the pixels of each class in the masks, which the warnings need. */
  async countTruth() {
    const { id: projectId } = this.#project
    this.#truth = await this.counting.run((onProgress, signal) =>
      this.#data.truthPixels({ projectId }, onProgress, signal),
    )
  }

  async loadWeights() {
    this.weights = await this.#data.listWeights()
  }

  /** Chooses initial weights and their encoder; null starts from scratch. */
  useWeights(key: string | null) {
    const stored = this.weights.find((weights) => weights.key === key)
    if (!stored) return this.change({ weights: null, network: { firstExpansion: false } })
    const { encoder, firstExpansion } = stored
    this.change({ weights: stored.key, network: { encoder, firstExpansion } })
  }

  /** Chooses an encoder, and drops weights of another one. */
  setEncoder(encoder: EncoderName) {
    const stored = this.weights.find(({ key }) => key === this.config.weights)
    if (stored && stored.encoder !== encoder) this.useWeights(null)
    this.change({ network: { encoder } })
  }

  async addWeightsFile(file: File) {
    await this.addingWeights.run(async () => {
      const bytes = await file.arrayBuffer()
      await this.#takeUp(await this.#data.addWeights({ name: file.name, bytes }))
    })
  }

  async addWeightsFrom(url: string) {
    await this.addingWeights.run(async (onProgress, signal) => {
      await this.#takeUp(await this.#data.fetchWeights({ url }, onProgress, signal))
    })
  }

  /** Stores the run after the compute worker has checked its config. */
  create(): Promise<RunRecord | null> {
    const { id: projectId } = this.#project
    return this.creating.run(() => this.#compute.createRun({ projectId, config: $state.snapshot(this.config) }))
  }

  async #takeUp({ key }: WeightsSummary) {
    await this.loadWeights()
    this.useWeights(key)
  }
}
