/**
 * The seam between the page and its workers: the interfaces of the workers. What crosses is plain data of the domain. Long calls have the shape
 * `(request, onProgress, signal)`; the two things that cannot be cloned stay at top level, where comlink looks for them.
 */
import type { Superpixels } from '../annotation/superpixels'
import type { ClassDefinition, ListedClass } from '../domain/classes'
import type { CpralConfig } from '../domain/config'
import type { DemoRequest, ImportReport, ImportRequest, ScanReport, ScanRequest, SourceFile } from '../domain/dataset'
import type { EngineName, EngineReport } from '../domain/engine'
import type { ExportRequest, ExportResult } from '../domain/export'
import type { ExtensionResult, LabelRecord, LabelShare } from '../domain/labels'
import type { OnProgress } from '../domain/progress'
import type { ImageSummary, ProjectRecord, SavedProject } from '../domain/project'
import type { AnswerRecord, ImageLayers, RoundRecord } from '../domain/round'
import type { ExportedNetwork, RunRecord } from '../domain/run'
import type { Size } from '../domain/size'
import type { LabelHistory, NewStroke } from '../domain/strokes'
import type { WeightsSummary } from '../domain/weights'

/** Compute worker: owns the GPU device, tfjs and the round loop; the one writer of runs, rounds, labels, checkpoints. */
export interface ComputeApi {
  boot(request: { engine?: EngineName }): Promise<EngineReport>
  /** Creates a run (status 'ready') after checking the config against the project; throws `bad_config` naming the value. */
  createRun(request: { projectId: string; config: CpralConfig }): Promise<RunRecord>
  /** Runs, or resumes, until the budget is spent; `signal` pauses (AbortError) after the current step, losing nothing. */
  run(request: { runId: string }, onProgress: OnProgress, signal: AbortSignal): Promise<RunRecord>
  deleteRun(request: { runId: string }): Promise<void>
  /** Where people's labels of an image would spread to, by the run's settings; nothing is stored. null = there are no labels. */
  extend(request: { runId: string; imageId: string }): Promise<ExtensionResult | null>
  /** Bytes that the engine holds, its pool included; null until it is booted. */
  memory(): Promise<number | null>
}

/** Superpixel worker: divides images, so that neither screen nor storage waits for it. */
export interface SuperpixelApi {
  /** Superpixels of about `side` * `side` pixels of the bitmap: a copy small enough to be divided while somebody waits. */
  superpixels(request: { bitmap: ImageBitmap; side: number }): Promise<Superpixels>
}

/** Pyramid worker: browsers shrink a bitmap at once, in the thread that asks for it. */
export interface PyramidApi {
  /**
   * The bitmap, which it takes over, and its copies: each half of the one before, the last at most 512 pixels a side.
   * Throws `out_of_memory`.
   */
  halved(request: { bitmap: ImageBitmap }): Promise<ImageBitmap[]>
}

/** Data worker: import, demo scenes, people's labels, and everything the page reads from storage. One writer of all but runs. */
export interface DataApi {
  listProjects(): Promise<ProjectRecord[]>
  /**
   * `isWriter`: the page itself holds the label lock, for strokes that are to go with the project. Throws `project_locked` while
   * somebody else labels it.
   */
  deleteProject(request: { projectId: string; isWriter?: boolean }): Promise<void>
  /** Creates the seeded demo project, or returns it when it is there already. */
  createDemo(request: DemoRequest, onProgress: OnProgress, signal: AbortSignal): Promise<ProjectRecord>
  /** The whole project, with labels, runs and checkpoints, as one file; the project remembers when. What cannot be read is left out. */
  saveProject(request: { projectId: string }, onProgress: OnProgress, signal: AbortSignal): Promise<SavedProject>
  /** Images whose labels have changed since the project was last saved as a file, or opened from one. */
  countUnsavedImages(request: { projectId: string }): Promise<number>
  isProjectFile(request: { file: File }): Promise<boolean>
  /** Opens what `saveProject` wrote as a project of its own. Throws `bad_file`, `quota_exceeded`; nothing of it stays then. */
  openProject(request: { file: File }, onProgress: OnProgress, signal: AbortSignal): Promise<ProjectRecord>
  /**
   * The files of a zip. A folder that all of them lie in is left out of their paths, unless `keepsTop`. Throws `bad_file` naming what is
   * wrong with it.
   */
  unzip(
    request: { archive: File; keepsTop: boolean },
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<SourceFile[]>
  scan(request: ScanRequest, onProgress: OnProgress, signal: AbortSignal): Promise<ScanReport>
  import(request: ImportRequest, onProgress: OnProgress, signal: AbortSignal): Promise<ImportReport>
  /** Classes that a file of another tool names (labelmap.txt, label_colors.txt, classes.txt, CVAT's JSON). Throws `bad_file`. */
  readClasses(request: { name: string; text: string }): Promise<ListedClass[]>
  /**
   * Renames, recolours, orders and adds classes. An id never changes its meaning: there may be more classes than before, not
   * fewer. `known`: the classes that were shown when the change was made. Throws `bad_label` naming what is wrong, `outdated` when
   * they have changed since.
   */
  updateClasses(request: {
    projectId: string
    known: ClassDefinition[]
    classes: ClassDefinition[]
    order: number[]
  }): Promise<ProjectRecord>
  /** Reads, recognises and stores a weights file (safetensors, .pth, .pt). Throws `bad_file`. */
  addWeights(request: { name: string; bytes: ArrayBuffer }): Promise<WeightsSummary>
  /** The same from an address, once: what was fetched before comes from storage. Throws `bad_file`. */
  fetchWeights(request: { url: string }, onProgress: OnProgress, signal: AbortSignal): Promise<WeightsSummary>
  listWeights(): Promise<WeightsSummary[]>
  listImages(request: { projectId: string }): Promise<ImageSummary[]>
  /** The image, upright, at `size` (area-averaged) or at its own size. Transferred. */
  image(request: { imageId: string; size?: Size }): Promise<ImageBitmap>
  /** Ground-truth class ids at `size` (nearest), 255 = void, or null when there is none. Transferred. */
  groundTruth(request: { imageId: string; size: Size }): Promise<Uint8Array | null>
  /** `isWriter`: labels that turn out to be damaged are repaired on disk, so that strokes can follow. */
  labelHistory(request: { imageId: string; isWriter: boolean }): Promise<LabelHistory>
  /** Images with a mask on which nobody has painted yet. */
  untakenMasks(request: { projectId: string }): Promise<number>
  /** Makes the masks of these images their labels, each as a stroke that can be undone. Throws `project_locked`, `quota_exceeded`. */
  takeMasks(request: { projectId: string }, onProgress: OnProgress, signal: AbortSignal): Promise<void>
  /** Saves a stroke behind stroke `head`; on disk when it resolves. Throws `outdated`, `not_found`, `quota_exceeded`. */
  appendStroke(request: { imageId: string; head: number; stroke: NewStroke }): Promise<void>
  /** Saves that stroke `from` was undone (`to` = `from` - 1), or the next one made again (`to` = `from` + 1). */
  moveHead(request: { imageId: string; from: number; to: number }): Promise<void>
  /** Share of their pixels that somebody answers for, of the images that people have labelled. */
  personLabelShares(request: { projectId: string }): Promise<Pick<LabelShare, 'imageId' | 'labelled'>[]>
  /** What a person has done about the regions of a round, in order of the regions. */
  answers(request: { runId: string; round: number }): Promise<AnswerRecord[]>
  putAnswer(request: { answer: AnswerRecord }): Promise<void>
  /**
   * The images' labels as a zip in a layout that other tools read. Images without any label are left out.
   * @returns the zip, and how many images are in it; null when there is no label to export
   */
  exportLabels(request: ExportRequest, onProgress: OnProgress, signal: AbortSignal): Promise<ExportResult | null>
  /** What a run has trained last, for other tools; null before its first epoch. */
  exportNetwork(request: { runId: string }): Promise<ExportedNetwork | null>
  listRuns(request: { projectId: string }): Promise<RunRecord[]>
  rounds(request: { runId: string }): Promise<RoundRecord[]>
  /** Label state per image of a run: the share of its pixels that a person or the oracle labelled, and that were extended. */
  labelShares(request: { runId: string }): Promise<LabelShare[]>
  labels(request: { runId: string; imageId: string }): Promise<LabelRecord | null>
  /** Maps of one image in one round, for the image view: null for a stage that has not reached it. */
  layers(request: { runId: string; round: number; imageId: string }): Promise<ImageLayers | null>
  /** Bytes used and allowed by the browser. */
  quota(): Promise<{ usage: number; quota: number; isPersisted: boolean }>
}
