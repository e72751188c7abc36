/**
 * Converts arrays between PyTorch's layouts, which published files have, and NHWC filters, which the device has. Exact.
 */
import type { NamedArray } from './safetensors'

export type ArrayKind = 'filter' | 'depthwise-filter' | 'dense' | 'scale' | 'bias' | 'dense-bias'

/** Shape in the file of an array with `shape` on the device. */
export function publishedShape(kind: ArrayKind, shape: number[]): number[] {
  const [a = 1, b = 1, c = 1, d = 1] = shape
  if (kind === 'filter') return [d, c, a, b] // HWIO -> OIHW
  if (kind === 'depthwise-filter') return [c, 1, a, b] // HWC1 -> C1HW
  if (kind === 'dense') return [b, a] // IO -> OI
  return shape
}

export function toPublished(kind: ArrayKind, shape: number[], values: Float32Array): NamedArray {
  return { shape: publishedShape(kind, shape), values: permute(kind, shape, values, 'to-published') }
}

/** Values of a published array in the device's layout; `shape` is the device shape. */
export function toDevice(kind: ArrayKind, shape: number[], published: Float32Array): Float32Array {
  return permute(kind, shape, published, 'to-device')
}

function permute(
  kind: ArrayKind,
  shape: number[],
  source: Float32Array,
  direction: 'to-published' | 'to-device',
): Float32Array<ArrayBuffer> {
  if (kind === 'scale' || kind === 'bias' || kind === 'dense-bias') return new Float32Array(source)
  const target = new Float32Array(source.length)
  const isDense = kind === 'dense'
  const space = isDense ? 1 : (shape[0] as number) * (shape[1] as number)
  const inputs = (isDense ? shape[0] : shape[2]) as number
  const outputs = (isDense ? shape[1] : shape[3]) as number
  // Device index (s, i, o) <-> published index (o, i, s). A depthwise filter has outputs = 1 and channels as inputs.
  for (let s = 0; s < space; s++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        const device = (s * inputs + i) * outputs + o
        const published = (o * inputs + i) * space + s
        if (direction === 'to-device') target[device] = source[published] as number
        else target[published] = source[device] as number
      }
    }
  }
  return target
}
