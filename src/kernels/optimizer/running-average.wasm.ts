import { registerWasmKernel } from '../wasm-kernel'
import type { RunningAverageAttrs } from './running-average'

export function registerRunningAverageWasm(): void {
  registerWasmKernel<RunningAverageAttrs>(
    'RunningAverage',
    ({ inputs: { running, latest, shares }, attrs, pointer, assembly }) => {
      assembly.runningAverage(...[running, latest, shares].map(pointer), shares.shape[0], attrs.kept)
      return []
    },
  )
}
