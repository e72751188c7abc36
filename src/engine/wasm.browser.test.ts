import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { bootWasm } from './wasm'

let device = ''
beforeAll(async () => {
  device = (await bootWasm()).device
})

test('the backend runs with SIMD and, when isolated, with every core', () => {
  const threads = crossOriginIsolated ? navigator.hardwareConcurrency : 1
  expect(device).toBe(`WASM, SIMD, ${threads} thread${threads === 1 ? '' : 's'}`)
  expect(tf.getBackend()).toBe('wasm')
})

test('starting twice is harmless', async () => {
  expect((await bootWasm()).device).toBe(device)
})
