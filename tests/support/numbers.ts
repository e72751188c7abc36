/** What browser tests of the GPU share. */
import { type ComputeDevice, openDevice } from '../../src/gpu/device'

/** The device, or a failure: a test that finds no adapter has not passed. */
export async function requireDevice(): Promise<ComputeDevice> {
  return openDevice()
}

/** Fails unless |got - want| <= absolute + relative * |want| everywhere; says where it is worst. */
export function expectClose(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  { relative = 1e-5, absolute = 1e-6 }: { relative?: number; absolute?: number } = {},
): void {
  if (got.length !== want.length) throw new Error(`${got.length} values, want ${want.length}`)
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
  throw new Error(`Worst at ${worst} of ${want.length}: got ${got[worst]}, want ${want[worst]}, off by ${error}`)
}

/** Repeatable numbers in [-1, 1) that need no generator: the fractional parts of multiples of the golden ratio. */
export function pattern(length: number, phase = 0): Float32Array {
  return Float32Array.from({ length }, (_, i) => (((i + 1 + phase) * 0.6180339887498949) % 1) * 2 - 1)
}
