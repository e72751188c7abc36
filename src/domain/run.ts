/** A run and what it needs to go on, as they are kept. Plain data. */
import type { CpralConfig } from './config'
import type { EngineReport } from './engine'
import type { ErrorCode } from './errors'
import type { Timed } from './stages'

/** `waiting`: for a person's labels. */
export type RunStatus = 'ready' | 'running' | 'paused' | 'waiting' | 'done' | 'failed'

export interface RunRecord {
  id: string
  projectId: string
  createdAt: number
  config: CpralConfig
  /** Classes when it was made: its network knows no later ones. Absent in older runs: all of the project's. */
  classCount?: number
  /** The file behind `config.weights`; null from scratch, absent in runs of the first version. */
  initialWeights?: { name: string; sha256: string; source: string | null } | null
  status: RunStatus
  /** Current round, from 1. */
  round: number
  /** Stage that is running or comes next: see `stageOf`. */
  stage: Timed
  /** Engine of the latest boot that ran it. */
  engine: EngineReport | null
  /** Sentence and remedy when failed. */
  failure: { message: string; remedy: string; code?: ErrorCode } | null
  /** What the engine was asked to do with less of; absent while it gets the config's. */
  effort?: Effort
  /** Failures of the engine that the run went on from by itself, in order; absent when there was none. */
  incidents?: Incident[]
  /** Names of images of whose labels by people some could not be read when it took them; absent when there was none. */
  damagedLabels?: string[]
}

/** How much is asked of the engine at once: lowered after it failed. */
export interface Effort {
  /** Images of a training batch in place of the config's; null = the config's. */
  batchSize: number | null
  /** Share of the usual work of one submit and one chunk of committee passes: 1, 1/2, 1/4 ... */
  share: number
}

/** A failure of the engine that cost nobody anything. */
export interface Incident {
  /** Milliseconds since 1970. */
  at: number
  code: ErrorCode
  /** What happened and how the run goes on, for people. */
  sentence: string
}

export interface CheckpointRecord {
  runId: string
  /** Two generations: the older one survives until the newer is verified. */
  slot: 0 | 1
  round: number
  /** Epochs finished in this round. */
  epoch: number
  savedAt: number
  /** Parameters, running statistics and momenta as safetensors bytes. */
  bytes: ArrayBuffer
  sha256: string
}

export interface ExportedNetwork {
  /** Safetensors. */
  file: Blob
  round: number
  /** Epochs of that round that it was trained. */
  epoch: number
}
