import type { DataApi, DatasetFormat, ImportReport, OnProgress, ScanReport, SourceFile } from '../rpc/contract'
import type { ClassDefinition } from '../storage/schema'
import type { PickedFolder } from './folder'
import { Task } from './task.svelte'
import { isVideo, videoFrames } from './video-frames'

/** Seconds between the frames that are taken of a video. */
const FRAME_INTERVAL = 1

/** One folder on its way into a project: recognised, confirmed, imported. */
export class ImportSession {
  readonly scanning = new Task<ScanReport>()
  readonly importing = new Task<ImportReport>()
  name = $state('')
  /** The person's choice; null leaves it to the scan. */
  format = $state<DatasetFormat | null>(null)
  /** Whether images without a mask come along where others have one; null leaves it to the scan. */
  keepsUnmasked = $state<boolean | null>(null)
  /** Chosen for a folder that names no classes. */
  classes = $state.raw<ClassDefinition[]>([])
  readonly #data: DataApi
  #files: SourceFile[]
  /** Archives among the files have been unpacked. */
  #isUnpacked = false

  constructor(data: DataApi, folder: PickedFolder) {
    this.#data = data
    this.#files = folder.files
    this.name = folder.name
  }

  get fileCount(): number {
    return this.#files.length
  }

  get #request(): { files: SourceFile[]; format?: DatasetFormat; keepsUnmasked?: boolean } {
    const { format, keepsUnmasked } = this
    return { files: this.#files, ...(format && { format }), ...(keepsUnmasked !== null && { keepsUnmasked }) }
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

  scan(): Promise<ScanReport | null> {
    return this.scanning.run(async (onProgress, signal) => {
      await this.#unpack(onProgress, signal)
      return this.#data.scan(this.#request, onProgress, signal)
    })
  }

  /** Puts the files of each zip, and the frames of each video, in its place. */
  async #unpack(onProgress: OnProgress, signal: AbortSignal) {
    if (this.#isUnpacked) return
    const files: SourceFile[] = []
    for (const { path, file } of this.#files) {
      if (isVideo(file)) {
        const frames = await videoFrames(file, FRAME_INTERVAL, onProgress, signal)
        files.push(...frames.map((frame) => ({ path: frame.name, file: frame })))
      } else if (!/\.zip$/i.test(path)) files.push({ path, file })
      else files.push(...(await this.#data.unzip({ archive: file }, onProgress, signal)))
    }
    this.#files = files
    this.#isUnpacked = true
  }

  import(): Promise<ImportReport | null> {
    const keepsUnmasked = this.scanning.result?.unmasked.isKept ?? false
    const request = { ...this.#request, keepsUnmasked, name: this.name.trim() || 'Images', classes: this.classes }
    // Asks the browser not to evict what is stored; workers cannot ask. Its answer shows in the storage meter.
    void navigator.storage.persist()
    return this.importing.run((onProgress, signal) => this.#data.import(request, onProgress, signal))
  }

  abort() {
    this.scanning.abort()
    this.importing.abort()
  }
}
