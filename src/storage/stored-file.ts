import { AppError, FileFault } from '../domain/errors'

/**
 * Reads a stored file of an image; an error about a damaged one names it.
 * @throws AppError `bad_file`
 */
export async function readStored<T>(name: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (cause) {
    if (!(cause instanceof FileFault)) throw cause
    throw new AppError(
      'bad_file',
      `What is stored of "${name}" ${cause.message}.`,
      'Its labels are kept, and every other image: export them, then import this one again.',
      { cause },
    )
  }
}
