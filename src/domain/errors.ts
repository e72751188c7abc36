/**
 * Every way the system can fail that a person can do something about. `outdated`: what is stored is not what the change was made
 * to. `internal` is a bug of ours.
 */
export type ErrorCode =
  | 'no_webgpu'
  | 'device_lost'
  | 'out_of_memory'
  | 'kernel_failed'
  | 'diverged'
  | 'bad_shape'
  | 'bad_file'
  | 'bad_label'
  | 'bad_config'
  | 'no_images'
  | 'no_camera'
  | 'quota_exceeded'
  | 'project_locked'
  | 'worker_died'
  | 'outdated'
  | 'not_found'
  | 'internal'

/**
 * An error with a sentence for the person (`message`, which names the file or value) and what to do about it (`remedy`).
 * Crosses worker boundaries intact (see `rpc/handlers.ts`).
 */
export class AppError extends Error {
  override readonly name = 'AppError'
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly remedy = '',
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** Wraps anything thrown into an AppError; AppErrors and aborts pass through. */
export function toAppError(error: unknown): Error {
  if (error instanceof AppError) return error
  if (error instanceof DOMException && error.name === 'AbortError') return error
  if (error instanceof DOMException && error.name === 'QuotaExceededError') {
    return new AppError(
      'quota_exceeded',
      'The browser has no room left to store this project.',
      'Free disk space or delete a project, then try again.',
      { cause: error },
    )
  }
  const message = error instanceof Error ? error.message : String(error)
  return new AppError('internal', message, 'Reload the page; the work saved so far is kept.', { cause: error })
}
