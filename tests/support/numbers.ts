/** Numbers of tests, and how near they must be. */

export interface Tolerance {
  relative?: number
  absolute?: number
}

/** Fails unless |got - want| <= absolute + relative * |want| everywhere; says where it is worst, and of which numbers. */
export function expectClose(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  { relative = 1e-5, absolute = 1e-6 }: Tolerance = {},
  what = '',
): void {
  const of = what && ` (${what})`
  if (got.length !== want.length) throw new Error(`${got.length} values, want ${want.length}${of}`)
  let worst = -1
  let excess = 0
  for (let i = 0; i < want.length; i++) {
    const beyond = Math.abs(got[i] - want[i]) - absolute - relative * Math.abs(want[i])
    if (!(beyond <= excess)) {
      worst = i
      excess = beyond
    }
    if (Number.isNaN(beyond)) break
  }
  if (worst < 0) return
  const error = Math.abs(got[worst] - want[worst])
  throw new Error(`Worst at ${worst} of ${want.length}${of}: got ${got[worst]}, want ${want[worst]}, off by ${error}`)
}

/** Repeatable numbers in [-1, 1) that need no generator: the fractional parts of multiples of the golden ratio. */
export function pattern(length: number, phase = 0): Float32Array {
  return Float32Array.from({ length }, (_, i) => (((i + 1 + phase) * 0.6180339887498949) % 1) * 2 - 1)
}

/** Inputs of the golden file, which holds them as integers. */
export function from256ths(values: readonly number[]): Float32Array {
  return Float32Array.from(values, (value) => value / 256)
}
