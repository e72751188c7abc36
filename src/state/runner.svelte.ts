import type { Progress } from '../domain/progress'
import type { RunRecord } from '../domain/run'
import type { Stage } from '../domain/stages'
import { isStage } from '../domain/stages'
import type { ComputeApi } from '../rpc/contract'
import type { Engine } from './engine.svelte'
import { Task } from './task.svelte'

/** Points of the loss line that are kept: more than the screen shows. */
const MAX_LOSSES = 400

/** The one run that is computing. It goes on while the person looks at other views. */
export class Runner {
  readonly task = new Task<RunRecord>()
  runId = $state<string | null>(null)
  /** Latest progress of each stage in the current round. */
  stages = $state.raw<Partial<Record<Stage, Progress>>>({})
  round = $state(0)
  losses = $state.raw<number[]>([])
  isPausing = $state(false)
  readonly #compute: ComputeApi
  readonly #engine: Engine
  #settled: Promise<unknown> = Promise.resolve()
  readonly #listeners = new Set<(runId: string) => void>()

  constructor(compute: ComputeApi, engine: Engine) {
    this.#compute = compute
    this.#engine = engine
  }

  isRunning(runId: string): boolean {
    return this.runId === runId && this.task.isRunning
  }

  /** Tells `listener` when a run's stored results may have changed: a stage or round began, or the run stopped. Returns its end. */
  onChange(listener: (runId: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Starts or continues a run. Only one run computes: starting another pauses it. */
  async start(runId: string): Promise<RunRecord | null> {
    if (this.isRunning(runId)) return null
    this.runId = runId
    this.isPausing = false
    this.#startRound(0)
    const running = this.task.run(async (onProgress, signal) => {
      await this.#engine.ensure()
      signal.throwIfAborted()
      const report = (progress: Progress) => {
        onProgress(progress)
        if (this.runId === runId) this.#take(runId, progress)
      }
      return this.#compute.run({ runId }, report, signal)
    })
    this.#settled = running
    const record = await running
    this.isPausing = false
    this.#tell(runId)
    return record
  }

  /** Stops after the current step, and resolves then; nothing is lost. */
  async pause() {
    if (!this.task.isRunning) return
    this.isPausing = true
    this.task.abort()
    await this.#settled
  }

  #startRound(round: number) {
    this.round = round
    this.stages = {}
    this.losses = []
  }

  #take(runId: string, progress: Progress) {
    const { phase, round, engine } = progress
    if (engine) {
      this.#engine.replace(engine)
      this.#tell(runId)
    }
    if (!isStage(phase)) return
    const isNewRound = round !== undefined && round !== this.round
    if (isNewRound) this.#startRound(round)
    const isNewStage = !(phase in this.stages)
    this.stages = { ...this.stages, [phase]: progress }
    if (phase === 'train' && progress.loss !== undefined) {
      this.losses = [...this.losses.slice(1 - MAX_LOSSES), progress.loss]
    }
    if (isNewRound || isNewStage) this.#tell(runId)
  }

  #tell(runId: string) {
    for (const listener of this.#listeners) listener(runId)
  }
}
