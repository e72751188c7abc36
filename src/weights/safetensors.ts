/**
 * Reads and writes safetensors: an 8-byte little-endian header length, a JSON header, raw arrays. Float32 once read.
 */
import { AppError } from '../domain/errors'
import { isNumberType, isReal, NUMBER_TYPES, toFloat32 } from './numbers'

export interface NamedArray {
  shape: number[]
  values: Float32Array
}

export interface NamedArrays extends Map<string, NamedArray> {
  /** Types of the tensors that were left out, by name: whole numbers, and types that are not read. */
  unread?: Map<string, string>
}

const REMEDY = 'Choose a complete .safetensors, .pth or .pt file of MobileNetV2 or DRN weights.'

/**
 * Float16, bfloat16 and float64 become float32; whole numbers (`num_batches_tracked`) and types
 * that are not read are left out, and listed as `unread`.
 * @param name the file's name, for error sentences
 * @throws AppError 'bad_file' when truncated or damaged
 */
export function readSafetensors(bytes: ArrayBuffer, name: string): NamedArrays {
  const fail = (problem: string): never => {
    throw new AppError('bad_file', `The weights file "${name}" ${problem}.`, REMEDY)
  }
  if (bytes.byteLength < 8) fail(`is only ${bytes.byteLength} bytes long`)
  const headerLength = Number(new DataView(bytes).getBigUint64(0, true))
  if (headerLength > bytes.byteLength - 8) fail('is truncated or not a safetensors file: its header does not fit')
  const header = parseHeader(bytes, headerLength) ?? fail('has no readable safetensors header')
  const arrays: NamedArrays = new Map()
  for (const [key, entry] of Object.entries(header)) {
    if (key === '__metadata__') continue
    const type = entry.dtype
    if (!isNumberType(type) || !isReal(type)) {
      arrays.unread ??= new Map()
      arrays.unread.set(key, type)
      continue
    }
    const [begin, end] = entry.data_offsets
    const start = 8 + headerLength + begin
    const count = entry.shape.reduce((product, n) => product * n, 1)
    if (end - begin !== NUMBER_TYPES[type].bytes * count)
      fail(`is damaged: "${key}" has ${end - begin} bytes for ${count} numbers`)
    if (8 + headerLength + end > bytes.byteLength) fail(`is truncated: the data of "${key}" is missing`)
    arrays.set(key, { shape: entry.shape, values: toFloat32(new Uint8Array(bytes), start, count, type) })
  }
  return arrays
}

interface HeaderEntry {
  dtype: string
  shape: number[]
  data_offsets: [number, number]
}

function parseHeader(bytes: ArrayBuffer, length: number): Record<string, HeaderEntry> | null {
  const text = new TextDecoder().decode(new Uint8Array(bytes, 8, length))
  if (!text.startsWith('{')) return null
  try {
    return JSON.parse(text) as Record<string, HeaderEntry>
  } catch {
    return null
  }
}

/** @param metadata texts about the whole, which readers of the format show or ignore */
export function writeSafetensors(arrays: NamedArrays, metadata?: Record<string, string>): ArrayBuffer {
  const header: Record<string, HeaderEntry | Record<string, string>> = metadata ? { __metadata__: metadata } : {}
  let offset = 0
  for (const [key, { shape, values }] of arrays) {
    header[key] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] }
    offset += values.byteLength
  }
  const json = JSON.stringify(header)
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8))
  const bytes = new Uint8Array(8 + text.byteLength + offset)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.byteLength), true)
  bytes.set(text, 8)
  let position = 8 + text.byteLength
  for (const { values } of arrays.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), position)
    position += values.byteLength
  }
  return bytes.buffer
}
