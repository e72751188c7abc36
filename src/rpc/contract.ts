/**
 * The seam between the page and its workers: interfaces and plain data only. Long calls have the shape
 * `(request, onProgress, signal)`; the two things that cannot be cloned stay at top level, where comlink looks for them.
 */
import type { CpralConfig } from '../cpral/config'
import type {
  ClassDefinition,
  ImageLayers,
  ImageRecord,
  LabelRecord,
  ProjectRecord,
  RoundRecord,
  RunRecord,
  WeightsRecord,
} from '../storage/schema'

export type EngineName = 'webgpu' | 'wasm'

/** Which engine runs, on what, and why. */
export interface EngineReport {
  engine: EngineName
  /** Adapter or CPU description, e.g. "NVIDIA ampere" or "WASM, SIMD, 2 threads". */
  device: string
  /** One sentence: why this engine and not the other. */
  reason: string
  /** WebGPU runs on the CPU (SwiftShader, llvmpipe): right but slow. */
  isSoftware: boolean
}

/** Stages of one round in the paper's order; the same words name progress, timings and columns. */
export type Stage = 'train' | 'evaluate' | 'rate' | 'entropy' | 'attend' | 'select' | 'annotate' | 'extend'

export interface Progress {
  /** What is being done: a stage of the round, or an import step. */
  phase: Stage | 'boot' | 'compile' | 'scan' | 'import' | 'generate' | 'download'
  done: number
  total: number
  /** Estimated milliseconds left in this phase; absent until known. */
  etaMs?: number
  /** Round the phase belongs to, from 1. */
  round?: number
  /** Latest mean training loss, in the train phase. */
  loss?: number
  /** Image at hand. */
  image?: string
  /** In the boot phase: the engine that a run goes on with after the one before failed. */
  engine?: EngineReport
}

export type OnProgress = (progress: Progress) => void

/** Compute worker: owns the GPU device, tfjs and the round loop; the one writer of runs, rounds, labels, checkpoints. */
export interface ComputeApi {
  boot(request: { engine?: EngineName }): Promise<EngineReport>
  /** Creates a run (status 'ready') after checking the config against the project; throws `bad_config` naming the value. */
  createRun(request: { projectId: string; config: CpralConfig }): Promise<RunRecord>
  /** Runs, or resumes, until the budget is spent; `signal` pauses (AbortError) after the current step, losing nothing. */
  run(request: { runId: string }, onProgress: OnProgress, signal: AbortSignal): Promise<RunRecord>
  deleteRun(request: { runId: string }): Promise<void>
  /** Bytes that the engine holds, its pool included; null before it is booted. */
  memory(): Promise<number | null>
}

/** A file of a dropped or picked folder. `path` is relative to it and uses '/'. */
export interface SourceFile {
  path: string
  file: File
}

export type DatasetFormat = 'cityscapes' | 'bdd100k' | 'camvid' | 'generic'

/** Something wrong with one file: the rest of the import goes on without it. */
export interface FileProblem {
  path: string
  /** A sentence that names the file and what is wrong. */
  problem: string
  remedy: string
}

/** What a folder was recognised as, before anything is stored. */
export interface ScanReport {
  format: DatasetFormat
  /** Sentence for the preview: what was recognised and from what. */
  description: string
  classes: ClassDefinition[]
  splits: { split: string; images: number; masks: number }[]
  /** First pair, to show the mask on the image. */
  preview: { name: string; image: ImageBitmap; mask: ImageBitmap | null } | null
  problems: FileProblem[]
}

export interface ImportReport {
  project: ProjectRecord
  imported: number
  problems: FileProblem[]
}

export type ImageSummary = Pick<ImageRecord, 'id' | 'name' | 'split' | 'size'> & {
  hasGroundTruth: boolean
  thumbnail: Blob
}

/** A stored weights file; `key`, the SHA-256 of its bytes, goes into `CpralConfig.weights`. */
export type WeightsSummary = Omit<WeightsRecord, 'bytes'> & { byteLength: number }

/** Data worker: import, demo scenes, and everything the page reads from storage. One writer of projects and images. */
export interface DataApi {
  listProjects(): Promise<ProjectRecord[]>
  deleteProject(request: { projectId: string }): Promise<void>
  /** Creates the seeded demo project, or returns it when it is there already. */
  createDemo(
    request: { images: number; validationImages: number; seed: number },
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ProjectRecord>
  /** `format` forces a format instead of recognising it. */
  scan(
    request: { files: SourceFile[]; format?: DatasetFormat },
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ScanReport>
  import(
    request: { name: string; files: SourceFile[]; format?: DatasetFormat },
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ImportReport>
  /** Reads, recognises and stores a weights file (safetensors, .pth, .pt). Throws `bad_file`. */
  addWeights(request: { name: string; bytes: ArrayBuffer }): Promise<WeightsSummary>
  /** The same from an address, once: what was fetched before comes from storage. Throws `bad_file`. */
  fetchWeights(request: { url: string }, onProgress: OnProgress, signal: AbortSignal): Promise<WeightsSummary>
  listWeights(): Promise<WeightsSummary[]>
  listImages(request: { projectId: string }): Promise<ImageSummary[]>
  /** The image, upright, at `size` (area-averaged) or at its own size. Transferred. */
  image(request: { imageId: string; size?: { height: number; width: number } }): Promise<ImageBitmap>
  /** Ground-truth class ids at `size` (nearest), 255 = void, or null when there is none. Transferred. */
  groundTruth(request: { imageId: string; size: { height: number; width: number } }): Promise<Uint8Array | null>
  listRuns(request: { projectId: string }): Promise<RunRecord[]>
  rounds(request: { runId: string }): Promise<RoundRecord[]>
  /** Label state per image of a run: the share of its pixels that a person or the oracle labelled, and that were extended. */
  labelShares(request: { runId: string }): Promise<{ imageId: string; labelled: number; extended: number }[]>
  labels(request: { runId: string; imageId: string }): Promise<LabelRecord | null>
  /** Maps of one image in one round, for the image view: null for a stage that has not reached it. */
  layers(request: { runId: string; round: number; imageId: string }): Promise<ImageLayers | null>
  /** Bytes used and allowed by the browser. */
  quota(): Promise<{ usage: number; quota: number; isPersisted: boolean }>
}
