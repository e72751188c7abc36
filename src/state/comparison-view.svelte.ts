import { AppError } from '../domain/errors'
import type { ImageSummary, ProjectRecord } from '../domain/project'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import type { DataApi } from '../rpc/contract'
import { type Comparison, compareRuns } from './comparison'
import { Latest } from './latest'
import type { Runner } from './runner.svelte'
import { Task } from './task.svelte'

/** Runs of one project that somebody has ticked, beside each other. */
export class ComparisonView {
  readonly loading = new Task<void>()
  project = $state.raw<ProjectRecord | null>(null)
  images = $state.raw<Map<string, ImageSummary>>(new Map())
  /** All runs of the project, the newest first. */
  runs = $state.raw<RunRecord[]>([])
  #chosen = $state.raw<readonly string[]>([])
  #rounds = $state.raw<ReadonlyMap<string, RoundRecord[]>>(new Map())
  readonly #data: DataApi
  readonly #projectId: string
  readonly #reads = new Latest()

  /** The chosen runs that are there, in the order of their choice. */
  comparison: Comparison = $derived.by(() => {
    const entries = this.#chosen.flatMap((id) => {
      const run = this.runs.find((candidate) => candidate.id === id)
      const rounds = this.#rounds.get(id)
      return run && rounds ? [{ run, rounds }] : []
    })
    return compareRuns(entries, this.project ?? { classes: [] }, this.images)
  })

  constructor(data: DataApi, projectId: string) {
    this.#data = data
    this.#projectId = projectId
  }

  async load() {
    await this.loading.run(async () => {
      const projectId = this.#projectId
      const projects = await this.#data.listProjects()
      const project = projects.find((candidate) => candidate.id === projectId)
      if (!project) {
        throw new AppError(
          'not_found',
          'This project is not in this browser.',
          'Choose another one from the list; it may have been deleted.',
        )
      }
      const images = await this.#data.listImages({ projectId })
      this.images = new Map(images.map((image) => [image.id, image]))
      await this.#reads.run(() => this.#read())
      this.project = project
    })
  }

  /** Compares other runs. Those that the project does not have are left out. */
  async choose(runIds: readonly string[]) {
    this.#chosen = [...new Set(runIds)]
    if (this.project) await this.refresh()
  }

  /** Reads the runs again whenever the runner has changed them. Returns a function that stops it. */
  follow(runner: Runner): () => void {
    return runner.onChange(() => {
      if (this.project) void this.refresh()
    })
  }

  /** Reads runs and rounds again, as they are after this call. An error shows where a failed load's does. */
  async refresh() {
    await this.loading.run(() => this.#reads.run(() => this.#read()))
  }

  async #read() {
    const chosen = this.#chosen
    this.runs = await this.#data.listRuns({ projectId: this.#projectId })
    const known = chosen.filter((id) => this.runs.some((run) => run.id === id))
    const rounds = await Promise.all(known.map(async (runId) => [runId, await this.#data.rounds({ runId })] as const))
    this.#rounds = new Map(rounds)
  }
}
