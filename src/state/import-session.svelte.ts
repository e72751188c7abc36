import type { ClassDefinition } from '../domain/classes'
import type { DatasetFormat, FileProblem, ScanReport, SourceFile } from '../domain/dataset'
import type { ImportReport } from '../domain/project'
import type { DataApi } from '../rpc/contract'
import type { PickedFolder } from './folder'
import { Task } from './task.svelte'
import { type Unpacked, unpack } from './unpack'
import { isVideo } from './video-frames'

/** One folder on its way into a project: recognised, confirmed, imported. */
export class ImportSession {
  readonly scanning = new Task<ScanReport>()
  readonly importing = new Task<ImportReport>()
  name = $state('')
  /** The person's choice; null leaves it to the scan. */
  format = $state<DatasetFormat | null>(null)
  /** Whether images without a mask come along where others have one; null leaves it to the scan. */
  keepsUnmasked = $state<boolean | null>(null)
  /** Seconds between the frames that are taken of a video. */
  frameInterval = $state(1)
  /** Chosen for a folder that names no classes. */
  classes = $state.raw<ClassDefinition[]>([])
  readonly hasVideo: boolean
  readonly #data: DataApi
  readonly #picked: readonly SourceFile[]
  /** What was picked, archives unpacked and videos taken apart; null before that. */
  #unpacked: Unpacked | null = null

  constructor(data: DataApi, folder: PickedFolder) {
    this.#data = data
    this.#picked = folder.files
    this.hasVideo = folder.files.some(({ file }) => isVideo(file))
    this.name = folder.name
  }

  get fileCount(): number {
    return this.#picked.length
  }

  get #request(): { files: SourceFile[]; format?: DatasetFormat; keepsUnmasked?: boolean } {
    const { format, keepsUnmasked } = this
    return {
      files: this.#unpacked?.files ?? [],
      ...(format && { format }),
      ...(keepsUnmasked !== null && { keepsUnmasked }),
    }
  }

  recogniseAs(format: DatasetFormat | null): Promise<ScanReport | null> {
    this.format = format
    this.keepsUnmasked = null
    return this.scan()
  }

  keepUnmasked(isKept: boolean): Promise<ScanReport | null> {
    this.keepsUnmasked = isKept
    return this.scan()
  }

  /** Takes the frames of videos anew. */
  takeFrameEvery(seconds: number): Promise<ScanReport | null> {
    this.frameInterval = seconds
    this.#unpacked = null
    return this.scan()
  }

  scan(): Promise<ScanReport | null> {
    return this.scanning.run(async (onProgress, signal) => {
      const { frameInterval } = this
      this.#unpacked ??= await unpack(this.#picked, { data: this.#data, frameInterval }, onProgress, signal)
      return this.#withProblems(await this.#data.scan(this.#request, onProgress, signal))
    })
  }

  #withProblems<T extends { problems: FileProblem[] }>(report: T): T {
    return { ...report, problems: [...(this.#unpacked?.problems ?? []), ...report.problems] }
  }

  import(): Promise<ImportReport | null> {
    const keepsUnmasked = this.scanning.result?.unmasked.isKept ?? false
    const request = { ...this.#request, keepsUnmasked, name: this.name.trim() || 'Images', classes: this.classes }
    // Asks the browser not to evict what is stored; workers cannot ask. Its answer shows in the storage meter.
    void navigator.storage.persist()
    return this.importing.run(async (onProgress, signal) =>
      this.#withProblems(await this.#data.import(request, onProgress, signal)),
    )
  }

  abort() {
    this.scanning.abort()
    this.importing.abort()
  }
}
