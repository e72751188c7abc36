/** tfjs' WebGPU backend with submits of bounded length: its own kernels are timed and counted as ours are. */
import { WebGPUBackend, type WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu/dist/base'
import * as tf from '@tensorflow/tfjs-core'
import { Pacing } from './pacing'

/** The private parts of WebGPUBackend 4.22 that opening and submitting passes needs. */
interface Passes {
  commandEncoder: GPUCommandEncoder | null
  computePassEncoder: GPUComputePassEncoder | null
}

export class PacedBackend extends WebGPUBackend {
  readonly pacing: Pacing
  /** Nothing is computed: pipelines are compiled for what would be (see `compile-ahead.ts`). */
  onlyCompiles = false
  #isTimed = false
  readonly #writes = new WeakMap<object, number>()

  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    super(device, info)
    this.pacing = new Pacing(device)
  }

  /** Opens the pass of a dispatch whose tensors are on the GPU already, alone in it where it is to be timed. */
  beginPaced(key: string): void {
    const passes = this as unknown as Passes
    if (this.pacing.mustComeFirst(key)) this.#submitNow()
    this.ensureCommandEncoderReady()
    const timestampWrites = this.pacing.timestampsFor(key)
    if (!timestampWrites) return
    this.endComputePassEncoder()
    passes.computePassEncoder = (passes.commandEncoder as GPUCommandEncoder).beginComputePass({ timestampWrites })
    this.#isTimed = true
  }

  /** Ends what `beginPaced` began, once the dispatch is recorded. */
  endPaced(key: string): void {
    if (this.#isTimed) this.endComputePassEncoder()
    this.#isTimed = false
    if (this.pacing.isFull(key)) this.#submitNow()
  }

  override runWebGPUProgram(
    program: WebGPUProgram,
    inputs: tf.TensorInfo[],
    dtype: tf.DataType,
    uniforms?: Parameters<WebGPUBackend['runWebGPUProgram']>[3],
    output?: tf.TensorInfo,
  ): tf.TensorInfo {
    if (this.onlyCompiles) return super.runWebGPUProgram(program, inputs, dtype, uniforms, output)
    // An upload would end the pass that is opened here.
    for (const { dataId } of inputs) this.uploadToGPU(dataId)
    const key = `${program.constructor.name} ${program.outputShape} ${inputs.map(({ shape }) => `[${shape}]`).join('')}`
    this.beginPaced(key)
    const result = super.runWebGPUProgram(program, inputs, dtype, uniforms, output)
    this.endPaced(key)
    return result
  }

  /** Told by `dispatch` of every tensor that it writes: what was read before, or is being read, is no longer its value. */
  markWritten(dataId: object): void {
    this.#writes.set(dataId, (this.#writes.get(dataId) ?? 0) + 1)
    this.tensorMap.get(dataId).values = null as never
  }

  /** tfjs keeps what it read with the tensor, although an update in place may have come in between. */
  override async read(dataId: object): Promise<tf.backend_util.BackendValues> {
    const writes = this.#writes.get(dataId)
    const values = await super.read(dataId)
    if (this.#writes.get(dataId) !== writes && this.tensorMap.has(dataId)) {
      this.tensorMap.get(dataId).values = null as never
    }
    return values
  }

  override submitQueue(): void {
    this.endComputePassEncoder()
    this.pacing.beforeSubmit((this as unknown as Passes).commandEncoder as GPUCommandEncoder)
    super.submitQueue()
    this.pacing.afterSubmit()
  }

  #submitNow(): void {
    if (!(this as unknown as Passes).commandEncoder) return
    this.endComputePassEncoder()
    this.submitQueue()
  }
}

/** Waits until the device has little left to do; at once on another engine. To be awaited between the steps of a loop. */
export async function settle(): Promise<void> {
  const backend = tf.backend()
  if (backend instanceof PacedBackend) await backend.pacing.settle()
}
