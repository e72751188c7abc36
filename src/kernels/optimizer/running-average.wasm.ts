import { wasmKernel } from '../wasm-kernel'
import type { RunningAverageAttrs } from './running-average'

/** Blocks of 64 floats that a thread takes at a time: some 64 KiB of each array. */
const GRAIN = 256

const runningAverage = wasmKernel<RunningAverageAttrs>(
  'RunningAverage',
  ({ inputs: { running, latest, shares }, attrs, pointer, parallel }) => {
    parallel('runningAverage', shares.shape[0], GRAIN, ...[running, latest, shares].map(pointer), attrs.kept)
    return []
  },
)

export const runningAverageKernels = [runningAverage]
