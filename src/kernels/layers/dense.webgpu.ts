/** Small fully connected layers on WebGPU: one dispatch forward, one for all three gradients. */
import { dispatch, makeOutput } from '../../gpu/dispatch'
import { gradientOutput } from '../arena/destinations'
import { webgpuKernel } from '../webgpu-kernel'
import type { DenseAttrs } from './dense'
import forward from './dense.wgsl?raw'
import grad from './dense-grad.wgsl?raw'

const DENSE = { label: 'dense', source: forward }
const GRAD = { label: 'dense-grad', source: grad }

/** Stands for no floor. */
const LOWEST = -3.4028234663852886e38

const floorOf = (activation: DenseAttrs['activation']) => (activation === 'relu' ? 0 : LOWEST)

const dense = webgpuKernel<'x' | 'weights' | 'bias', DenseAttrs>(
  'Dense',
  ({ x, weights, bias }, { activation }, backend) => {
    const [items] = x.shape
    const [inputs, outputs] = weights.shape
    const y = makeOutput(backend, [items, outputs])
    dispatch(backend, {
      module: DENSE,
      params: { size: items * outputs, inputs, outputs, floor: floorOf(activation) },
      inputs: [x, weights, bias],
      outputs: [y],
      threads: items * outputs,
    })
    return y
  },
)

const denseGrad = webgpuKernel<'dy' | 'y' | 'x' | 'weights' | 'bias', DenseAttrs>(
  'DenseGrad',
  ({ dy, y, x, weights, bias }, { activation }, backend) => {
    const [items] = x.shape
    const [inputs, outputs] = weights.shape
    const dweights = gradientOutput(backend, weights, weights.shape)
    const dbias = gradientOutput(backend, bias, bias.shape)
    const dx = makeOutput(backend, x.shape)
    dispatch(backend, {
      module: GRAD,
      params: { items, inputs, outputs, floor: floorOf(activation) },
      inputs: [dy, y, x, weights],
      outputs: [dweights, dbias, dx],
      threads: inputs * outputs + outputs + items * inputs,
    })
    return [dweights, dbias, dx]
  },
)

export const denseKernels = [dense, denseGrad]
