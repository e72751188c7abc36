/** Compiles WGSL modules; what the compiler says becomes an AppError that names the module and the line. */
import { AppError } from '../rpc/errors'
import { watchCompilation } from './failures'

/** A plain .wgsl file: `label` is its name, `source` its text (imported with `?raw`). */
export interface WgslModule {
  label: string
  source: string
}

export interface Layout {
  group: GPUBindGroupLayout
  pipeline: GPUPipelineLayout
}

/** Compiles at once; the compiler's verdict comes later and is thrown by the next check of the device. */
export function createPipeline(
  device: GPUDevice,
  module: WgslModule,
  constants: Record<string, number>,
  layout: Layout,
): GPUComputePipeline {
  device.pushErrorScope('validation')
  const shader = device.createShaderModule({ label: module.label, code: module.source })
  const pipeline = device.createComputePipeline({
    label: module.label,
    layout: layout.pipeline,
    compute: { module: shader, entryPoint: 'main', constants },
  })
  const verdict = device.popErrorScope().then((error) => (error ? compileError(module, shader, error) : null))
  // A lost device has no verdict; the loss itself is remembered.
  watchCompilation(
    device,
    verdict.catch(() => null),
  )
  return pipeline
}

async function compileError(module: WgslModule, shader: GPUShaderModule, error: GPUError): Promise<AppError> {
  const { messages } = await shader.getCompilationInfo()
  const first = messages.find((message) => message.type === 'error')
  const line = first ? module.source.split('\n')[first.lineNum - 1] : undefined
  const what = first ? `line ${first.lineNum}: ${first.message} in "${line?.trim()}"` : error.message
  return new AppError(
    'kernel_failed',
    `The graphics kernel ${module.label} does not compile: ${what}`,
    'Use ?engine=wasm, or update the browser and the graphics driver.',
    { cause: error },
  )
}
