/**
 * Every way to fail about which a person can do something, and `internal`, a mistake in this program. `outdated`: the
 * stored labels are no longer those that a change was made to.
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
 * An error for people: `message` is a whole sentence that names the file or value, `remedy` says what to do about it.
 * Crosses the borders of workers with both (`rpc/handlers.ts`).
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

/**
 * Something wrong with a file, said as half a sentence without the file's name, such as "is not a PNG file": decoders
 * see bytes and know no name. Whoever knows it makes a whole sentence of it, an AppError or a `FileProblem`; a person
 * never sees the half.
 */
export class FileFault extends Error {
  override readonly name = 'FileFault'
  constructor(
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }

  /** The error for people. `subject` begins the sentence and names the file, in quotes. */
  named(subject: string): AppError {
    return new AppError('bad_file', `${subject} ${this.message}.`, this.remedy, { cause: this })
  }
}

/**
 * Anything thrown as an error for people. AppErrors and aborted calls stay as they are; anything unknown is `internal`.
 */
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
