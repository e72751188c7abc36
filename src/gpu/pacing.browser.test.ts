import * as tf from '@tensorflow/tfjs-core'
import { afterEach, expect, test } from 'vitest'
import { useEngine } from '../../tests/support/engines'
import { dispatch } from './dispatch'
import { type PacedBackend, settle } from './paced-backend'

useEngine('webgpu')

const SLOW = {
  label: 'slow',
  source: `
override WORKGROUP: u32;
struct Params { rounds: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> a: array<f32>;
@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  var sum = a[id.x];
  for (var i = 0u; i < params.rounds; i++) { sum = sin(sum) + 1.0; }
  a[id.x] = sum;
}`,
}

/** One kernel to the pacing for each number of threads. */
function run(rounds: number, threads: number): void {
  const tensor = tf.zeros([threads])
  dispatch(tf.backend() as PacedBackend, { module: SLOW, params: { rounds }, inputs: [], outputs: [tensor], threads })
  tensor.dispose()
}

const costOf = (threads: number) =>
  (tf.backend() as PacedBackend).pacing.costs.find(([key]) => key.startsWith(`slow undefined ${threads} `))?.[1]

/** Sends what is recorded. */
const read = () => tf.add(tf.zeros([1]), 1).data()

const { submit } = GPUQueue.prototype
afterEach(() => {
  GPUQueue.prototype.submit = submit
})

/** Numbers of dispatches between submits while `count` of them are recorded. */
function groupsOf(count: number, rounds: number, threads: number): number[] {
  const groups: number[] = []
  let group = 0
  GPUQueue.prototype.submit = function (this: GPUQueue, ...values) {
    if (group > 0) groups.push(group)
    group = 0
    return submit.apply(this, values)
  }
  for (let i = 0; i < count; i++) {
    group++
    run(rounds, threads)
  }
  GPUQueue.prototype.submit = submit
  return groups
}

test('the GPU times a kernel, and from then on submits end before its budget of 100 ms', async () => {
  const until = (threads: number) => expect.poll(() => costOf(threads), { timeout: 20_000 }).toBeGreaterThan(0)
  // How many rounds take about 30 ms here.
  run(100_000, 64)
  await read()
  await until(64)
  const rounds = Math.round((100_000 * 30) / (costOf(64) ?? 0))
  for (let i = 0; i < 2; i++) run(rounds, 128)
  await read()
  await until(128)
  const cost = costOf(128) ?? 0
  await settle()
  const groups = groupsOf(24, rounds, 128)
  await read()
  expect(cost).toBeGreaterThan(5)
  expect(groups.length).toBeGreaterThan(2)
  for (const size of groups) expect(size).toBeLessThanOrEqual(Math.max(1, Math.ceil(100 / cost)))

  // Half of the work once a device was lost.
  const { pacing } = tf.backend() as PacedBackend
  pacing.share = 0.5
  const smaller = groupsOf(24, rounds, 128)
  pacing.share = 1
  for (const size of smaller) expect(size).toBeLessThanOrEqual(Math.max(1, Math.ceil(50 / cost)))
})

test('what is queued between two steps is little', async () => {
  run(100_000, 64)
  await read()
  await expect.poll(() => costOf(64), { timeout: 20_000 }).toBeGreaterThan(0)
  const rounds = Math.round((100_000 * 100) / (costOf(64) ?? 0))
  const start = performance.now()
  for (let i = 0; i < 10; i++) run(rounds, 192)
  await settle()
  const settled = performance.now()
  await (tf.backend() as PacedBackend).device.queue.onSubmittedWorkDone()
  const end = performance.now()
  // Ten dispatches of about 100 ms each were recorded, and 300 ms of them may be left: on a busy machine both take as much longer.
  expect((end - settled) / (end - start)).toBeLessThan(0.6)
})

test('a read under way when a tensor is updated in place does not hide the update', async () => {
  const tensor = tf.tensor1d([0, 0, 0])
  const write = (rounds: number) =>
    dispatch(tf.backend() as PacedBackend, {
      module: SLOW,
      params: { rounds },
      inputs: [],
      outputs: [tensor],
      threads: 1,
    })
  write(1)
  const before = tensor.data()
  write(1)
  expect((await before)[0]).toBe(1) // sin 0 + 1
  expect((await tensor.data())[0]).toBeCloseTo(Math.sin(1) + 1, 3)
})
