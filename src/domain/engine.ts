/** The engine that computes: the graphics card through WebGPU, or the processor through WebAssembly. */
export type EngineName = 'webgpu' | 'wasm'

/** Which engine was started, on which device, and why. */
export interface EngineReport {
  engine: EngineName
  /** Adapter or CPU description, e.g. "NVIDIA ampere" or "WASM, SIMD, 2 threads". */
  device: string
  /** One sentence: why this engine and not the other. */
  reason: string
  /** WebGPU runs on the CPU (SwiftShader, llvmpipe): right but slow. */
  isSoftware: boolean
}
