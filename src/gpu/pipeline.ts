/** Compiles WGSL modules; what the compiler says becomes an AppError that names the module and the line. */
import { AppError } from '../domain/errors'
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

export interface PipelineSource {
  module: WgslModule
  /** Values of the module's `override`s. */
  constants: Record<string, number>
  layout: Layout
}

/** Compiles at once; the compiler's verdict comes later and is thrown by the next check of the device. */
export function createPipeline(device: GPUDevice, source: PipelineSource): GPUComputePipeline {
  return compile(device, source, (descriptor) => device.createComputePipeline(descriptor))
}

/** Compiles beside whatever else the thread and the device do. Rejects where the other would fail, and is judged as that is. */
export function createPipelineAhead(device: GPUDevice, source: PipelineSource): Promise<GPUComputePipeline> {
  return compile(device, source, (descriptor) => device.createComputePipelineAsync(descriptor))
}

function compile<Result>(
  device: GPUDevice,
  { module, constants, layout }: PipelineSource,
  create: (descriptor: GPUComputePipelineDescriptor) => Result,
): Result {
  device.pushErrorScope('validation')
  const shader = device.createShaderModule({ label: module.label, code: module.source })
  const result = create({
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
  return result
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
