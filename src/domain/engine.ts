export type EngineName = 'webgpu' | 'wasm'

/** Which engine runs, on what, and why. */
export interface EngineReport {
  engine: EngineName
  /** Adapter or CPU description, e.g. "NVIDIA ampere" or "WASM, SIMD, 2 threads". */
  device: string
  /** One sentence: why this engine and not the other. */
  reason: string
  /** WebGPU runs on the CPU (SwiftShader, llvmpipe): right but slow. */
  isSoftware: boolean
}
