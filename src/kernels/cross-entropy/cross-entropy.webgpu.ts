/** Cross-entropy and its gradient on WebGPU, fused: no one-hot labels, no stored softmax. */
import { columnSums } from '../../gpu/column-sums'
import { dispatch, makeOutput, release, u32 } from '../../gpu/dispatch'
import { webgpuKernel } from '../../gpu/kernel'
import grad from './cross-entropy-grad.wgsl?raw'
import sums from './cross-entropy-sums.wgsl?raw'

const SUMS = { label: 'cross-entropy-sums', source: sums }
const GRAD = { label: 'cross-entropy-grad', source: grad }

const crossEntropySums = webgpuKernel<'logits' | 'labels' | 'weights'>(
  'CrossEntropySums',
  ({ logits, labels, weights }, _, backend) => {
    const [items, height, width, classes] = logits.shape
    const pixels = height * width
    const lanes = Math.min(pixels, 4096)
    const partials = makeOutput(backend, [lanes, items])
    dispatch(backend, {
      module: SUMS,
      params: u32(items, pixels, classes, lanes),
      inputs: [logits, labels, weights],
      outputs: [partials],
      threads: items * lanes,
    })
    const result = columnSums(backend, partials, [items])
    release(backend, partials)
    return result
  },
)

const crossEntropyGrad = webgpuKernel<'logits' | 'labels' | 'weights' | 'dsums'>(
  'CrossEntropyGrad',
  ({ logits, labels, weights, dsums }, _, backend) => {
    const [items, height, width, classes] = logits.shape
    const dlogits = makeOutput(backend, logits.shape)
    dispatch(backend, {
      module: GRAD,
      params: u32(items, height * width, classes),
      inputs: [logits, labels, weights, dsums],
      outputs: [dlogits],
      threads: items * height * width,
    })
    return dlogits
  },
)

export const crossEntropyKernels = [crossEntropySums, crossEntropyGrad]
