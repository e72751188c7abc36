/** The stages of a round, and how far a long call has come. */
import type { EngineReport } from './engine'

/** Stages of one round in the paper's order; the same words name progress, timings, columns and the pipeline on the screen. */
export const STAGES = ['train', 'evaluate', 'rate', 'entropy', 'attend', 'select', 'annotate', 'extend'] as const

export type Stage = (typeof STAGES)[number]

export interface Progress {
  /** What is being done: a stage of the round, or an import step. */
  phase: Stage | 'boot' | 'compile' | 'scan' | 'import' | 'generate' | 'download' | 'export'
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
