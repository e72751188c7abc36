import { rowBands, wasmKernel } from '../wasm-kernel'
import { type ClassWindowsAttrs, windowsAlong } from './class-windows'

/** Windows that a thread takes at a time. */
const GRAIN = 16

const classWindows = wasmKernel<ClassWindowsAttrs>(
  'ClassWindows',
  ({ inputs: { logits, uncertainty, a }, attrs: { stride: spacing }, allocate, pointer, scratch, parallel }) => {
    const [, h, w, channels] = logits.shape
    const [height, width] = uncertainty.shape
    const [taps] = a.shape
    const columns = windowsAlong(width, taps, spacing)
    const windows = windowsAlong(height, taps, spacing) * columns
    const result = allocate([windows + 1, channels])
    const stride = 4 * Math.ceil(channels / 4)
    const rows = scratch(4 * height * (columns + 1) * stride)
    const { bands, bandRows } = rowBands(height)
    const cells = scratch(4 * bands * (w + width) * stride)
    const addresses = [pointer(logits), pointer(uncertainty), pointer(a), rows]
    const sizes = [h, w, channels, height, width, taps, columns, spacing]
    parallel('classRows', bands, 1, ...addresses, ...sizes, cells, bandRows)
    const shape = [channels, height, width, taps, columns, windows, spacing]
    parallel('classColumns', windows + 1, GRAIN, rows, pointer(a), pointer(result), ...shape)
    return result
  },
)

export const classWindowsKernels = [classWindows]
