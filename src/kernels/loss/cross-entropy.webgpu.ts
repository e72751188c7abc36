/** Cross-entropy and its gradient on WebGPU: the upsampled logits exist a pixel at a time, in registers. */
import { columnSums } from '../../gpu/column-sums'
import { dispatch, makeOutput, release } from '../../gpu/dispatch'
import bilinear from '../upsampling/bilinear.wgsl?raw'
import { webgpuKernel } from '../webgpu-kernel'
import grad from './cross-entropy-grad.wgsl?raw'
import gradRows from './cross-entropy-grad-rows.wgsl?raw'
import sums from './cross-entropy-sums.wgsl?raw'

const SUMS = { label: 'cross-entropy-sums', source: bilinear + sums }
const GRAD_ROWS = { label: 'cross-entropy-grad-rows', source: bilinear + gradRows }
const GRAD = { label: 'cross-entropy-grad', source: bilinear + grad }

/** Invocations that share an item's pixels. */
const MOST_LANES = 4096

const crossEntropySums = webgpuKernel<'logits' | 'labels' | 'weights'>(
  'CrossEntropySums',
  ({ logits, labels, weights }, _, backend) => {
    const [items, inHeight, inWidth, classes] = logits.shape
    const [, height, width] = labels.shape
    const lanes = Math.min(height * width, MOST_LANES)
    const partials = makeOutput(backend, [lanes, items])
    const norms = makeOutput(backend, [items, height, width, 2])
    dispatch(backend, {
      module: SUMS,
      params: { items, inHeight, inWidth, height, width, classes, lanes },
      inputs: [logits, labels, weights],
      outputs: [partials, norms],
      threads: items * lanes,
    })
    const result = columnSums(backend, partials, [items])
    release(backend, partials)
    return [result, norms]
  },
)

const crossEntropyGrad = webgpuKernel<'logits' | 'labels' | 'weights' | 'norms' | 'dsums'>(
  'CrossEntropyGrad',
  ({ logits, labels, weights, norms, dsums }, _, backend) => {
    const [items, inHeight, inWidth, classes] = logits.shape
    const [, height, width] = labels.shape
    const rows = makeOutput(backend, [items, height, inWidth, classes])
    const rowsSize = items * height * inWidth * classes
    dispatch(backend, {
      module: GRAD_ROWS,
      params: { size: rowsSize, inHeight, inWidth, height, width, classes },
      inputs: [logits, labels, weights, norms],
      outputs: [rows],
      threads: rowsSize,
    })
    const dlogits = makeOutput(backend, logits.shape)
    const size = items * inHeight * inWidth * classes
    dispatch(backend, {
      module: GRAD,
      params: { size, inHeight, height, columns: inWidth * classes },
      inputs: [rows, dsums],
      outputs: [dlogits],
      threads: size,
    })
    release(backend, rows)
    return dlogits
  },
)

export const crossEntropyKernels = [crossEntropySums, crossEntropyGrad]
