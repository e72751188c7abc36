import type { ClassDefinition } from '../domain/classes'
import type { DatasetFormat, FileProblem, PairPreview, ScanReport, SourceFile } from '../domain/dataset'
import type { ImportReport } from '../domain/project'
import type { DataApi } from '../rpc/contract'
import type { PickedFolder } from './folder'
import { Task } from './task.svelte'
import { type Unpacked, unpack } from './unpack'
import { isVideo } from './video-frames'

/** The import of one folder: scanned, confirmed, imported. */
export class ImportSession {
  readonly scanning = new Task<ScanReport>()
  readonly importing = new Task<ImportReport>()
  name = $state('')
  /** The format that the person chose; null leaves it to the scan. */
  format = $state<DatasetFormat | null>(null)
  /** Whether images without a mask are imported where others have one; null leaves it to the scan. */
  keepsUnmasked = $state<boolean | null>(null)
  /** Seconds between two frames that are taken of a video. */
  frameInterval = $state(1)
  /** The person's classes, for a folder that names none. */
  classes = $state.raw<ClassDefinition[]>([])
  readonly hasVideo: boolean
  readonly #data: DataApi
  readonly #picked: readonly SourceFile[]
  /** The picked files with archives unpacked and videos as frames; null before the first scan. */
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

  /** Takes the frames of videos again, at another interval. */
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

  /** The image at `index` of the preview, with its mask. */
  previewPair(index: number): Promise<PairPreview> {
    return this.#data.previewPair({ plan: this.scanning.result?.plan ?? '', index })
  }

  import(): Promise<ImportReport | null> {
    const report = this.scanning.result
    const request = {
      ...this.#request,
      ...(report && { plan: report.plan, keepsUnmasked: report.unmasked.isKept }),
      name: this.name.trim() || 'Images',
      classes: this.classes,
    }
    // Asks the browser not to evict the storage, because a worker cannot. The storage meter shows the answer.
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
