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

/** The page's root state, which outlives its views: workers, address, engine, project list, and the run that is computing. */
export class Studio {
  readonly workers: Workers
  readonly router = new Router()
  readonly engine: Engine
  readonly projects: Projects
  readonly runner: Runner
  /** Labels that are not on the disk yet; they outlive the label table at which they were painted. */
  readonly saves = new SaveQueue()
  readonly booth: Booth
  /** Keeps its pictures in every view until they are used. */
  readonly webcam = new Webcam()
  readonly openingProject = new Task<ProjectRecord>()
  importSession = $state.raw<ImportSession | null>(null)
  /** The worker that stopped by itself, until the person continues. */
  death = $state.raw<{ name: WorkerName; error: AppError; runId: string | null } | null>(null)

  constructor(open: (onDeath: (name: WorkerName, error: AppError) => void) => Workers, search: string) {
    this.workers = open((name, error) => this.#onDeath(name, error))
    this.engine = new Engine(this.workers.compute, search)
    this.projects = new Projects(this.workers.data, this.saves)
    this.runner = new Runner(this.workers.compute, this.engine)
    const { router, projects, runner } = this
    this.booth = new Booth({ compute: this.workers.compute, projects, router, runner })
  }

  /** Lists the projects. If there are none, draws and opens the demo. */
  async start() {
    if (new URLSearchParams(location.search).has('booth')) return void this.booth.start()
    const isAtProjects = this.router.route.view === 'projects'
    const list = await this.projects.load()
    if (list?.length === 0 && isAtProjects && !this.importSession) await this.openDemo()
  }

  /** Draws the demo, and opens it unless the person has gone elsewhere meanwhile. */
  async openDemo() {
    const project = await this.projects.createDemo()
    const isStillHere = this.router.route.view === 'projects' && !this.importSession && !this.webcam.isUsed
    if (project && isStillHere) this.router.go({ view: 'project', projectId: project.id })
  }

  /** Opens picked or dropped files: a project file as a project, anything else as a folder to import. */
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
    // The browser must not evict labels that came with the file.
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

  /** Starts or continues a run. */
  async resume(runId: string) {
    this.death = null
    await this.runner.start(runId)
  }

  /** After training diverged: starts and shows a copy of the run with a tenth of its learning rate. */
  async startGentler({ projectId, config }: RunRecord) {
    const { learningRate } = config.training
    const gentler = { ...config, training: { ...config.training, learningRate: learningRate / 10 } }
    const run = await this.workers.compute.createRun({ projectId, config: gentler })
    this.router.go({ view: 'run', projectId, runId: run.id })
    void this.runner.start(run.id)
  }

  /** Ends a run that does not reach its next step: closes its worker, which is opened again when it is needed. */
  stopAtOnce() {
    this.workers.restart('compute')
    this.death = null
  }

  /** After a worker's death: boots the engine again, and continues the run that was interrupted. */
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
