import { defaultConfig, factsOf } from '../cpral/presets'
import type { ProjectRecord } from '../domain/project'
import type { RunRecord } from '../domain/run'
import type { ComputeApi } from '../rpc/contract'
import type { Projects } from './projects.svelte'
import type { Router } from './router.svelte'
import type { Runner } from './runner.svelte'
import { Task } from './task.svelte'

/** Milliseconds that a finished run stays on the screen. */
const SHOWN_MS = 30_000

/** Size of the demo's images. */
const SCENE = { height: 128, width: 256 }

interface Needs {
  compute: Pick<ComputeApi, 'createRun' | 'deleteRun'>
  projects: Pick<Projects, 'createDemo'>
  router: Pick<Router, 'go'>
  runner: Pick<Runner, 'start' | 'pause'>
}

/**
 * Shows the demo at a conference: runs it, leaves the results on the screen for a while, removes them, and begins again with the next
 * seed.
 */
export class Booth {
  isOn = $state(false)
  /** From `start` until it ends; its error is what ended it. */
  readonly going = new Task<void>()
  readonly #needs: Needs
  /** Ends the pause on a finished run. */
  #wake: () => void = () => {}

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Runs the demo again and again until `stop` or an error. Errors of a run are shown where runs show them. */
  async start() {
    if (this.isOn) return
    this.isOn = true
    await this.going.run(() => this.#repeat())
    this.isOn = false
  }

  async #repeat() {
    for (let seed = 1; this.isOn; seed++) {
      const project = await this.#needs.projects.createDemo()
      const isDone = project !== null && this.isOn && (await this.#runOnce(project, seed))
      if (!isDone) break
    }
  }

  /** One run from beginning to end, which is then deleted. Returns whether it was finished. */
  async #runOnce(project: ProjectRecord, seed: number): Promise<boolean> {
    const { compute, router, runner } = this.#needs
    const config = defaultConfig(factsOf(project, SCENE), 'tiny', { recipe: 'studio', seed })
    const run: RunRecord = await compute.createRun({ projectId: project.id, config })
    router.go({ view: 'run', projectId: project.id, runId: run.id })
    const record = await runner.start(run.id)
    const isDone = record?.status === 'done'
    if (isDone && this.isOn) await this.#pause(SHOWN_MS)
    if (isDone) await compute.deleteRun({ runId: run.id })
    return isDone
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Pauses the current run, which stays; no other one begins. */
  async stop() {
    this.isOn = false
    this.#wake()
    await this.#needs.runner.pause()
  }
}
