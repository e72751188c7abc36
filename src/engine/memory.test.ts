import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { expect, test } from 'vitest'
import { guardWasmMemory, memoryFailure } from './memory'

test('an address of 0 is an error from the guard on, once and for all', () => {
  const wasm = { _malloc: (bytes: number) => (bytes > 100 ? 0 : 64) }
  const backend = { wasm } as unknown as BackendWasm
  guardWasmMemory(backend)
  guardWasmMemory(backend)
  expect(wasm._malloc(100)).toBe(64)
  expect(() => wasm._malloc(101)).toThrow('The memory of the WASM engine is full: 101 bytes more were refused.')
})

test('engines name full memory each in their own way', () => {
  const codeOf = (thrown: unknown, engine: 'webgpu' | 'wasm') => memoryFailure(thrown, engine)?.code ?? null
  expect(codeOf(new RangeError('Array buffer allocation failed'), 'webgpu')).toBe('out_of_memory')
  expect(codeOf(new RangeError('Invalid typed array length: 9007199254740991'), 'wasm')).toBeNull()
  expect(codeOf(new WebAssembly.RuntimeError('memory access out of bounds'), 'wasm')).toBe('out_of_memory')
  expect(codeOf(new WebAssembly.RuntimeError('memory access out of bounds'), 'webgpu')).toBeNull()
  expect(codeOf(new RangeError('Maximum call stack size exceeded'), 'wasm')).toBeNull()
  expect(codeOf(new Error('out of memory'), 'wasm')).toBeNull()
})
