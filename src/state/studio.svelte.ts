import type { AppError } from '../domain/errors'
import type { ProjectRecord } from '../domain/project'
import type { RunRecord } from '../domain/run'
import type { WorkerName, Workers } from '../rpc/client'
import { Booth } from './booth.svelte'
import { Engine } from './engine.svelte'
import type { PickedFolder } from './folder'
import { ImportSession } from './import-session.svelte'
import { SaveQueue } from './labelling/save-queue.svelte'
import { Projects } from './projects.svelte'
import { Router } from './router.svelte'
import { Runner } from './runner.svelte'
import { Task } from './task.svelte'
import { Webcam } from './webcam.svelte'

/** Everything that outlives a view: the workers, the address, the engine, the project list, the run that computes. */
export class Studio {
  readonly workers: Workers
  readonly router = new Router()
  readonly engine: Engine
  readonly projects: Projects
  readonly runner: Runner
  /** What people have painted and is not on the disk yet: it outlives the table it was painted at. */
  readonly saves = new SaveQueue()
  readonly booth: Booth
  /** Its pictures stay, wherever one goes, until they are used. */
  readonly webcam = new Webcam()
  readonly openingProject = new Task<ProjectRecord>()
  importSession = $state.raw<ImportSession | null>(null)
  /** A worker that stopped, until the person has gone on. */
  death = $state.raw<{ name: WorkerName; error: AppError; runId: string | null } | null>(null)

  constructor(open: (onDeath: (name: WorkerName, error: AppError) => void) => Workers, search: string) {
    this.workers = open((name, error) => this.#onDeath(name, error))
    this.engine = new Engine(this.workers.compute, search)
    this.projects = new Projects(this.workers.data, this.saves)
    this.runner = new Runner(this.workers.compute, this.engine)
    const { router, projects, runner } = this
    this.booth = new Booth({ compute: this.workers.compute, projects, router, runner })
  }

  /** First look: the list of projects; with none, the demo is drawn and opened at once. */
  async start() {
    if (new URLSearchParams(location.search).has('booth')) return void this.booth.start()
    const isAtProjects = this.router.route.view === 'projects'
    const list = await this.projects.load()
    if (list?.length === 0 && isAtProjects && !this.importSession) await this.openDemo()
  }

  /** Draws the demo, and opens it unless somebody has gone elsewhere in the meantime. */
  async openDemo() {
    const project = await this.projects.createDemo()
    const isStillHere = this.router.route.view === 'projects' && !this.importSession && !this.webcam.isUsed
    if (project && isStillHere) this.router.go({ view: 'project', projectId: project.id })
  }

  /** Looks at what was dropped or picked: a project file is opened, anything else is a folder to import. */
  async open(picked: PickedFolder) {
    const file = picked.files.length === 1 ? picked.files[0]?.file : undefined
    const isProject = file && /\.zip$/i.test(file.name) && (await this.workers.data.isProjectFile({ file }))
    if (!file || !isProject) return this.#openFolder(picked)
    this.closeImport()
    this.router.go({ view: 'projects' })
    const project = await this.openingProject.run((onProgress, signal) =>
      this.workers.data.openProject({ file }, onProgress, signal),
    )
    if (!project) return
    this.router.go({ view: 'project', projectId: project.id })
    // Labels came with it: what must not be evicted.
    const labelled = await this.workers.data.personLabelShares({ projectId: project.id })
    if (labelled.length > 0) await navigator.storage.persist()
  }

  #openFolder(folder: PickedFolder) {
    this.importSession?.abort()
    this.importSession = new ImportSession(this.workers.data, folder)
    this.router.go({ view: 'projects' })
    void this.importSession.scan()
  }

  closeImport() {
    this.importSession?.abort()
    this.importSession = null
    void this.projects.load()
  }

  /** Starts a run or goes on with it; a death that the person has read about is forgotten. */
  async resume(runId: string) {
    this.death = null
    await this.runner.start(runId)
  }

  /** After training diverged: the same run anew, with a tenth of its learning rate, started and shown. */
  async startGentler({ projectId, config }: RunRecord) {
    const { learningRate } = config.training
    const gentler = { ...config, training: { ...config.training, learningRate: learningRate / 10 } }
    const run = await this.workers.compute.createRun({ projectId, config: gentler })
    this.router.go({ view: 'run', projectId, runId: run.id })
    void this.runner.start(run.id)
  }

  /** Ends a run that does not come to its next step: its worker is closed, and opened again when it is needed. */
  stopAtOnce() {
    this.workers.restart('compute')
    this.death = null
  }

  /** After a worker's death: boots the engine again and goes on with the run that was interrupted. */
  async recover() {
    const death = this.death
    this.death = null
    if (death?.runId) await this.resume(death.runId)
    else if (death?.name === 'compute')
      await this.engine.ensure().catch(() => null) // The badge shows the task's error.
    else await this.projects.load()
  }

  #onDeath(name: WorkerName, error: AppError) {
    const runId = name === 'compute' && this.runner.task.isRunning ? this.runner.runId : null
    if (name === 'compute') this.engine.forget()
    this.death = { name, error, runId }
  }
}
