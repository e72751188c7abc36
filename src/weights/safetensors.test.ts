import { describe, expect, it } from 'vitest'
import { AppError } from '../domain/errors'
import { readSafetensors, writeSafetensors } from './safetensors'

const arrays = new Map([
  ['a.weight', { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
  ['b', { shape: [1], values: Float32Array.of(-0.5) }],
])

function problem(bytes: ArrayBuffer): string {
  try {
    readSafetensors(bytes, 'net.safetensors')
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad_file') return error.message
    throw error
  }
  return 'read without complaint'
}

function withHeader(header: string, data = 0): ArrayBuffer {
  const text = new TextEncoder().encode(header)
  const bytes = new Uint8Array(8 + text.length + data)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes.buffer
}

describe('safetensors', () => {
  it('reads back what it writes', () => {
    expect(readSafetensors(writeSafetensors(arrays), 'x')).toEqual(arrays)
  })

  it('names the file and what is wrong with it', () => {
    const whole = writeSafetensors(arrays)
    expect(problem(whole.slice(0, 5))).toBe('The weights file "net.safetensors" is only 5 bytes long.')
    expect(problem(whole.slice(0, 40))).toContain('is truncated')
    expect(problem(whole.slice(0, whole.byteLength - 4))).toContain('is truncated: the data of "b" is missing')
    expect(problem(withHeader('no json'))).toContain('has no readable safetensors header')
    expect(problem(withHeader('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', 4))).toContain('is damaged')
  })
  it.each(['U16', 'U32', 'U64', 'F8_E4M3', 'F8_E5M2', 'C64', 'I64'])('leaves a tensor of type %s out', (type) => {
    const header = `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"n":{"dtype":"${type}","shape":[1],"data_offsets":[4,12]}}`
    const read = readSafetensors(withHeader(header, 8), 'x')
    expect([...read.keys()]).toEqual(['a'])
    expect([...(read.unread ?? [])]).toEqual([['n', type]])
  })
})
