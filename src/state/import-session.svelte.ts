import type {
  DataApi,
  DatasetFormat,
  FileProblem,
  ImportReport,
  OnProgress,
  ScanReport,
  SourceFile,
} from '../rpc/contract'
import { AppError } from '../rpc/errors'
import type { ClassDefinition } from '../storage/schema'
import type { PickedFolder } from './folder'
import { Task } from './task.svelte'
import { isVideo, videoFrames } from './video-frames'

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
  #files: SourceFile[] | null = null
  /** Videos that have no frames to give. */
  #problems: readonly FileProblem[] = []

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
    return { files: this.#files ?? [], ...(format && { format }), ...(keepsUnmasked !== null && { keepsUnmasked }) }
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
    this.#files = null
    return this.scan()
  }

  scan(): Promise<ScanReport | null> {
    return this.scanning.run(async (onProgress, signal) => {
      await this.#unpack(onProgress, signal)
      return this.#withProblems(await this.#data.scan(this.#request, onProgress, signal))
    })
  }

  /** Puts the files of each zip in its place; the frames of each video too, in the video's own folder. */
  async #unpack(onProgress: OnProgress, signal: AbortSignal) {
    if (this.#files) return
    const files: SourceFile[] = []
    const problems: FileProblem[] = []
    for (const { path, file } of this.#picked) {
      if (isVideo(file)) {
        try {
          const frames = await videoFrames(file, this.frameInterval, onProgress, signal)
          files.push(...frames.map((frame) => ({ path: path.replace(/[^/]*$/, frame.name), file: frame })))
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          problems.push({ path, problem: error.message, remedy: error.remedy })
        }
      } else if (!/\.zip$/i.test(path)) files.push({ path, file })
      else files.push(...(await this.#data.unzip({ archive: file }, onProgress, signal)))
    }
    const [first] = problems
    // The rest is imported, where there is a rest.
    if (files.length === 0 && first) throw new AppError('bad_file', first.problem, first.remedy)
    this.#files = files
    this.#problems = problems
  }

  #withProblems<T extends { problems: FileProblem[] }>(report: T): T {
    return { ...report, problems: [...this.#problems, ...report.problems] }
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
