import { text } from '../storage/shape'
import type { Head } from './project-file'

/**
 * New ids for the records of a project file. It opens beside the projects that are here, and no record in it can name
 * one of theirs.
 */
export class ImportedIds {
  readonly projectId: string = crypto.randomUUID()
  readonly #oldProjectId: string
  readonly #runIds: ReadonlyMap<string, string>
  readonly #newRunIds: ReadonlySet<string>
  readonly #stored = new Set<string>()

  constructor({ projectId, runIds }: Head) {
    this.#oldProjectId = projectId
    this.#runIds = new Map(runIds.map((runId) => [runId, crypto.randomUUID()]))
    this.#newRunIds = new Set(this.#runIds.values())
  }

  /** New ids for the project, its images (which begin with its id) and its runs; every other text stays. */
  readonly rename = (old: string): string => {
    if (old === this.#oldProjectId) return this.projectId
    if (old.startsWith(`${this.#oldProjectId}/`)) return this.projectId + old.slice(this.#oldProjectId.length)
    return this.#runIds.get(old) ?? old
  }

  /** Later records may belong to this image or run. */
  noteStored(id: string): void {
    this.#stored.add(id)
  }

  readonly project = (id: unknown): id is string => id === this.projectId
  /** Whether this is the id of an image, or of a run, that is being stored now. */
  readonly newImage = (id: unknown): id is string => text(id) && id.startsWith(`${this.projectId}/`)
  readonly newRun = (id: unknown): id is string => text(id) && this.#newRunIds.has(id)
  readonly image = (id: unknown): id is string => this.newImage(id) && this.#stored.has(id)
  readonly run = (id: unknown): id is string => this.newRun(id) && this.#stored.has(id)
}
