/**
 * Runs plain WGSL modules on tfjs tensors, recorded into tfjs' own compute pass: ordering with tfjs' operations is
 * theirs, and nothing is submitted in between. The one place that knows the inside of tfjs' WebGPU backend (4.22).
 *
 * A module's bindings: 0 = uniform `Params`, then the inputs (`storage, read`), then the outputs (`storage,
 * read_write`, which may hold values: an update in place). It declares `override WORKGROUP: u32;`, its entry is `main`,
 * and its linear thread index is `id.x + id.y * grid.x * WORKGROUP` (grid = num_workgroups), to be checked against
 * the number of threads.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core'
import { throwIfFailed } from './failures'
import { PacedBackend } from './paced-backend'
import { type Params, ParamsLayout } from './params'
import { createPipeline, createPipelineAhead, type Layout, type PipelineSource, type WgslModule } from './pipeline'

/** The private parts of WebGPUBackend that recording a dispatch needs, as they are in 4.22.0. */
interface Recorder {
  commandEncoder: GPUCommandEncoder | null
  computePassEncoder: GPUComputePassEncoder | null
  /** Tensors the open encoder uses: their buffers go back to the pool only after the submit. */
  commandQueueOwnedIds: WeakSet<object>
  dispatchCountInPass: number
  /** Uniform buffers that go back to the pool after the submit. */
  uniformPendingDisposal: GPUBuffer[]
}

/** Kept for each backend. */
interface Cache {
  layouts: Map<string, Layout>
  pipelines: Map<string, GPUComputePipeline>
  /** Those that are compiled ahead, until they are there. */
  compiling: Map<string, Promise<void>>
  /** Layouts of `Params` by module. */
  params: Map<string, ParamsLayout>
  /** Uniform buffers by content: a network's layers ask for the same ones in every step. */
  uniforms: Map<string, GPUBuffer>
}

export interface Dispatch {
  module: WgslModule
  /** Values of the module's `override`s besides WORKGROUP. */
  constants?: Record<string, number>
  /** The members of the module's `struct Params` by name. */
  params: Params
  inputs: TensorInfo[]
  outputs: TensorInfo[]
  /** Invocations wanted; the last workgroup may run past it. */
  threads: number
  /** Threads of a workgroup, 64 unless told. */
  workgroup?: number
  /** Takes, on a slow adapter, as long as a submit may: it is submitted at once. */
  isLong?: boolean
  /** The params will not come again: they are not worth keeping. */
  isUnique?: boolean
}

/** As many dispatches as are recorded before a submit. */
export const SUBMIT_BATCH_SIZE = 64

const UNIFORMS_KEPT = 2048

const caches = new WeakMap<WebGPUBackend, Cache>()

/**
 * Records the dispatch. The outputs exist already: `makeOutput`, or the tensors to update in place. A `data()` of such a
 * tensor that is still under way gives the values of before, and the next one those of after.
 */
export function dispatch(backend: WebGPUBackend, call: Dispatch): void {
  const { device } = backend
  throwIfFailed(device)
  if (call.threads === 0) return
  const workgroup = call.workgroup ?? 64
  const paced = backend instanceof PacedBackend ? backend : null
  if (paced?.onlyCompiles) {
    compileAhead(backend, call, workgroup)
    return
  }
  const pipeline = pipelineFor(backend, call, workgroup)
  const tensors = [...call.inputs, ...call.outputs]
  for (const tensor of tensors) backend.uploadToGPU(tensor.dataId)
  const key = `${call.module.label} ${JSON.stringify(call.constants)} ${call.threads} ${call.inputs.map(({ shape }) => `[${shape}]`).join('')}`
  // May submit what came before: a unique buffer of params must belong to the submit that this dispatch is part of.
  paced?.beginPaced(key)
  const resources = [{ buffer: paramsFor(backend, call) }, ...tensors.map((tensor) => bindingOf(backend, tensor))]
  const bindGroup = device.createBindGroup({
    label: call.module.label,
    layout: layoutFor(backend, call).group,
    entries: resources.map((resource, binding) => ({ binding, resource })),
  })

  backend.ensureCommandEncoderReady()
  const recorder = backend as unknown as Recorder
  for (const tensor of tensors) recorder.commandQueueOwnedIds.add(tensor.dataId)
  recorder.computePassEncoder ??= (recorder.commandEncoder as GPUCommandEncoder).beginComputePass()
  const grid = splitGrid(Math.ceil(call.threads / workgroup), device.limits.maxComputeWorkgroupsPerDimension)
  recorder.computePassEncoder.setPipeline(pipeline)
  recorder.computePassEncoder.setBindGroup(0, bindGroup)
  recorder.computePassEncoder.dispatchWorkgroups(grid.x, grid.y)
  // Values that `data()` once read are cached with the tensor and would hide those written now.
  for (const { dataId } of call.outputs) {
    if (paced) paced.markWritten(dataId)
    else backend.tensorMap.get(dataId).values = null as never
  }
  if (++recorder.dispatchCountInPass >= SUBMIT_BATCH_SIZE || call.isLong) {
    backend.endComputePassEncoder()
    backend.submitQueue()
  }
  paced?.endPaced(key)
}

/** A tensor on the GPU with undefined values, to be filled by a dispatch. */
export function makeOutput(backend: WebGPUBackend, shape: number[], dtype: DataType = 'float32'): TensorInfo {
  return backend.makeTensorInfo(shape, dtype)
}

/**
 * A tensor that is a range of another's buffer, from element `offset`, a multiple of 64. tfjs binds the range as it is and
 * frees nothing with it; but it cannot read it. The other tensor must outlive it.
 */
export function makeView(backend: WebGPUBackend, tensor: TensorInfo, offset: number, shape: number[]): TensorInfo {
  backend.uploadToGPU(tensor.dataId)
  const { buffer } = bindingOf(backend, tensor)
  const view = backend.makeTensorInfo(shape, 'float32')
  const size = 4 * shape.reduce((product, extent) => product * extent, 1)
  backend.tensorMap.get(view.dataId).resource = { buffer, offset: 4 * offset, size } as never
  return view
}

/** Gives back tensors that lived only between dispatches. */
export function release(backend: WebGPUBackend, ...tensors: TensorInfo[]): void {
  for (const tensor of tensors) backend.disposeData(tensor.dataId)
}

/** Spreads `groups` workgroups over two dimensions of at most `limit`: x * y >= groups, with fewer than y to spare. */
export function splitGrid(groups: number, limit: number): { x: number; y: number } {
  const y = Math.ceil(groups / limit)
  return { x: Math.ceil(groups / y), y }
}

function cacheOf(backend: WebGPUBackend): Cache {
  const known = caches.get(backend)
  if (known) return known
  const fresh: Cache = {
    layouts: new Map(),
    pipelines: new Map(),
    compiling: new Map(),
    params: new Map(),
    uniforms: new Map(),
  }
  caches.set(backend, fresh)
  return fresh
}

function layoutFor(backend: WebGPUBackend, { inputs, outputs }: Dispatch): Layout {
  const { layouts } = cacheOf(backend)
  const key = `${inputs.length} in, ${outputs.length} out`
  const known = layouts.get(key)
  if (known) return known
  const types: GPUBufferBindingType[] = [
    'uniform',
    ...inputs.map((): GPUBufferBindingType => 'read-only-storage'),
    ...outputs.map((): GPUBufferBindingType => 'storage'),
  ]
  const group = backend.device.createBindGroupLayout({
    label: key,
    entries: types.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
  })
  const layout = { group, pipeline: backend.device.createPipelineLayout({ label: key, bindGroupLayouts: [group] }) }
  layouts.set(key, layout)
  return layout
}

function sourceOf(backend: WebGPUBackend, call: Dispatch, workgroup: number): PipelineSource & { key: string } {
  const constants = { ...call.constants, WORKGROUP: workgroup }
  const key = `${call.module.label} ${JSON.stringify(constants)}`
  return { module: call.module, constants, layout: layoutFor(backend, call), key }
}

function pipelineFor(backend: WebGPUBackend, call: Dispatch, workgroup: number): GPUComputePipeline {
  const { pipelines } = cacheOf(backend)
  const source = sourceOf(backend, call, workgroup)
  const known = pipelines.get(source.key)
  if (known) return known
  const pipeline = createPipeline(backend.device, source)
  pipelines.set(source.key, pipeline)
  return pipeline
}

function compileAhead(backend: WebGPUBackend, call: Dispatch, workgroup: number): void {
  const { pipelines, compiling } = cacheOf(backend)
  const source = sourceOf(backend, call, workgroup)
  if (pipelines.has(source.key) || compiling.has(source.key)) return
  const compiled = createPipelineAhead(backend.device, source)
    .then((pipeline) => void pipelines.set(source.key, pipeline))
    .finally(() => compiling.delete(source.key))
  compiling.set(source.key, compiled)
}

/** Pipelines of our kernels that are being compiled now, side by side. */
export function compilations(backend: WebGPUBackend): Promise<void>[] {
  return [...cacheOf(backend).compiling.values()]
}

function paramsLayout(backend: WebGPUBackend, module: WgslModule): ParamsLayout {
  const { params } = cacheOf(backend)
  const known = params.get(module.label)
  if (known) return known
  const layout = new ParamsLayout(module)
  params.set(module.label, layout)
  return layout
}

function paramsFor(backend: WebGPUBackend, { module, params, isUnique }: Dispatch): GPUBuffer {
  const { uniforms } = cacheOf(backend)
  const words = paramsLayout(backend, module).pack(params)
  const key = words.join()
  const known = uniforms.get(key)
  if (known) return known
  const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.UNIFORM
  const buffer = backend.bufferManager.acquireBuffer(words.byteLength, usage)
  backend.device.queue.writeBuffer(buffer, 0, words)
  const { uniformPendingDisposal } = backend as unknown as Recorder
  if (isUnique) {
    uniformPendingDisposal.push(buffer)
    return buffer
  }
  const [oldest] = uniforms
  if (oldest && uniforms.size >= UNIFORMS_KEPT) {
    uniforms.delete(oldest[0])
    uniformPendingDisposal.push(oldest[1])
  }
  uniforms.set(key, buffer)
  return buffer
}

/** A tensor's buffer, or the range of a buffer that a view is. */
function bindingOf(backend: WebGPUBackend, tensor: TensorInfo): GPUBufferBinding {
  const resource: unknown = backend.tensorMap.get(tensor.dataId).resource
  return resource instanceof GPUBuffer ? { buffer: resource } : (resource as GPUBufferBinding)
}
