import { AppError } from '../domain/errors'
import type { ImageSummary, ProjectRecord } from '../domain/project'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import type { ComputeApi, DataApi } from '../rpc/contract'
import type { RunMeasures } from '../study/measures'
import { compareRuns } from './comparison'
import { type AskedCount, askedBy, countAsked } from './labelling/asked-regions'
import { Latest } from './latest'
import { type CurvePoint, curve } from './round-facts'
import type { Runner } from './runner.svelte'
import { Task } from './task.svelte'

export interface RunCurve {
  run: RunRecord
  points: CurvePoint[]
}

/** One run with its rounds, and the curves of the project's other runs for comparison. */
export class RunState {
  readonly loading = new Task<void>()
  readonly renaming = new Task<RunRecord>()
  project = $state.raw<ProjectRecord | null>(null)
  run = $state.raw<RunRecord | null>(null)
  rounds = $state.raw<RoundRecord[]>([])
  images = $state.raw<Map<string, ImageSummary>>(new Map())
  /** What the run asks people at the moment, and how much of it has an answer; null when it asks nothing. */
  asked = $state.raw<(AskedCount & { imageId: string | null }) | null>(null)
  otherCurves = $state.raw<RunCurve[]>([])
  /** Round whose details are shown; null shows the latest one with results. */
  chosenRound = $state<number | null>(null)
  readonly #data: DataApi
  readonly #projectId: string
  readonly #runId: string
  readonly #reads = new Latest()

  curve: CurvePoint[] = $derived(curve(this.rounds))
  /** What the run came to so far; null before it is read. */
  measures: RunMeasures | null = $derived.by(() => {
    const { run, rounds, project, images } = this
    return run && project ? (compareRuns([{ run, rounds }], project, images).runs[0]?.measures ?? null) : null
  })
  shown: RoundRecord | null = $derived.by(() => {
    const chosen = this.rounds.find((round) => round.index === this.chosenRound)
    return chosen ?? this.rounds.findLast((round) => round.evaluation !== null) ?? this.rounds.at(-1) ?? null
  })

  constructor(data: DataApi, projectId: string, runId: string) {
    this.#data = data
    this.#projectId = projectId
    this.#runId = runId
  }

  async load() {
    await this.loading.run(async () => {
      const projectId = this.#projectId
      const projects = await this.#data.listProjects()
      this.project = projects.find((project) => project.id === projectId) ?? null
      const images = await this.#data.listImages({ projectId })
      this.images = new Map(images.map((image) => [image.id, image]))
      await this.#reads.run(() => this.#loadRounds())
      if (!this.project || !this.run) {
        throw new AppError('not_found', 'This run is not in this browser.', 'Choose another one in the project.')
      }
    })
  }

  /** Reads the rounds again whenever the runner has changed them. Returns a function that stops it. */
  follow(runner: Runner): () => void {
    return runner.onChange((runId) => {
      if (runId === this.#runId && this.run) void this.refresh()
    })
  }

  /** Reads the stored rounds again, as they are after this call. An error shows where a failed load's does. */
  async refresh() {
    await this.loading.run(() => this.#reads.run(() => this.#loadRounds()))
  }

  /** Whether the run has the name now, or one with a number behind it where another run of the project has that. */
  async rename(name: string, compute: Pick<ComputeApi, 'renameRun'>): Promise<boolean> {
    const renamed = await this.renaming.run(() => compute.renameRun({ runId: this.#runId, name }))
    if (renamed) await this.refresh()
    return renamed !== null
  }

  async #loadRounds() {
    const runs = await this.#data.listRuns({ projectId: this.#projectId })
    this.run = runs.find((run) => run.id === this.#runId) ?? null
    this.rounds = await this.#data.rounds({ runId: this.#runId })
    this.asked = await this.#readAsked()
    const others = runs.filter((run) => run.id !== this.#runId)
    this.otherCurves = await Promise.all(others.map((run) => this.#curveOf(run)))
  }

  async #readAsked() {
    const asked = this.run && askedBy(this.run, this.rounds)
    if (!asked?.record) return null
    const answers = await this.#data.answers({ runId: this.#runId, round: asked.record.index })
    return { ...countAsked(asked, answers), imageId: [...asked.regions, ...asked.ahead][0]?.imageId ?? null }
  }

  async #curveOf(run: RunRecord): Promise<RunCurve> {
    const rounds = await this.#data.rounds({ runId: run.id })
    return { run, points: curve(rounds) }
  }
}
