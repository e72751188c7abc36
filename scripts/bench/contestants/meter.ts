/** Counts what is asked of the GPU, by wrapping WebGPU's own classes: it sees tfjs's kernels and ours alike. */
import type { Sample } from '../contract'

/** Query sets hold at most 4096 values: two for each pass. */
const QUERIES = 4096

const counts = { dispatches: 0, allocatedBytes: 0, readBacks: 0, readBackBytes: 0 }
let device: GPUDevice | null = null

interface Clock {
  querySet: GPUQuerySet
  used: number
  isFull: boolean
}
let clock: Clock | null = null

/** Originals, for what the meter itself does. */
const raw: { createBuffer?: GPUDevice['createBuffer']; mapAsync?: GPUBuffer['mapAsync'] } = {}

type AnyFunction = (this: never, ...values: never[]) => unknown

/** Calls `before` and then the original, with the arguments that `before` returns where it returns any. */
function intercept<T extends object, K extends keyof T>(
  prototype: T,
  name: K,
  before: (self: T, ...values: Parameters<Extract<T[K], AnyFunction>>) => unknown[] | undefined,
): T[K] {
  const original = prototype[name] as unknown as (...values: unknown[]) => unknown
  prototype[name] = function (this: T, ...values: unknown[]) {
    return original.apply(this, before(this, ...(values as Parameters<Extract<T[K], AnyFunction>>)) ?? values)
  } as T[K]
  return original as T[K]
}

/** To be called once, before a device is opened. Without WebGPU there is nothing to count. */
export function installMeter(): void {
  if (typeof GPUComputePassEncoder === 'undefined') return
  const dispatched = () => {
    counts.dispatches++
    return undefined
  }
  intercept(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', dispatched)
  intercept(GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect', dispatched)
  raw.createBuffer = intercept(GPUDevice.prototype, 'createBuffer', (self, { size }) => {
    device = self
    counts.allocatedBytes += size
    return undefined
  })
  raw.mapAsync = intercept(GPUBuffer.prototype, 'mapAsync', (self, mode, offset = 0, size = self.size - offset) => {
    if ((mode & GPUMapMode.READ) === 0) return undefined
    counts.readBacks++
    counts.readBackBytes += size
    return undefined
  })
  intercept(GPUCommandEncoder.prototype, 'beginComputePass', (_self, descriptor) => {
    if (!clock || descriptor?.timestampWrites) return undefined
    if (clock.used + 2 > QUERIES) {
      clock.isFull = true
      return undefined
    }
    const { querySet, used } = clock
    clock.used += 2
    const timestampWrites = { querySet, beginningOfPassWriteIndex: used, endOfPassWriteIndex: used + 1 }
    return [{ ...descriptor, timestampWrites }]
  })
}

/** Times `run` and counts what it asks of the GPU until it settles. */
export async function metered(run: () => Promise<unknown>): Promise<Sample> {
  const before = { ...counts }
  clock = device?.features.has('timestamp-query')
    ? { querySet: device.createQuerySet({ type: 'timestamp', count: QUERIES }), used: 0, isFull: false }
    : null
  const start = performance.now()
  await run()
  const ms = performance.now() - start
  const difference = (key: keyof typeof counts) => counts[key] - before[key]
  const asked = {
    dispatches: difference('dispatches'),
    allocatedBytes: difference('allocatedBytes'),
    readBacks: difference('readBacks'),
    readBackBytes: difference('readBackBytes'),
  }
  return { ms, ...asked, gpuMs: await stopClock() }
}

/** Bytes of buffers created so far in this worker. */
export function allocatedBytes(): number {
  return counts.allocatedBytes
}

async function stopClock(): Promise<number | null> {
  if (!clock || !device) return null
  const { querySet, used, isFull } = clock
  clock = null
  if (isFull || used === 0) {
    querySet.destroy()
    return null
  }
  const bytes = 8 * used
  const create = (usage: number) =>
    (raw.createBuffer as GPUDevice['createBuffer']).call(device as GPUDevice, { size: bytes, usage })
  const resolved = create(GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC)
  const staging = create(GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ)
  const encoder = device.createCommandEncoder()
  encoder.resolveQuerySet(querySet, 0, used, resolved, 0)
  encoder.copyBufferToBuffer(resolved, 0, staging, 0, bytes)
  device.queue.submit([encoder.finish()])
  await (raw.mapAsync as GPUBuffer['mapAsync']).call(staging, GPUMapMode.READ)
  const ticks = new BigUint64Array(staging.getMappedRange())
  let nanoseconds = 0
  for (let i = 0; i < used; i += 2) nanoseconds += Number(ticks[i + 1] - ticks[i])
  for (const resource of [resolved, staging, querySet]) resource.destroy()
  return nanoseconds / 1e6
}
