import { type ClassDefinition, oneLineName } from '../domain/classes'
import type {
  Answers,
  DatasetFormat,
  FileProblem,
  FileRole,
  PairPreview,
  ScanReport,
  ScanRequest,
  SourceFile,
} from '../domain/dataset'
import type { OnProgress } from '../domain/progress'
import type { ImportReport } from '../domain/project'
import type { DataApi } from '../rpc/contract'
import { type ClassCorrections, corrected, nameFaults, withCorrection } from './class-corrections'
import type { PickedFolder } from './folder'
import { Task } from './task.svelte'
import { type Unpacked, unpack } from './unpack'
import { isVideo } from './video-frames'

/** What a person chose of what a look at the folder leaves open. Each change needs another look. */
interface Choices {
  /** null leaves it to the scan. */
  format: DatasetFormat | null
  /** Whether images without a mask are imported where others have one; null leaves it to the scan. */
  keepsUnmasked: boolean | null
  /** Seconds between two frames that are taken of a video. */
  frameInterval: number
  /** By the ids of groups. */
  roles: Readonly<Record<string, FileRole>>
  answers: Answers
}

const NONE: Choices = { format: null, keepsUnmasked: null, frameInterval: 1, roles: {}, answers: {} }

/** The import of one folder: scanned, confirmed, imported. */
export class ImportSession {
  readonly scanning = new Task<ScanReport>()
  readonly importing = new Task<ImportReport>()
  name = $state('')
  /** The person's classes, for a folder that names none. */
  classes = $state.raw<ClassDefinition[]>([])
  choices = $state.raw<Choices>(NONE)
  corrections = $state.raw<ClassCorrections>(new Map())
  readonly hasVideo: boolean
  readonly #data: DataApi
  readonly #picked: readonly SourceFile[]
  /** The choices that the report on the screen was made with. */
  #shown: Choices = NONE
  /** The picked files with archives unpacked and videos as frames, as the report on the screen has them. */
  #unpacked: (Unpacked & { frameInterval: number }) | null = null
  /** Small pictures are drawn one after another, so that a pair that is asked for meanwhile waits for one of them only. */
  #drawing: Promise<unknown> = Promise.resolve()

  constructor(data: DataApi, folder: PickedFolder) {
    this.#data = data
    this.#picked = folder.files
    this.hasVideo = folder.files.some(({ file }) => isVideo(file))
    this.name = folder.name
  }

  get fileCount(): number {
    return this.#picked.length
  }

  /** What the screen shows; null before the first look has ended. */
  get report(): ScanReport | null {
    return this.scanning.result
  }

  /** Whether a choice is followed by another look, while the report of the one before is shown. */
  get isLookingAgain(): boolean {
    return this.scanning.isRunning && this.report !== null
  }

  /** The classes that the project will have. */
  get projectClasses(): ClassDefinition[] {
    const found = this.report?.classes ?? []
    return found.length > 0 ? corrected(found, this.corrections) : this.classes
  }

  /** By class id, what is wrong with its name; null where nothing is. */
  get nameFaults(): (string | null)[] {
    return nameFaults(this.projectClasses)
  }

  /** A sentence: why nothing can be imported yet. */
  get obstacle(): string | null {
    const { report } = this
    if (!report || this.isLookingAgain) return 'The folder is being looked through.'
    if (!report.splits.some(({ images }) => images > 0)) {
      return 'There is no image to import. Say below which files are images, or choose another folder.'
    }
    if (this.projectClasses.length === 0) return 'Name at least one class.'
    return this.nameFaults.find((fault) => fault !== null) ?? null
  }

  recogniseAs(format: DatasetFormat | null): Promise<ScanReport | null> {
    return this.#choose({ format, keepsUnmasked: null })
  }

  keepUnmasked(isKept: boolean): Promise<ScanReport | null> {
    return this.#choose({ keepsUnmasked: isKept })
  }

  /** Takes the frames of videos again, at another interval. */
  takeFrameEvery(frameInterval: number): Promise<ScanReport | null> {
    return this.#choose({ frameInterval })
  }

  giveRole(groupId: string, role: FileRole): Promise<ScanReport | null> {
    return this.#choose({ roles: { ...this.choices.roles, [groupId]: role } })
  }

  /** @param value of one of the question's options */
  answer(questionId: string, value: string): Promise<ScanReport | null> {
    return this.#choose({ answers: { ...this.choices.answers, [questionId]: value } })
  }

  /** Gives the class with this id another name or colour. */
  correct(classId: number, change: Partial<ClassDefinition>) {
    this.corrections = withCorrection(this.corrections, this.report?.classes ?? [], classId, change)
  }

  undoCorrections() {
    this.corrections = new Map()
  }

  #choose(change: Partial<Choices>): Promise<ScanReport | null> {
    this.choices = { ...this.choices, ...change }
    return this.scan()
  }

  /** Looks through the folder. When a later look fails or is cancelled, the choices are again those of the report. */
  async scan(): Promise<ScanReport | null> {
    const { choices } = this
    const report = await this.scanning.run(async (onProgress, signal) => {
      const unpacked = await this.#unpack(choices, onProgress, signal)
      const found = await this.#data.scan(requestOf(unpacked.files, choices), onProgress, signal)
      signal.throwIfAborted()
      this.#unpacked = unpacked
      this.#shown = choices
      return this.#withProblems({ ...found, questions: [...unpacked.questions, ...found.questions] })
    })
    if (!report && !this.scanning.isRunning) this.choices = this.#shown
    return report
  }

  /** The files as they were unpacked before, unless a choice concerns the unpacking. */
  async #unpack(
    { frameInterval, answers }: Choices,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<Unpacked & { frameInterval: number }> {
    const before = this.#unpacked
    const isAnswered = before?.questions.every(({ id, answer }) => (answers[id] ?? answer) === answer)
    if (before?.frameInterval === frameInterval && isAnswered) return before
    const options = { data: this.#data, frameInterval, answers }
    return { ...(await unpack(this.#picked, options, onProgress, signal)), frameInterval }
  }

  #withProblems<T extends { problems: FileProblem[] }>(report: T): T {
    return { ...report, problems: [...(this.#unpacked?.problems ?? []), ...report.problems] }
  }

  /** The image at `index` of the preview, with its labels. */
  previewPair(index: number): Promise<PairPreview> {
    return this.#data.previewPair({ plan: this.report?.plan ?? '', index })
  }

  /** A picture of a class of this plan; null when there is none, or when the signal came first. */
  previewClass(plan: string, classId: number, signal: AbortSignal): Promise<ImageBitmap | null> {
    return this.#draw(() => this.#data.previewClass({ plan, classId }), signal)
  }

  /** A picture of a file; null when there is none, or when the signal came first. */
  previewFile(path: string, signal: AbortSignal): Promise<ImageBitmap | null> {
    return this.#draw(() => this.#data.previewFile({ plan: this.report?.plan ?? '', path }), signal)
  }

  #draw(draw: () => Promise<ImageBitmap | null>, signal: AbortSignal): Promise<ImageBitmap | null> {
    const next = this.#drawing.then(() => (signal.aborted ? null : draw()))
    this.#drawing = next.catch(() => undefined)
    return next
  }

  import(): Promise<ImportReport | null> {
    const { report } = this
    const request = {
      ...requestOf(this.#unpacked?.files ?? [], this.#shown),
      ...(report && { plan: report.plan, keepsUnmasked: report.unmasked.isKept }),
      name: this.name.trim() || 'Images',
      classes: this.projectClasses.map(({ name, color }) => ({ name: oneLineName(name), color })),
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

function requestOf(files: SourceFile[], { format, keepsUnmasked, roles, answers }: Choices): ScanRequest {
  return { files, roles, answers, ...(format && { format }), ...(keepsUnmasked !== null && { keepsUnmasked }) }
}
