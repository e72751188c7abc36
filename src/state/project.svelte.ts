import { AppError } from '../domain/errors'
import type { LabelShare } from '../domain/labels'
import type { ImageSummary, ProjectRecord } from '../domain/project'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import type { DataApi } from '../rpc/contract'
import { type ImageState, imageState, selectedImages } from './image-state'
import { Latest } from './latest'
import { Task } from './task.svelte'

export interface GalleryImage {
  image: ImageSummary
  state: ImageState
  share: LabelShare
}

interface RunFacts {
  shares: Map<string, LabelShare>
  rounds: RoundRecord[]
}

const NO_FACTS: RunFacts = { shares: new Map(), rounds: [] }

/** One project: its images, its runs, and how far the chosen run has labelled the images. */
export class ProjectState {
  readonly loading = new Task<void>()
  readonly deleting = new Task<void>()
  readonly renaming = new Task<ProjectRecord>()
  project = $state.raw<ProjectRecord | null>(null)
  images = $state.raw<ImageSummary[]>([])
  runs = $state.raw<RunRecord[]>([])
  /** The run whose labels the gallery shows; null for people's labels. */
  runId = $state<string | null>(null)
  #hasChosen = false
  #facts = $state.raw<RunFacts>(NO_FACTS)
  /** People's labels, whichever run is chosen. */
  #own = $state.raw<RunFacts>(NO_FACTS)
  readonly #data: DataApi
  readonly #projectId: string
  readonly #reads = new Latest()

  gallery: GalleryImage[] = $derived.by(() => {
    const selected = selectedImages(this.#facts.rounds)
    return this.images.map((image) => {
      const share = this.#facts.shares.get(image.id)
      return {
        image,
        state: imageState(image, share, selected),
        share: share ?? { imageId: image.id, labelled: 0, extended: 0 },
      }
    })
  })

  /** The image at which labelling by hand goes on: the first without labels, else the first of all. */
  firstToLabel: ImageSummary | undefined = $derived.by(() => {
    const pool = this.images.filter(({ split }) => split === 'train')
    return pool.find(({ id }) => !this.#own.shares.get(id)?.labelled) ?? pool[0]
  })

  constructor(data: DataApi, projectId: string) {
    this.#data = data
    this.#projectId = projectId
  }

  async load() {
    const projectId = this.#projectId
    await this.loading.run(async () => {
      const projects = await this.#data.listProjects()
      const project = projects.find((candidate) => candidate.id === projectId)
      if (!project) {
        throw new AppError(
          'not_found',
          'This project is not in this browser.',
          'Choose another one from the list; it may have been deleted.',
        )
      }
      this.project = project
      this.images = await this.#data.listImages({ projectId })
      await this.#loadRuns()
    })
  }

  /** Whether the project has the name now, or one with a number behind it where another project has that. */
  async rename(name: string): Promise<boolean> {
    const renamed = await this.renaming.run(() => this.#data.renameProject({ projectId: this.#projectId, name }))
    if (renamed) this.project = renamed
    return renamed !== null
  }

  /** Reads runs and label shares again, as they are after this call. */
  async refresh() {
    if (this.project) await this.#loadRuns()
  }

  /** Shows a run's labels in the gallery; null shows people's labels. */
  async choose(runId: string | null) {
    this.#hasChosen = true
    await this.#show(runId)
  }

  async #show(runId: string | null) {
    this.runId = runId
    this.#own = await this.#ownLabels()
    const facts = runId ? await this.#factsOf(runId) : this.#own
    if (this.runId === runId) this.#facts = facts
  }

  /** Deletes a run with `remove`, a call of the compute worker: it alone writes runs. */
  async deleteRun(runId: string, remove: (request: { runId: string }) => Promise<void>) {
    await this.deleting.run(() => remove({ runId }))
    await this.#loadRuns()
  }

  #loadRuns(): Promise<void> {
    return this.#reads.run(() => this.#readRuns())
  }

  async #readRuns() {
    const runs = await this.#data.listRuns({ projectId: this.#projectId })
    this.runs = runs.toSorted((a, b) => b.createdAt - a.createdAt)
    const isThere = this.runs.some((run) => run.id === this.runId)
    const isKept = isThere || (this.#hasChosen && this.runId === null)
    await this.#show(isKept ? this.runId : (this.runs[0]?.id ?? null))
  }

  async #ownLabels(): Promise<RunFacts> {
    const shares = await this.#data.personLabelShares({ projectId: this.#projectId })
    return { shares: new Map(shares.map((share) => [share.imageId, { ...share, extended: 0 }])), rounds: [] }
  }

  async #factsOf(runId: string): Promise<RunFacts> {
    const [shares, rounds] = await Promise.all([this.#data.labelShares({ runId }), this.#data.rounds({ runId })])
    return { shares: new Map(shares.map((share) => [share.imageId, share])), rounds }
  }
}
