/** The optimizer step on WebGPU: one dispatch for all parameters, in place. */
import type * as tf from '@tensorflow/tfjs-core'
import { dispatch } from '../../gpu/dispatch'
import { webgpuKernel } from '../webgpu-kernel'
import type { SgdOptions } from './sgd.reference'
import step from './sgd-step.wgsl?raw'

const STEP = { label: 'sgd-step', source: step }

const sgdStep = webgpuKernel<'parameters' | 'gradients' | 'velocities' | 'rates', SgdOptions>(
  'SgdStep',
  ({ parameters, gradients, velocities, rates }, { momentum, weightDecay }, backend) => {
    const size = (parameters as tf.Tensor).size / 4
    dispatch(backend, {
      module: STEP,
      params: { size, momentum, weightDecay },
      inputs: [gradients, rates],
      outputs: [parameters, velocities],
      threads: size,
    })
    return []
  },
)

export const sgdKernels = [sgdStep]
