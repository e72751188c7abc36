/**
 * Decides how a run goes on after its engine has failed: by itself with less work at a time, or not, with a sentence
 * for people. Chromium gives a page no graphics adapter after its GPU process has crashed twice, so WebGPU gets a
 * second chance and no third.
 */
import { AppError } from '../domain/errors'
import type { Effort, RunRecord } from '../domain/run'

export interface Situation {
  run: Pick<RunRecord, 'round' | 'stage' | 'config' | 'effort'>
  /** The engine that failed. */
  engine: 'webgpu' | 'wasm'
  /** A person chose the engine in the address: no other is taken in its place. */
  isForced: boolean
  /** Number of times a device was lost unexpectedly in the life of this worker, this one included. */
  losses: number
  /** How often memory ran out before in this call: in training, and in the stages that follow it. */
  memoryFailures: { training: number; query: number }
  /** Stored epochs of the round; the next one is computed again. */
  epochsDone: number
}

export type Plan =
  /** `engine`: 'same' is booted anew on a new device. */
  { kind: 'again'; engine: 'same' | 'wasm'; effort: Effort; sentence: string } | { kind: 'stop'; error: AppError }

/** After more losses of a device than this, WebGPU is not asked again. */
const LOSSES_BORNE = 1

/** The plan after a failure, or null when going on could not help. */
export function planRecovery(failure: AppError, situation: Situation): Plan | null {
  if (failure.code === 'device_lost') return afterLoss(failure, situation)
  if (failure.code === 'out_of_memory') return afterMemory(failure, situation)
  return null
}

function afterLoss(failure: AppError, situation: Situation): Plan {
  const { run, losses, isForced } = situation
  const effort = run.effort ?? { batchSize: null, share: 1 }
  if (losses <= LOSSES_BORNE) {
    return {
      kind: 'again',
      engine: 'same',
      effort: { ...effort, share: effort.share / 2 },
      sentence: `The GPU was reset in round ${roundOf(run)}; the run goes on ${from(situation)} with smaller steps.`,
    }
  }
  if (isForced) {
    const error = new AppError(
      'device_lost',
      `The GPU was reset again in round ${roundOf(run)}; after another time the browser might refuse it to this page.`,
      `Reload the page with ?engine=wasm, or close what else uses the GPU and reload it: the run continues ${from(situation)}.`,
      { cause: failure },
    )
    return { kind: 'stop', error }
  }
  return {
    kind: 'again',
    engine: 'wasm',
    effort,
    sentence: `The GPU was reset again in round ${roundOf(run)}; the run goes on ${from(situation)} on the CPU (WASM): slower, but it stays.`,
  }
}

function afterMemory(failure: AppError, situation: Situation): Plan {
  const { run, engine, memoryFailures } = situation
  const isTraining = run.stage === 'train'
  const memory = engine === 'webgpu' ? 'graphics memory' : 'memory of the WASM engine'
  const effort = run.effort ?? { batchSize: null, share: 1 }
  const batchSize = effort.batchSize ?? run.config.training.batchSize
  if ((isTraining ? memoryFailures.training : memoryFailures.query) > 0) {
    const { height, width } = run.config.size
    const scale = isTraining ? `${batchSize} images in a batch` : 'fewer passes at once'
    const error = new AppError(
      'out_of_memory',
      `The ${memory} is full again at ${width} x ${height} pixels, even with ${scale}.`,
      `Start a run with a smaller input size${run.config.preset === 'paper' ? ' or the light preset' : ''}, or close other pages and continue this one ${from(situation)}.`,
      { cause: failure },
    )
    return { kind: 'stop', error }
  }
  const full = `The ${memory} was full in round ${roundOf(run)}; the run goes on ${from(situation)}`
  if (!isTraining) {
    const less = { ...effort, share: effort.share / 2 }
    return { kind: 'again', engine: 'same', effort: less, sentence: `${full} with fewer passes at once.` }
  }
  // The rating loss compares images in pairs: a batch stays even.
  const half = 2 * Math.floor(batchSize / 4)
  if (half < 2)
    return { kind: 'again', engine: 'same', effort, sentence: `${full}, after unused memory was given back.` }
  return {
    kind: 'again',
    engine: 'same',
    effort: { ...effort, batchSize: half },
    sentence: `${full} with ${half} images in a batch in place of ${batchSize}.`,
  }
}

/** Before the first round is stored, the engine is being prepared for it. */
const roundOf = ({ round }: Situation['run']) => Math.max(1, round)

/** Says where the run goes on, for the sentence. */
function from({ run, epochsDone }: Situation): string {
  return run.stage === 'train' ? `from epoch ${epochsDone + 1}` : 'from the last finished image'
}
