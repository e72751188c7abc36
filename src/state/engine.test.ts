import { expect, test } from 'vitest'
import { deviceOf, engineText } from '../domain/engine'
import { askedThreads, forcedEngine } from './engine.svelte'

test('the address names engine and threads, or nothing', () => {
  expect([forcedEngine(''), forcedEngine('?engine=wasm'), forcedEngine('?engine=webgpu')]).toEqual([
    null,
    'wasm',
    'webgpu',
  ])
  expect([askedThreads(''), askedThreads('?threads=1'), askedThreads('?engine=wasm&threads=16')]).toEqual([null, 1, 16])
})

test.each(['cuda', 'WASM', ''])('there is no engine named "%s"', (name) => {
  expect(() => forcedEngine(`?engine=${name}`)).toThrow(`There is no engine named "${name}".`)
})

test.each(['0', '-1', '1.5', 'two', '', '99999', '1e2', ' 2'])('"%s" is no number of threads', (text) => {
  expect(() => askedThreads(`?threads=${text}`)).toThrow(`"${text}" is no number of threads.`)
})

test('an engine is named once, with its device', () => {
  const wasm = { engine: 'wasm', device: 'WASM, SIMD, 2 threads' } as const
  expect(deviceOf(wasm)).toBe('SIMD, 2 threads')
  expect(engineText(wasm)).toBe('WASM (SIMD, 2 threads)')
  expect(engineText({ engine: 'webgpu', device: 'nvidia hopper' })).toBe('WebGPU (nvidia hopper)')
})
