import { wasmKernel } from '../wasm-kernel'
import type { RunningAverageAttrs } from './running-average'

const runningAverage = wasmKernel<RunningAverageAttrs>(
  'RunningAverage',
  ({ inputs: { running, latest, shares }, attrs, pointer, assembly }) => {
    assembly.runningAverage(...[running, latest, shares].map(pointer), shares.shape[0], attrs.kept)
    return []
  },
)

export const runningAverageKernels = [runningAverage]
