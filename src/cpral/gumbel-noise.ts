/** Noise that turns a ranking into a draw. */
import { randomMap } from '../math/random'

/** Numbers that identify the noise of an image. */
export interface NoiseKeys {
  seed: number
  /** From 1. */
  round: number
  /** The image's position in the project. */
  order: number
}

/**
 * Standard Gumbel noise: the highest of several logarithms with such noise is a draw in proportion to their numbers
 * (raised to the power beta, where the noise is divided by beta).
 * @param columns numbers that a window has
 * @returns a function of window and column
 */
export function gumbelNoise(
  stream: string,
  { seed, round, order }: NoiseKeys,
  columns: number,
): (window: number, column: number) => number {
  const wordOf = randomMap(seed, stream, round, order)
  return (window, column) => {
    const uniform = (wordOf(window * columns + column) + 0.5) / 4294967296
    return -Math.log(-Math.log(uniform))
  }
}
