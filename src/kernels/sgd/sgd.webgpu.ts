/** The optimizer step on WebGPU: one dispatch per parameter, in place. */
import type * as tf from '@tensorflow/tfjs'
import { dispatch, f32, u32 } from '../../gpu/dispatch'
import { webgpuKernel } from '../../gpu/kernel'
import type { SgdOptions } from './sgd.reference'
import step from './sgd-step.wgsl?raw'

const STEP = { label: 'sgd-step', source: step }

const sgdStep = webgpuKernel<'parameter' | 'gradient' | 'velocity', SgdOptions>(
  'SgdStep',
  ({ parameter, gradient, velocity }, { learningRate, momentum, weightDecay }, backend) => {
    const size = (parameter as tf.Tensor).size
    dispatch(backend, {
      module: STEP,
      params: [...u32(size), ...f32(learningRate, momentum, weightDecay)],
      inputs: [gradient],
      outputs: [parameter, velocity],
      threads: size,
    })
    return []
  },
)

export const sgdKernels = [sgdStep]
