import { AppError } from '../domain/errors'

/** Throws `bad_shape` unless `holds`; the message names the kernel and both shapes. */
export function checkShape(holds: boolean, message: () => string): void {
  if (!holds)
    throw new AppError('bad_shape', message(), 'This is a bug in the network code, not in your data: please report it.')
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis])
}
