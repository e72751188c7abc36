/** Batches from a worker, which makes them while the step before is computed. */
import { AppError } from '../domain/errors'
import { connectWorker } from '../rpc/client'
import type { BatchArrays } from './batch'
import type { BatchRequest, BatchSource } from './batch-source'

/** Of one run and round. */
export interface LoaderRequest extends BatchRequest {
  runId: string
}

/** Loader worker: reads the labelled images of a round and makes its batches. */
export interface LoaderApi {
  /** Comes first. Throws `not_found`. */
  open(request: LoaderRequest): Promise<void>
  /** The batch of a step of the round. Transferred. Throws `bad_file`, `not_found`. */
  batch(roundStep: number): Promise<BatchArrays>
}

/** Batches that are made before they are asked for: one may wait for a file while the next is ready. */
const AHEAD = 2

/** A death of this worker stops the run alone: the page's own workers live, and `worker_died` is about those. */
function asFailure(error: unknown): unknown {
  const isDeath = error instanceof AppError && error.code === 'worker_died'
  return isDeath ? new AppError('internal', error.message, error.remedy, { cause: error }) : error
}

/** Opens the worker at the first call; `close` ends it. After its death, by itself or by `close`, every call rejects. */
export function batchesBeside(request: LoaderRequest, open: () => Worker): BatchSource {
  let death: AppError | null = null
  const loader = connectWorker<LoaderApi>('loader', open, (error) => {
    death = error
  })
  let opened: Promise<void> | null = null
  const made = new Map<number, Promise<BatchArrays>>()
  const ask = async (step: number) => {
    opened ??= loader.api.open(request)
    await opened
    // The next call would open a dead worker again, which would not know what it is for.
    if (death) throw death
    return loader.api.batch(step)
  }
  const make = (step: number) =>
    ask(step).catch((error: unknown) => {
      throw asFailure(error)
    })
  return {
    batch: (roundStep) => {
      const last = Math.min(roundStep + AHEAD, request.steps - 1)
      for (let step = roundStep; step <= last; step++) {
        if (made.has(step)) continue
        const batch = make(step)
        // Whoever asks for this step is told; a step that nobody asks for any more has nobody to tell.
        batch.catch(() => {})
        made.set(step, batch)
      }
      const batch = made.get(roundStep) ?? make(roundStep)
      made.delete(roundStep)
      return batch
    },
    close: () => loader.terminate(new AppError('worker_died', 'The loader was closed.', 'Press "Continue".')),
  }
}
