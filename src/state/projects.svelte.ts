import type { ProjectRecord } from '../domain/project'
import type { DataApi } from '../rpc/contract'
import { isLabelledHere } from './labelling/label-lock.svelte'
import type { SaveQueue } from './labelling/save-queue.svelte'
import { Task } from './task.svelte'

/** The demo project: large enough for four rounds to differ, small enough to be drawn in seconds. */
export const DEMO = { images: 120, validationImages: 40, seed: 1 } as const

export interface Quota {
  usage: number
  quota: number
  isPersisted: boolean
}

/** The list of projects in this browser, and the storage that they take. */
export class Projects {
  readonly loading = new Task<ProjectRecord[]>()
  readonly demo = new Task<ProjectRecord>()
  readonly deleting = new Task<void>()
  list = $state.raw<ProjectRecord[]>([])
  quota = $state.raw<Quota | null>(null)
  readonly #data: DataApi
  readonly #saves: SaveQueue

  constructor(data: DataApi, saves: SaveQueue) {
    this.#data = data
    this.#saves = saves
  }

  async load(): Promise<ProjectRecord[] | null> {
    const list = await this.loading.run(() => this.#data.listProjects())
    if (!list) return null
    this.list = list.toSorted((a, b) => b.createdAt - a.createdAt)
    this.quota = await this.#data.quota()
    return this.list
  }

  /** Draws the demo project, or returns it when it exists. */
  async createDemo(): Promise<ProjectRecord | null> {
    const project = await this.demo.run((onProgress, signal) => this.#data.createDemo(DEMO, onProgress, signal))
    if (project) await this.load()
    return project
  }

  /** Deletes a project. Strokes of it that are not on the disk yet are dropped, and no longer hold up other writes. */
  async delete(projectId: string) {
    await this.deleting.run(() => this.#data.deleteProject({ projectId, isWriter: isLabelledHere(projectId) }))
    this.#saves.retry()
    await this.load()
  }
}
