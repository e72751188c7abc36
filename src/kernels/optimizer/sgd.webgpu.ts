/** The optimizer step on WebGPU: one dispatch for all parameters, in place. */
import type * as tf from '@tensorflow/tfjs-core'
import { dispatch } from '../../gpu/dispatch'
import { webgpuKernel } from '../webgpu-kernel'
import type { SgdAttrs } from './sgd'
import step from './sgd-step.wgsl?raw'

const STEP = { label: 'sgd-step', source: step }

const sgdStep = webgpuKernel<'parameters' | 'gradients' | 'velocities' | 'rates' | 'squareSum', SgdAttrs>(
  'SgdStep',
  ({ parameters, gradients, velocities, rates, squareSum }, attrs, backend) => {
    const size = (parameters as tf.Tensor).size / 4
    const { momentum, weightDecay, nesterov, clipNorm } = attrs
    dispatch(backend, {
      module: STEP,
      constants: { CLIPPED: Number(squareSum !== undefined), NESTEROV: Number(nesterov) },
      params: { size, momentum, weightDecay, clipNorm },
      // Where nothing is clipped, anything stands in the place of the sum.
      inputs: [gradients, rates, squareSum ?? rates],
      outputs: [parameters, velocities],
      threads: size,
    })
    return []
  },
)

export const sgdKernels = [sgdStep]
