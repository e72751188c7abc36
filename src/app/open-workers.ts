/** The workers' programs. Vite looks for `new Worker(new URL(...))` as it stands here, to build each as a program of its own. */
import type { AppError } from '../domain/errors'
import { connectWorkers, type WorkerName, type Workers } from '../rpc/client'

const PROGRAMS: Readonly<Record<WorkerName, () => Worker>> = {
  data: () => new Worker(new URL('../../workers/data.worker.ts', import.meta.url), { type: 'module', name: 'data' }),
  compute: () =>
    new Worker(new URL('../../workers/compute.worker.ts', import.meta.url), { type: 'module', name: 'compute' }),
  superpixel: () =>
    new Worker(new URL('../../workers/superpixel.worker.ts', import.meta.url), { type: 'module', name: 'superpixel' }),
  pyramid: () =>
    new Worker(new URL('../../workers/pyramid.worker.ts', import.meta.url), { type: 'module', name: 'pyramid' }),
}

/** Opens each worker at its first call. `onDeath` is told of every worker that stops by itself. */
export function openWorkers(onDeath?: (name: WorkerName, error: AppError) => void): Workers {
  return connectWorkers(PROGRAMS, onDeath)
}
