/**
 * The page's side of the workers. Every call is raced with its worker's death, so that nothing waits for ever; a dead
 * worker is opened again by the next call, which is safe because everything that matters lies in IndexedDB.
 */
import { type Remote, transfer, wrap } from 'comlink'
import { AppError } from '../domain/errors'
import type { ComputeApi, DataApi, PyramidApi, SuperpixelApi } from './contract'
import { installHandlers, releasePorts } from './handlers'

export type WorkerName = 'data' | 'compute' | 'superpixel' | 'pyramid'

/** One worker: its interface, and a way to end it. */
export interface WorkerClient<Api extends object> {
  api: Api
  /** Ends the worker at once: every pending call rejects with `worker_died`, the next call opens it again. */
  terminate(reason: AppError): void
}

interface LiveWorker {
  worker: Worker
  remote: Remote<Record<string, (...values: unknown[]) => unknown>>
  /** Rejects when the worker dies; never resolves. */
  died: Promise<never>
  kill(error: AppError): void
}

function died(name: string, what: string): AppError {
  return new AppError(
    'worker_died',
    `The ${name} worker stopped: ${what}.`,
    'Press "Continue": it starts again from the last finished step.',
  )
}

function openLiveWorker(name: string, open: () => Worker, onDeath: (error: AppError) => void): LiveWorker {
  const worker = open()
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => {}) // Reported by the calls that race with it; without one there is nobody to tell.
  let isAlive = true
  const kill = (error: AppError) => {
    if (!isAlive) return
    isAlive = false
    worker.terminate()
    reject(error)
    onDeath(error)
  }
  worker.addEventListener('error', (event) => kill(died(name, event.message || 'its program could not be loaded')))
  worker.addEventListener('messageerror', () => kill(died(name, 'a message could not be read')))
  return { worker, remote: wrap(worker), died: promise, kill }
}

/** A signal of this one call that follows the given one, so that its port can be closed with the call. */
function followSignal(signal: AbortSignal): { signal: AbortSignal; unfollow: () => void } {
  const controller = new AbortController()
  const follow = () => controller.abort()
  if (signal.aborted) follow()
  else signal.addEventListener('abort', follow)
  return { signal: controller.signal, unfollow: () => signal.removeEventListener('abort', follow) }
}

/**
 * Opens a worker at the first call. Arguments at top level may be AbortSignals, which are forwarded, and functions,
 * which are called here with the worker's values; both are released when the call settles. `onDeath` is told of every
 * death, whoever was calling.
 */
export function connectWorker<Api extends object>(
  name: string,
  open: () => Worker,
  onDeath: (error: AppError) => void,
): WorkerClient<Api> {
  installHandlers()
  let live: LiveWorker | null = null

  async function call(method: string, values: unknown[]): Promise<unknown> {
    live ??= openLiveWorker(name, open, (error) => {
      live = null
      onDeath(error)
    })
    const { remote, died } = live
    const releases: (() => void)[] = []
    const sent = values.map((value) => {
      if (!(value instanceof AbortSignal)) return typeof value === 'function' ? value.bind(null) : value
      const { signal, unfollow } = followSignal(value)
      releases.push(unfollow)
      return signal
    })
    try {
      return await Promise.race([remote[method](...sent), died])
    } finally {
      for (const release of releases) release()
      releasePorts(sent)
    }
  }

  const api = new Proxy({} as Api, {
    // A proxy that answers to `then` would be taken for a promise.
    get: (_, method) =>
      typeof method !== 'string' || method === 'then' ? undefined : (...values: unknown[]) => call(method, values),
  })
  return { api, terminate: (reason) => live?.kill(reason) }
}

export interface Workers {
  data: DataApi
  compute: ComputeApi
  superpixel: SuperpixelApi
  pyramid: PyramidApi
  /** Ends a worker that does not react to its signal; pending calls reject with `worker_died`. */
  restart(name: WorkerName): void
}

/** Connects to the workers, each of which `programs` opens at its first call. `onDeath` is told of every worker that stops by itself. */
export function connectWorkers(
  programs: Readonly<Record<WorkerName, () => Worker>>,
  onDeath: (name: WorkerName, error: AppError) => void = () => {},
): Workers {
  const connect = <Api extends object>(name: WorkerName) =>
    connectWorker<Api>(name, programs[name], (error) => onDeath(name, error))
  const data = connect<DataApi>('data')
  const compute = connect<ComputeApi>('compute')
  const superpixel = connect<SuperpixelApi>('superpixel')
  const pyramid = connect<PyramidApi>('pyramid')
  const clients = { data, compute, superpixel, pyramid }
  return {
    data: data.api,
    compute: compute.api,
    superpixel: superpixel.api,
    pyramid: { halved: (request) => pyramid.api.halved(transfer(request, [request.bitmap])) },
    restart: (name) => clients[name].terminate(died(name, 'it was ended by hand')),
  }
}
