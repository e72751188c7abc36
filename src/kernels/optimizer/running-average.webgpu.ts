/** Running statistics on WebGPU: one dispatch for all normalisations, in place. */
import type * as tf from '@tensorflow/tfjs-core'
import { dispatch } from '../../gpu/dispatch'
import { webgpuKernel } from '../webgpu-kernel'
import type { RunningAverageAttrs } from './running-average'
import source from './running-average.wgsl?raw'

const AVERAGE = { label: 'running-average', source }

const runningAverage = webgpuKernel<'running' | 'latest' | 'shares', RunningAverageAttrs>(
  'RunningAverage',
  ({ running, latest, shares }, { kept }, backend) => {
    const size = (running as tf.Tensor).size / 4
    dispatch(backend, {
      module: AVERAGE,
      params: { size, kept },
      inputs: [latest, shares],
      outputs: [running],
      threads: size,
    })
    return []
  },
)

export const runningAverageKernels = [runningAverage]
