import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { useFreshWebGpu } from '../../tests/support/engines'
import { expectClose, pattern } from '../../tests/support/numbers'
import type { AppError } from '../domain/errors'
import { openDevice } from './device'
import { dispatch, makeOutput, splitGrid } from './dispatch'
import { checkDevice } from './failures'

useFreshWebGpu()

let backend: WebGPUBackend
beforeAll(() => {
  backend = tf.backend() as WebGPUBackend
})

const SPLIT = {
  label: 'sum-and-scaled-difference',
  source: `
override WORKGROUP: u32;
struct Params { size: u32, factor: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> sum: array<f32>;
@group(0) @binding(4) var<storage, read_write> difference: array<f32>;
@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = id.x + id.y * grid.x * WORKGROUP;
  if (i >= params.size) { return; }
  sum[i] = a[i] + b[i];
  difference[i] = params.factor * (a[i] - b[i]);
}`,
}

const INCREMENT = {
  label: 'increment',
  source: `
override WORKGROUP: u32;
override STEP: f32;
struct Params { size: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> a: array<f32>;
@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = id.x + id.y * grid.x * WORKGROUP;
  if (i >= params.size) { return; }
  a[i] += STEP;
}`,
}

/** Writes every component of its Params. */
const ECHO = {
  label: 'echo',
  source: `
override WORKGROUP: u32;
struct Params { a: u32, b: vec2f, c: i32, d: vec3u, e: f32, f: vec4i, g: vec3f, h: vec2u }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> echo: array<vec4f>;
@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x > 0u) { return; }
  echo[0] = vec4f(f32(params.a), params.b, f32(params.c));
  echo[1] = vec4f(vec3f(params.d), params.e);
  echo[2] = vec4f(params.f);
  echo[3] = vec4f(params.g, f32(params.h.x));
  echo[4] = vec4f(f32(params.h.y));
}`,
}

function increment(tensor: tf.Tensor, step: number, workgroup?: number): void {
  const size = tensor.size
  const call = { module: INCREMENT, constants: { STEP: step }, params: { size }, inputs: [], outputs: [tensor] }
  dispatch(backend, { ...call, threads: size, ...(workgroup ? { workgroup } : {}) })
}

function sumAndDifference(a: tf.Tensor, b: tf.Tensor, factor: number): tf.Tensor[] {
  const outputs = [makeOutput(backend, a.shape), makeOutput(backend, a.shape)]
  const params = { size: a.size, factor }
  dispatch(backend, { module: SPLIT, params, inputs: [a, b], outputs, threads: a.size })
  return outputs.map((output) => tf.engine().makeTensorFromTensorInfo(output))
}

describe('dispatch', () => {
  test.each([1, 63, 64, 65, 1000])('writes two outputs of %i elements', async (size) => {
    const a = pattern(size)
    const b = pattern(size, 7)
    const [sum, difference] = sumAndDifference(tf.tensor1d(a), tf.tensor1d(b), -2.5)
    expectClose(
      await sum.data(),
      a.map((value, i) => value + b[i]),
    )
    expectClose(
      await difference.data(),
      a.map((value, i) => -2.5 * (value - b[i])),
    )
  })

  test('gives the kernel its params by name, scalars and vectors', async () => {
    const echo = tf.zeros([20])
    const params = {
      h: [16, 17],
      g: [13, 14, 15],
      e: 8.5,
      d: [5, 6, 7],
      c: -4,
      b: [2.5, 3.5],
      a: 1,
      f: [9, -10, 11, 12],
    }
    dispatch(backend, { module: ECHO, params, inputs: [], outputs: [echo], threads: 1 })
    const want = [1, 2.5, 3.5, -4, 5, 6, 7, 8.5, 9, -10, 11, 12, 13, 14, 15, 16, 17, 17, 17, 17]
    expect([...(await echo.data())]).toEqual(want)
  })

  test('names the kernel and the parameter that it was not given, or does not have', () => {
    const a = tf.zeros([4])
    const call = { module: INCREMENT, constants: { STEP: 1 }, inputs: [], outputs: [a], threads: 4 }
    expect(() => dispatch(backend, { ...call, params: {} })).toThrow('increment was not given its parameter size')
    expect(() => dispatch(backend, { ...call, params: { size: 4, step: 1 } })).toThrow(
      'increment has no parameter step',
    )
  })

  test('keeps its place between operations of tfjs', async () => {
    const a = tf.tensor1d(pattern(200))
    const before = tf.mul(a, 3)
    const [sum, difference] = sumAndDifference(before, a, 2)
    const after = tf.add(tf.square(sum), difference)
    increment(before, 100)
    const last = tf.sub(before, after)
    const want = pattern(200).map((v) => 3 * v + 100 - ((4 * v) ** 2 + 4 * v))
    expectClose(await last.data(), want, { absolute: 1e-4 })
  })

  test('updates in place, past what data() had cached', async () => {
    const a = tf.tensor1d([1, 2, 3])
    increment(a, 1)
    expect([...(await a.data())]).toEqual([2, 3, 4])
    increment(a, 0.5)
    expect([...(await a.data())]).toEqual([2.5, 3.5, 4.5])
  })

  test('takes part in tfjs disposal without keeping memory', async () => {
    const a = tf.tensor1d(pattern(64))
    await a.data()
    const before = { tensors: tf.memory().numTensors, buffers: tf.memory().numDataBuffers }
    for (let i = 0; i < 200; i++) tf.dispose(sumAndDifference(a, a, i % 3))
    await tf.add(a, 1).data()
    expect(tf.memory().numTensors).toBe(before.tensors + 1)
    expect(tf.memory().numDataBuffers).toBe(before.buffers + 1)
  })

  test('spreads more workgroups than a dimension takes', async () => {
    const limit = backend.device.limits.maxComputeWorkgroupsPerDimension
    const size = limit * 2 + 3
    const a = tf.zeros([size])
    increment(a, 1, 1)
    const [low, high, sum] = await Promise.all([tf.min(a).data(), tf.max(a).data(), tf.slice(a, [size - 3]).data()])
    expect([low[0], high[0], ...sum]).toEqual([1, 1, 1, 1, 1])
  })

  test('splits grids within the limit and with little to spare', () => {
    for (const groups of [1, 64, 65535, 65536, 131070, 131071, 10_000_019]) {
      const { x, y } = splitGrid(groups, 65535)
      expect(x).toBeLessThanOrEqual(65535)
      expect(x * y).toBeGreaterThanOrEqual(groups)
      expect(x * y - groups).toBeLessThan(y)
    }
  })

  test('names kernel and line of WGSL that does not compile', async () => {
    const module = { label: 'wrong', source: INCREMENT.source.replace('+= STEP', '+= STEPP') }
    const a = tf.zeros([4])
    const call = { module, constants: { STEP: 1 }, params: { size: 4 }, inputs: [], outputs: [a], threads: 4 }
    dispatch(backend, call)
    const line = module.source.split('\n').findIndex((text) => text.includes('STEPP')) + 1
    const failure = await checkDevice(backend.device).catch((error: unknown) => error as AppError)
    expect(failure?.code).toBe('kernel_failed')
    expect(failure?.message).toContain(`kernel wrong does not compile: line ${line}:`)
    expect(failure?.message).toContain('in "a[i] += STEPP;"')
    await tf.add(1, 1).data() // submits what refers to the broken pipeline
    await expect(checkDevice(backend.device)).rejects.toMatchObject({ code: 'kernel_failed' })
    await expect(checkDevice(backend.device)).resolves.toBeUndefined()
  })

  test('throws what the device complained about at the next check', async () => {
    backend.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE })
    await expect(checkDevice(backend.device)).rejects.toMatchObject({ code: 'kernel_failed' })
    await expect(checkDevice(backend.device)).resolves.toBeUndefined()
  })
})

describe('device', () => {
  test('tells the software adapter of the tests', async () => {
    const compute = await openDevice()
    expect(compute.isSoftware).toBe(true)
    expect(compute.description).toContain('swiftshader')
    compute.device.destroy()
  })

  test('loss is thrown by every later check', async () => {
    const { device } = await openDevice()
    device.destroy()
    await device.lost
    await expect(checkDevice(device)).rejects.toMatchObject({ code: 'device_lost' })
    await expect(checkDevice(device)).rejects.toMatchObject({ code: 'device_lost' })
  })
})
