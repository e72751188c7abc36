/** The engine that computes: the graphics card through WebGPU, or the processor through WebAssembly. */
export type EngineName = 'webgpu' | 'wasm'

export const ENGINE_NAMES: Readonly<Record<EngineName, string>> = { webgpu: 'WebGPU', wasm: 'WASM' }

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

/** The device without the engine's name, which some descriptions begin with. */
export function deviceOf({ device }: Pick<EngineReport, 'device'>): string {
  return device.replace(/^(WASM|WebGPU), /, '')
}

/** "WASM (SIMD, 2 threads)" */
export function engineText(report: Pick<EngineReport, 'engine' | 'device'>): string {
  return `${ENGINE_NAMES[report.engine]} (${deviceOf(report)})`
}
