/**
 * The seam between the page and its workers: the workers' interfaces, in plain data of the domain. Long calls have the
 * shape `(request, onProgress, signal)`: a callback and a signal cannot be cloned, and comlink looks for them at top
 * level.
 */
import type { Superpixels } from '../annotation/superpixels'
import type { TruthPixels } from '../domain/class-pixels'
import type { ClassDefinition, ListedClass } from '../domain/classes'
import type { CpralConfig } from '../domain/config'
import type { DemoRequest, ImportRequest, PairPreview, ScanReport, ScanRequest, UnzippedFiles } from '../domain/dataset'
import type { EngineName, EngineReport } from '../domain/engine'
import type { ExportRequest, ExportResult } from '../domain/export'
import type { ExtensionResult, LabelRecord, LabelShare } from '../domain/labels'
import type { OnProgress } from '../domain/progress'
import type { ImageSummary, ImportReport, ProjectRecord, SavedProject } from '../domain/project'
import type { AnswerRecord, ImageLayers, RoundRecord } from '../domain/round'
import type { ExportedNetwork, FirstRound, RunRecord } from '../domain/run'
import type { Size } from '../domain/size'
import type { LabelHistory, NewStroke } from '../domain/strokes'
import type { WeightsSummary } from '../domain/weights'

/** What a run is made from. */
export interface NewRun {
  projectId: string
  config: CpralConfig
  name?: string
  /** That of a run whose first round has the same images, seed and recipe (`firstRoundKey`): it is not trained again. */
  firstRound?: FirstRound
}

/**
 * Compute worker: owns the GPU device, tfjs and the round loop; the one writer of runs, rounds, labels, checkpoints.
 */
export interface ComputeApi {
  /** `threads`: of the WASM engine; one for each core when absent. No result depends on it. */
  boot(request: { engine?: EngineName; threads?: number }): Promise<EngineReport>
  /**
   * Creates a run (status 'ready') after checking the config against the project; throws `bad_config` naming the value.
   */
  createRun(request: NewRun): Promise<RunRecord>
  /**
   * Runs, or resumes, until the budget is spent; `signal` pauses (AbortError) after the current step, losing nothing.
   */
  run(request: { runId: string }, onProgress: OnProgress, signal: AbortSignal): Promise<RunRecord>
  /**
   * The name is kept on one line, cut after 200 characters, and gets a number when another run of the project has it.
   * Throws `bad_config` when nothing is left of it, `not_found`.
   */
  renameRun(request: { runId: string; name: string }): Promise<RunRecord>
  deleteRun(request: { runId: string }): Promise<void>
  /**
   * Labels that label extension suggests for an image from people's labels, by the run's settings; nothing is stored.
   * null when there are no labels.
   */
  extend(request: { runId: string; imageId: string }): Promise<ExtensionResult | null>
  /** Bytes that the engine holds, its pool of reusable buffers included; null until it has booted. */
  memory(): Promise<number | null>
}

/** Superpixel worker: divides images into superpixels while the screen and the storage go on. */
export interface SuperpixelApi {
  /**
   * Superpixels of about `side` * `side` pixels of the bitmap: a copy small enough to be divided while somebody waits.
   */
  superpixels(request: { bitmap: ImageBitmap; side: number }): Promise<Superpixels>
}

/** Pyramid worker: halves images, which a browser does in the very thread that asks for it. */
export interface PyramidApi {
  /**
   * The bitmap, which the worker takes over, and its copies: each half of the one before, the last at most 512 pixels a
   * side. Throws `out_of_memory`.
   */
  halved(request: { bitmap: ImageBitmap }): Promise<ImageBitmap[]>
}

/**
 * Data worker: import, demo scenes, people's labels, and everything the page reads from storage. One writer of all but
 * runs.
 */
export interface DataApi {
  listProjects(): Promise<ProjectRecord[]>
  /**
   * The name is kept on one line, cut after 200 characters, and gets a number when another project has it. Throws
   * `bad_config` when nothing is left of it.
   */
  renameProject(request: { projectId: string; name: string }): Promise<ProjectRecord>
  /**
   * `isWriter`: the page itself holds the label lock, to delete the project with strokes that are not saved yet. Throws
   * `project_locked` while somebody else labels it.
   */
  deleteProject(request: { projectId: string; isWriter?: boolean }): Promise<void>
  /** Creates the demo project, or returns it when it exists. */
  createDemo(request: DemoRequest, onProgress: OnProgress, signal: AbortSignal): Promise<ProjectRecord>
  /**
   * The whole project, with labels, runs and checkpoints, as one file; the project notes when. Records that cannot be
   * read are left out.
   */
  saveProject(request: { projectId: string }, onProgress: OnProgress, signal: AbortSignal): Promise<SavedProject>
  /** Images whose labels have changed since the project was last saved as a file, or opened from one. */
  countUnsavedImages(request: { projectId: string }): Promise<number>
  isProjectFile(request: { file: File }): Promise<boolean>
  /** Opens a project file as a new project. Throws `bad_file`, `quota_exceeded`; nothing of it is stored then. */
  openProject(request: { file: File }, onProgress: OnProgress, signal: AbortSignal): Promise<ProjectRecord>
  /**
   * The files of a zip, and those that cannot be unpacked. A folder that all of them lie in is left out of their paths,
   * unless `keepsTop`. `encoding`: the answer to the question that an unpacking before left. Throws `bad_file` naming
   * what is wrong.
   */
  unzip(
    request: { archive: File; keepsTop: boolean; encoding?: string },
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<UnzippedFiles>
  scan(request: ScanRequest, onProgress: OnProgress, signal: AbortSignal): Promise<ScanReport>
  /** The image at `index` of a plan's items, with its mask. Transferred. Throws `not_found`, `bad_file`. */
  previewPair(request: { plan: string; index: number }): Promise<PairPreview>
  /**
   * A square out of an image in which a class of the plan is largest; null when no mask holds it. Transferred.
   */
  previewClass(request: { plan: string; classId: number }): Promise<ImageBitmap | null>
  /** A file of the plan's folder as a small picture; null when it cannot be drawn. Transferred. */
  previewFile(request: { plan: string; path: string }): Promise<ImageBitmap | null>
  import(request: ImportRequest, onProgress: OnProgress, signal: AbortSignal): Promise<ImportReport>
  /**
   * Classes that a file of another tool lists (labelmap.txt, label_colors.txt, classes.txt, CVAT's JSON). Throws
   * `bad_file`.
   */
  readClasses(request: { file: File }): Promise<ListedClass[]>
  /**
   * Renames, recolours, orders and adds classes. An id never changes its meaning, so there may be more classes than
   * before, not fewer. `known`: the classes that were shown when the change was made. Throws `bad_label` naming what is
   * wrong, `outdated` when the classes have changed since.
   */
  updateClasses(request: {
    projectId: string
    known: ClassDefinition[]
    classes: ClassDefinition[]
    order: number[]
  }): Promise<ProjectRecord>
  /** Reads, recognises and stores a weights file (safetensors, .pth, .pt). Throws `bad_file`. */
  addWeights(request: { name: string; bytes: ArrayBuffer }): Promise<WeightsSummary>
  /** The same from an address; a file that was fetched before comes from storage. Throws `bad_file`. */
  fetchWeights(request: { url: string }, onProgress: OnProgress, signal: AbortSignal): Promise<WeightsSummary>
  listWeights(): Promise<WeightsSummary[]>
  listImages(request: { projectId: string }): Promise<ImageSummary[]>
  /** The image, upright, at `size` (area-averaged) or at its own size. Transferred. */
  image(request: { imageId: string; size?: Size }): Promise<ImageBitmap>
  /** Ground-truth class ids at `size` (nearest), 255 = void, or null when there is none. Transferred. */
  groundTruth(request: { imageId: string; size: Size }): Promise<Uint8Array | null>
  /**
   * Pixels of each class in the ground truth of all images that have some, in project order. Masks that were never
   * counted are counted once, and the counts kept. Throws `bad_file`.
   */
  truthPixels(request: { projectId: string }, onProgress: OnProgress, signal: AbortSignal): Promise<TruthPixels[]>
  /** An image's labels. `isWriter`: damaged ones are repaired on disk, so that strokes can follow. */
  labelHistory(request: { imageId: string; isWriter: boolean }): Promise<LabelHistory>
  /** Number of images that have a mask and no labels by people. */
  untakenMasks(request: { projectId: string }): Promise<number>
  /** Makes these masks labels, each as a stroke that can be undone. Throws `project_locked`, `quota_exceeded`. */
  takeMasks(request: { projectId: string }, onProgress: OnProgress, signal: AbortSignal): Promise<void>
  /**
   * Saves a stroke behind stroke `head`; it is on disk when the promise resolves. Throws `outdated`, `not_found`,
   * `quota_exceeded`.
   */
  appendStroke(request: { imageId: string; head: number; stroke: NewStroke }): Promise<void>
  /** Saves that stroke `from` was undone (`to` = `from` - 1) or the next one made again (`to` = `from` + 1). */
  moveHead(request: { imageId: string; from: number; to: number }): Promise<void>
  /** Labelled share of every image that people have labelled. */
  personLabelShares(request: { projectId: string }): Promise<Pick<LabelShare, 'imageId' | 'labelled'>[]>
  /** A person's answers to a round, in the order of its regions. */
  answers(request: { runId: string; round: number }): Promise<AnswerRecord[]>
  putAnswer(request: { answer: AnswerRecord }): Promise<void>
  /**
   * The images' labels as a zip in a layout of other tools; images without labels are left out. null when there is no
   * label.
   */
  exportLabels(request: ExportRequest, onProgress: OnProgress, signal: AbortSignal): Promise<ExportResult | null>
  /** The run's network as last trained, for other tools; null before its first epoch. */
  exportNetwork(request: { runId: string }): Promise<ExportedNetwork | null>
  listRuns(request: { projectId: string }): Promise<RunRecord[]>
  rounds(request: { runId: string }): Promise<RoundRecord[]>
  /** The trained first round of a run; null before it is trained, and in runs from before it was kept. */
  firstRound(request: { runId: string }): Promise<FirstRound | null>
  /** For every image of a run, the shares of its pixels that are labelled and extended. */
  labelShares(request: { runId: string }): Promise<LabelShare[]>
  labels(request: { runId: string; imageId: string }): Promise<LabelRecord | null>
  /** Ids of the images of which a round has maps. */
  layerImages(request: { runId: string; round: number }): Promise<string[]>
  /** Maps of one image in one round, for the image view; null when the round has none of it. */
  layers(request: { runId: string; round: number; imageId: string }): Promise<ImageLayers | null>
  /** Bytes used and allowed by the browser. */
  quota(): Promise<{ usage: number; quota: number; isPersisted: boolean }>
}
