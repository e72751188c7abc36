/** What the tests of runs on failing engines share: a small project, short runs, and a hold on devices and memory. */
import { type ConfigOverrides, defaultConfig, factsOf } from '../../src/cpral/presets'
import { dataService } from '../../src/data/data-service'
import type { RunRecord } from '../../src/domain/run'
import type { ComputeApi } from '../../src/rpc/contract'

export const data = dataService()

/** Two rounds on eight small scenes: every stage runs once, and training twice. */
const SHORT: ConfigOverrides = {
  seed: 5,
  size: { height: 32, width: 64 },
  training: { epochs: 2 },
  monteCarlo: { passes: 2 },
  selection: { rounds: 2, initialImages: 4, panopticSize: 3, budgetImages: 1, regionSide: 8 },
}

/** Makes the small project and a run on it. */
export async function createShortRun(
  compute: ComputeApi,
  training: ConfigOverrides['training'] = {},
): Promise<RunRecord> {
  const request = { images: 8, validationImages: 2, seed: 3 }
  const project = await data.createDemo(request, () => {}, new AbortController().signal)
  const facts = factsOf(project, { height: 128, width: 256 })
  const overrides = { ...SHORT, training: { ...SHORT.training, ...training } }
  return compute.createRun({ projectId: project.id, config: defaultConfig(facts, 'tiny', overrides) })
}

/** What the first round of a run came to, without wall times and the run's id. */
export async function firstRoundOf(runId: string): Promise<unknown> {
  const [first] = await data.rounds({ runId })
  const labels = []
  for (const { imageId } of await data.labelShares({ runId })) {
    const record = await data.labels({ runId, imageId })
    labels.push([imageId, record?.classes.join(' '), record?.provenance.join(' ')].join())
  }
  return { round: { ...first, seconds: null, runId: null }, labels: labels.sort() }
}

export interface WatchedDevices extends Disposable {
  /** The latest last. */
  opened: readonly GPUDevice[]
}

/** Every GPUDevice that is opened until this is disposed of; the software adapter passes for a card. */
export function watchDevices(): WatchedDevices {
  const opened: GPUDevice[] = []
  const adapter = GPUAdapter.prototype
  const replaced = Object.getOwnPropertyDescriptors(adapter)
  const { requestDevice } = adapter
  adapter.requestDevice = async function (this: GPUAdapter, ...request) {
    const device = await requestDevice.apply(this, request)
    opened.push(device)
    return device
  }
  const info = { vendor: 'test', architecture: 'card', device: '', description: '', isFallbackAdapter: false }
  Object.defineProperty(adapter, 'info', { get: () => info, configurable: true })
  return { opened, [Symbol.dispose]: () => Object.defineProperties(adapter, replaced) }
}

export interface LimitedMemory extends Disposable {
  /** In bytes. */
  limit: number
  used: number
}

/**
 * Gives every device a memory of `limit` bytes, unlimited at first, until this is disposed of. What does not fit is answered as a full card does: an
 * invalid buffer, an out-of-memory error for the scope around it, and refused commands wherever it is used.
 */
export function limitDeviceMemory(): LimitedMemory {
  const { createBuffer, popErrorScope } = GPUDevice.prototype
  const { destroy } = GPUBuffer.prototype
  const memory = {
    limit: Number.POSITIVE_INFINITY,
    used: 0,
    [Symbol.dispose]() {
      Object.assign(GPUDevice.prototype, { createBuffer, popErrorScope })
      Object.assign(GPUBuffer.prototype, { destroy })
    },
  }
  let isRefused = false
  GPUDevice.prototype.createBuffer = function (this: GPUDevice, descriptor) {
    if (memory.used + descriptor.size > memory.limit) {
      isRefused = true
      const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE // which no buffer may have together
      const invalid = createBuffer.call(this, { ...descriptor, usage })
      return Object.defineProperty(invalid, 'usage', { value: descriptor.usage })
    }
    memory.used += descriptor.size
    return createBuffer.call(this, descriptor)
  }
  GPUBuffer.prototype.destroy = function (this: GPUBuffer) {
    memory.used -= this.size
    return destroy.call(this)
  }
  GPUDevice.prototype.popErrorScope = async function (this: GPUDevice) {
    const wasRefused = isRefused
    isRefused = false
    const error = await popErrorScope.call(this)
    return wasRefused ? new GPUOutOfMemoryError('the card of the test is full') : error
  }
  return memory
}
