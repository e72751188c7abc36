import { expect, test } from 'vitest'
import { refuseNotFinite, refuseUnread } from './naming'
import { type NamedArrays, writeSafetensors } from './safetensors'
import { readWeightsFile } from './weights-file'

/** A safetensors file of one tensor `name` of two numbers with these bytes. */
function file(name: string, type: string, numbers: ArrayBuffer): ArrayBuffer {
  const header = JSON.stringify({ [name]: { dtype: type, shape: [2], data_offsets: [0, numbers.byteLength] } })
  const bytes = new Uint8Array(8 + header.length + numbers.byteLength)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true)
  bytes.set(new TextEncoder().encode(header), 8)
  bytes.set(new Uint8Array(numbers), 8 + header.length)
  return bytes.buffer
}

const check = (bytes: ArrayBuffer) => refuseNotFinite(readWeightsFile(bytes, 'w.safetensors'), 'w.safetensors')

test.each<[string, string, ArrayBuffer]>([
  ['NaN', 'F32', Float32Array.of(1, Number.NaN).buffer],
  ['infinity', 'F32', Float32Array.of(Number.NEGATIVE_INFINITY, 1).buffer],
  ['a float16 that overflowed', 'F16', Uint16Array.of(0x3c00, 0x7c00).buffer],
  ['a bfloat16 that is NaN', 'BF16', Uint16Array.of(0x3f80, 0x7fc0).buffer],
  ['a float64 beyond float32', 'F64', Float64Array.of(1, 1e300).buffer],
])('%s is named with its tensor', (_, type, numbers) => {
  expect(() => check(file('features.0.0.weight', type, numbers))).toThrow(
    'The weights file "w.safetensors" holds numbers that are not finite in features.0.0.weight.',
  )
  // A classifier is not taken from the file.
  expect(() => check(file('classifier.1.weight', type, numbers))).not.toThrow()
})

test('finite numbers pass, the largest too', () => {
  expect(() => check(file('features.0.0.weight', 'F32', Float32Array.of(3.4e38, -1e-45).buffer))).not.toThrow()
})

test('only a needed tensor of a type that is not read is refused, by name', () => {
  const arrays: NamedArrays = readWeightsFile(
    file('features.0.0.weight', 'F8_E4M3', new ArrayBuffer(2)),
    'w.safetensors',
  )
  expect(() => refuseUnread(arrays, 'features.0.0.weight', 'w.safetensors')).toThrow('"features.0.0.weight" as F8_E4M3')
  expect(() => refuseUnread(arrays, 'other', 'w.safetensors')).not.toThrow()
})

test('a pointer of Git LFS says what it is', () => {
  const pointer = new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n').buffer
  expect(() => readWeightsFile(pointer, 'w.pth')).toThrow(/"w\.pth" is not the file itself but a pointer of Git LFS/)
})

test('a file cut off is named as that', () => {
  const whole = writeSafetensors(new Map([['a', { shape: [2], values: Float32Array.of(1, 2) }]]))
  expect(() => check(whole.slice(0, whole.byteLength - 1))).toThrow(/truncated/)
})
