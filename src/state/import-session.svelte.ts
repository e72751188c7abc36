import type { DataApi, DatasetFormat, ImportReport, ScanReport, SourceFile } from '../rpc/contract'
import type { PickedFolder } from './folder'
import { Task } from './task.svelte'

/** One folder on its way into a project: recognised, confirmed, imported. */
export class ImportSession {
  readonly scanning = new Task<ScanReport>()
  readonly importing = new Task<ImportReport>()
  name = $state('')
  /** The person's choice; null leaves it to the scan. */
  format = $state<DatasetFormat | null>(null)
  readonly #data: DataApi
  readonly #files: SourceFile[]

  constructor(data: DataApi, folder: PickedFolder) {
    this.#data = data
    this.#files = folder.files
    this.name = folder.name
  }

  get fileCount(): number {
    return this.#files.length
  }

  get #request(): { files: SourceFile[]; format?: DatasetFormat } {
    return this.format ? { files: this.#files, format: this.format } : { files: this.#files }
  }

  scan(format: DatasetFormat | null = this.format): Promise<ScanReport | null> {
    this.format = format
    return this.scanning.run((onProgress, signal) => this.#data.scan(this.#request, onProgress, signal))
  }

  import(): Promise<ImportReport | null> {
    const request = { ...this.#request, name: this.name.trim() || 'Images' }
    // Asks the browser not to evict what is stored; workers cannot ask. Its answer shows in the storage meter.
    void navigator.storage.persist()
    return this.importing.run((onProgress, signal) => this.#data.import(request, onProgress, signal))
  }

  abort() {
    this.scanning.abort()
    this.importing.abort()
  }
}
