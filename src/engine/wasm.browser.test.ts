import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { conv2d } from '../kernels/convolution/convolution'
import { sgdStep } from '../kernels/sgd/sgd'
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

test('a convolution sees the weights that an optimizer step changed in place', async () => {
  const x = tf.ones([1, 4, 4, 3]) as tf.Tensor4D
  const filter = tf.variable(tf.ones([3, 3, 3, 2]) as tf.Tensor4D)
  const options = { stride: 1, padding: 0, dilation: 1 }
  expect((await conv2d(x, filter, options).data())[0]).toBe(27)
  sgdStep(filter, tf.ones(filter.shape), tf.zeros(filter.shape), { learningRate: 0.5, momentum: 0, weightDecay: 0 })
  expect((await conv2d(x, filter, options).data())[0]).toBe(13.5)
})
