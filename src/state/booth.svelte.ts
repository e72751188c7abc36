import { defaultConfig, factsOf } from '../cpral/presets'
import type { ProjectRecord } from '../domain/project'
import type { RunRecord } from '../domain/run'
import type { Studio } from './studio.svelte'
import { Task } from './task.svelte'

/** How long a finished run stays on the screen. */
const SHOWN_MS = 30_000

/** Size of the demo's scenes. */
const SCENE = { height: 128, width: 256 }

/** For a table at a conference: the demo runs by itself, shows what came out, is cleared and begins again with another seed. */
export class Booth {
  isOn = $state(false)
  /** All its rounds; its error is what ended them. */
  readonly going = new Task<void>()
  readonly #studio: Studio
  /** Ends the pause on a finished run. */
  #wake: () => void = () => {}

  constructor(studio: Studio) {
    this.#studio = studio
  }

  /** Goes round until `stop`; an error ends it. Those of the run itself are shown where a run's errors are. */
  async start() {
    if (this.isOn) return
    this.isOn = true
    await this.going.run(() => this.#goRound())
    this.isOn = false
  }

  async #goRound() {
    for (let seed = 1; this.isOn; seed++) {
      const project = await this.#studio.projects.createDemo()
      const isDone = project !== null && this.isOn && (await this.#round(project, seed))
      if (!isDone) break
    }
  }

  /** One run from beginning to end; its rounds are removed again. */
  async #round(project: ProjectRecord, seed: number): Promise<boolean> {
    const { compute } = this.#studio.workers
    const config = defaultConfig(factsOf(project, SCENE), 'tiny', { seed })
    const run: RunRecord = await compute.createRun({ projectId: project.id, config })
    this.#studio.router.go({ view: 'run', projectId: project.id, runId: run.id })
    const record = await this.#studio.runner.start(run.id)
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

  /** The run at hand is paused and stays; nothing more begins. */
  async stop() {
    this.isOn = false
    this.#wake()
    await this.#studio.runner.pause()
  }
}
