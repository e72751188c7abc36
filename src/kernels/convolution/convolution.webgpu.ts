/** Filter gradient of the dense convolution on WebGPU, for every stride, padding and dilation. */
import { columnSums } from '../../gpu/column-sums'
import { dispatch, makeOutput, release, u32 } from '../../gpu/dispatch'
import { webgpuKernel } from '../../gpu/kernel'
import { gradientOutput } from '../arena/destinations'
import gradFilter from './conv2d-grad-filter.wgsl?raw'
import gradFilterVec4 from './conv2d-grad-filter-vec4.wgsl?raw'
import type { Conv2dGradFilterAttrs } from './convolution'

const GRAD_FILTER = { label: 'conv2d-grad-filter', source: gradFilter }
const GRAD_FILTER_VEC4 = { label: 'conv2d-grad-filter-vec4', source: gradFilterVec4 }

/** Invocations that fill a GPU, and floats of partial sums that are not worth more of them. */
const INVOCATIONS = 131072
const PARTIALS = 1 << 23

const conv2dGradFilter = webgpuKernel<'x' | 'dy' | 'filter', Conv2dGradFilterAttrs>(
  'Conv2dGradFilter',
  ({ x, dy, filter }, { filterShape, stride, padding, dilation }, backend) => {
    const [batch, height, width, inputs] = x.shape
    const [, outHeight, outWidth, outputs] = dy.shape
    const [kernelHeight, kernelWidth] = filterShape
    const taps = kernelHeight * kernelWidth
    const rows = batch * outHeight
    const columns = taps * inputs * outputs
    const tiles = taps * Math.ceil(inputs / 4) * Math.ceil(outputs / 4)
    const wanted = Math.min(Math.ceil(INVOCATIONS / tiles), Math.floor(PARTIALS / columns))
    const splits = Math.min(rows, Math.max(1, wanted))
    const dfilter = gradientOutput(backend, filter, filterShape)
    const partials = splits === 1 ? dfilter : makeOutput(backend, [splits, columns])
    const geometry = [height, width, inputs, outHeight, outWidth, outputs, taps, kernelWidth, stride, padding, dilation]
    dispatch(backend, {
      module: inputs % 4 === 0 && outputs % 4 === 0 ? GRAD_FILTER_VEC4 : GRAD_FILTER,
      params: u32(splits, rows, ...geometry),
      inputs: [x, dy],
      outputs: [partials],
      threads: splits * tiles,
    })
    if (splits === 1) return dfilter
    columnSums(backend, partials, filterShape, dfilter)
    release(backend, partials)
    return dfilter
  },
)

export const convolutionKernels = [conv2dGradFilter]
