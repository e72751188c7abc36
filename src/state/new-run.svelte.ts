import type { CpralConfig, MethodName, PresetName, Size } from '../cpral/config'
import { type ConfigOverrides, defaultConfig } from '../cpral/presets'
import type { ComputeApi, DataApi, ImageSummary } from '../rpc/contract'
import { AppError } from '../rpc/errors'
import type { ProjectRecord, RunRecord } from '../storage/schema'
import { Task } from './task.svelte'

export type StoredWeights = Awaited<ReturnType<DataApi['listWeights']>>[number]

const FALLBACK_SIZE: Size = { height: 256, width: 256 }

/** The form of a new run: the preset's defaults for this project, with what the person changed on top. */
export class NewRun {
  readonly creating = new Task<RunRecord>()
  readonly addingWeights = new Task<void>()
  preset = $state<PresetName>('tiny')
  overrides = $state.raw<ConfigOverrides>({})
  weights = $state.raw<StoredWeights[]>([])
  readonly #data: DataApi
  readonly #compute: ComputeApi
  readonly #project: ProjectRecord
  readonly #imageSize: Size

  config: CpralConfig = $derived.by(() => {
    const { format, source, counts } = this.#project
    const facts = { format, source, trainImages: counts.train, imageSize: this.#imageSize }
    return defaultConfig(facts, this.preset, this.overrides)
  })

  constructor(data: DataApi, compute: ComputeApi, project: ProjectRecord, images: readonly ImageSummary[]) {
    this.#data = data
    this.#compute = compute
    this.#project = project
    this.#imageSize = images[0]?.size ?? FALLBACK_SIZE
    this.preset = project.source === 'demo' ? 'tiny' : 'light'
  }

  /** Adds to what the person changed; nested parts are merged. */
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

  setMethod(method: MethodName) {
    this.change({ selection: { method } })
  }

  /** Back to the preset's defaults. */
  reset() {
    this.overrides = {}
  }

  async loadWeights() {
    this.weights = await this.#data.listWeights()
  }

  useWeights(key: string | null) {
    const stored = this.weights.find((weights) => weights.key === key)
    this.change({ weights: stored?.key ?? null, network: { firstExpansion: stored?.firstExpansion ?? false } })
  }

  async addWeightsFile(file: File) {
    await this.addingWeights.run(async () => this.#store(file.name, await file.arrayBuffer()))
  }

  async addWeightsFrom(url: string) {
    await this.addingWeights.run(async (_, signal) => {
      const response = await fetch(url, { signal }).catch((cause: unknown) => {
        if (signal.aborted) throw cause
        throw new AppError('bad_file', `${url} could not be reached.`, 'Check the address, or pick a file.', { cause })
      })
      if (!response.ok) {
        throw new AppError('bad_file', `${url} answered ${response.status}.`, 'Check the address, or pick a file.')
      }
      await this.#store(url.split('/').at(-1) || url, await response.arrayBuffer())
    })
  }

  /** Stores the run after the compute worker has checked its config. */
  create(): Promise<RunRecord | null> {
    const { id: projectId } = this.#project
    return this.creating.run(() => this.#compute.createRun({ projectId, config: $state.snapshot(this.config) }))
  }

  async #store(name: string, bytes: ArrayBuffer) {
    const { key } = await this.#data.addWeights({ name, bytes })
    await this.loadWeights()
    this.useWeights(key)
  }
}
