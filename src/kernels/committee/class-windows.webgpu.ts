/** Class windows on WebGPU: along the rows with the upsampling fused in, then along the columns. */
import { dispatch, makeOutput, release } from '../../gpu/dispatch'
import bilinear from '../upsampling/bilinear.wgsl?raw'
import { webgpuKernel } from '../webgpu-kernel'
import columnsSource from './class-columns.wgsl?raw'
import rowsSource from './class-rows.wgsl?raw'
import shiftsSource from './class-shifts.wgsl?raw'
import { type ClassWindowsAttrs, windowsAlong } from './class-windows'
import sampledLogit from './sampled-logit.wgsl?raw'

const SHIFTS = { label: 'class-shifts', source: bilinear + sampledLogit + shiftsSource }
const ROWS = { label: 'class-rows', source: bilinear + sampledLogit + rowsSource }
const COLUMNS = { label: 'class-columns', source: columnsSource }

const classWindows = webgpuKernel<'logits' | 'uncertainty' | 'a', ClassWindowsAttrs>(
  'ClassWindows',
  ({ logits, uncertainty, a }, { stride: spacing }, backend) => {
    const [, inHeight, inWidth, classes] = logits.shape
    const [height, width] = uncertainty.shape
    const [taps] = a.shape
    const columns = windowsAlong(width, taps, spacing)
    const windows = windowsAlong(height, taps, spacing) * columns
    const [shifts, rows] = [makeOutput(backend, [height, width]), makeOutput(backend, [height, columns + 1, classes])]
    const result = makeOutput(backend, [windows + 1, classes])
    const sizes = { inHeight, inWidth, classes, height, width }
    dispatch(backend, { module: SHIFTS, params: sizes, inputs: [logits], outputs: [shifts], threads: height * width })
    dispatch(backend, {
      module: ROWS,
      params: { ...sizes, taps, columns, spacing },
      inputs: [logits, shifts, uncertainty, a],
      outputs: [rows],
      threads: height * (columns + 1) * classes,
    })
    dispatch(backend, {
      module: COLUMNS,
      params: { classes, height, width, taps, columns, windows, spacing },
      inputs: [rows, a],
      outputs: [result],
      threads: (windows + 1) * classes,
    })
    release(backend, shifts, rows)
    return result
  },
)

export const classWindowsKernels = [classWindows]
