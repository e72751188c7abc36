/**
 * A run: an experiment of several rounds on a project, with its settings, and all it needs to go on after an
 * interruption.
 */
import type { CpralConfig } from './config'
import type { EngineReport } from './engine'
import type { ErrorCode } from './errors'
import type { Timed } from './stages'

/** `waiting`: a person has to label the regions that the round asks about. */
export type RunStatus = 'ready' | 'running' | 'paused' | 'waiting' | 'done' | 'failed'

/** One run. Times are milliseconds since 1970. */
export interface RunRecord {
  id: string
  projectId: string
  createdAt: number
  /** Given by a person; absent until then. */
  name?: string
  config: CpralConfig
  /** The run began with the trained first round of another run with the same recipe; absent when it trained its own. */
  firstRound?: Omit<FirstRound, 'checkpoint'>
  /**
   * Number of the project's classes when the run was made: its network knows no later ones. Absent in older runs, which
   * know all.
   */
  classCount?: number
  /** The weights file that the network started from; null when it started from random numbers, absent in older runs. */
  initialWeights?: { name: string; sha256: string; source: string | null } | null
  status: RunStatus
  /** Current round, from 1. */
  round: number
  /** The stage that runs or comes next: see `stageOf`. */
  stage: Timed
  /** The engine that ran it last. */
  engine: EngineReport | null
  /** Why it failed, and what to do about it; null unless it did. */
  failure: { message: string; remedy: string; code?: ErrorCode } | null
  /** How much is asked of the engine at once, after it failed; absent while that is the usual amount. */
  effort?: Effort
  /** Failures of the engine after which the run went on by itself, oldest first; absent when there was none. */
  incidents?: Incident[]
  /**
   * Names of images some of whose labels by people could not be read when the run took them; absent when there was
   * none.
   */
  damagedLabels?: string[]
  /**
   * Ids of train images whose ground truth has no pixel of a class at the input size: they are no part of the oracle's
   * pool. Absent where there are none, and in older runs, whose pool holds them.
   */
  voidImages?: string[]
}

/** The trained first round of a run, which runs with the same seed and recipe share: see `firstRoundKey`. */
export interface FirstRound {
  /** Mean training loss of every epoch. */
  losses: number[]
  /** See `RoundRecord`. */
  labelledSeen?: number[]
  steps: number
  /** Wall time of the training. */
  seconds: number
  /** The network after it, as a safetensors file. */
  checkpoint: ArrayBuffer
}

/** How much work the engine gets at once: less after it failed, for example for want of memory. */
export interface Effort {
  /** Images a training step; null as the run's settings say. */
  batchSize: number | null
  /** Share of the usual work that is given at a time: 1, 1/2, 1/4 and so on. */
  share: number
}

/** A failure of the engine after which the run went on by itself, without loss. */
export interface Incident {
  /** Milliseconds since 1970. */
  at: number
  code: ErrorCode
  /** A sentence for people: the failure, and how the run goes on. */
  sentence: string
}

/** The network as it was after an epoch: where an interrupted run goes on. */
export interface CheckpointRecord {
  runId: string
  /**
   * 0 and 1 take turns: the older checkpoint stays until the newer one has been verified. 2 keeps the trained first
   * round for runs that begin with it.
   */
  slot: 0 | 1 | 2
  round: number
  /** Epochs of this round that were finished. */
  epoch: number
  savedAt: number
  /** Parameters, running statistics and momenta, as a safetensors file. */
  bytes: ArrayBuffer
  sha256: string
}

/** The trained network of a run, as a file. */
export interface ExportedNetwork {
  /** A safetensors file. */
  file: Blob
  round: number
  /** Epochs of that round that it was trained for. */
  epoch: number
}
