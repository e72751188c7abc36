/** The GPUDevice of this thread: found with patience, opened with the limits the engine wants, watched. */
import { AppError } from '../domain/errors'
import { guardAllocations, watchDevice } from './failures'

export interface ComputeDevice {
  device: GPUDevice
  info: GPUAdapterInfo
  /** For people, e.g. "nvidia ampere" or "google swiftshader". */
  description: string
  /** The adapter is a program on the CPU: right but slow. */
  isSoftware: boolean
}

/** A renderer just started may answer null for its first 100 ms. */
const RETRY_DELAYS_MS = [0, 50, 150, 400]

const WANTED_LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
  'maxStorageBuffersPerShaderStage',
] as const

/** Kernels use what is there of these, and do without the others. */
const WANTED_FEATURES: GPUFeatureName[] = ['timestamp-query', 'shader-f16', 'subgroups']

const NO_WEBGPU_REMEDY =
  'Use a current Chrome, Edge, Firefox or Safari with hardware acceleration switched on, or ?engine=wasm.'

/**
 * Opens the device. Throws `no_webgpu` when the browser has no WebGPU or gives no adapter.
 * @param withheld features that are not asked for, as if the adapter lacked them
 */
export async function openDevice(withheld: readonly GPUFeatureName[] = []): Promise<ComputeDevice> {
  const adapter = await findAdapter()
  const { info } = adapter
  const description = describeAdapter(info)
  const device = await adapter
    .requestDevice({
      label: 'compute',
      requiredFeatures: WANTED_FEATURES.filter(
        (feature) => adapter.features.has(feature) && !withheld.includes(feature),
      ),
      requiredLimits: Object.fromEntries(WANTED_LIMITS.map((limit) => [limit, adapter.limits[limit]])),
    })
    .catch((cause: unknown) => {
      throw new AppError('no_webgpu', `The graphics adapter ${description} gave no device.`, NO_WEBGPU_REMEDY, {
        cause,
      })
    })
  watchDevice(device)
  guardAllocations(device)
  return { device, info, description, isSoftware: isSoftwareAdapter(info) }
}

async function findAdapter(): Promise<GPUAdapter> {
  if (!navigator.gpu) throw new AppError('no_webgpu', 'This browser has no WebGPU.', NO_WEBGPU_REMEDY)
  let refusal: unknown
  for (const delay of RETRY_DELAYS_MS) {
    await new Promise((resolve) => setTimeout(resolve, delay))
    try {
      const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
      if (adapter) return adapter
    } catch (error) {
      refusal = error // Firefox throws for a blocklisted card
    }
  }
  throw new AppError('no_webgpu', 'The browser gives no WebGPU adapter.', NO_WEBGPU_REMEDY, { cause: refusal })
}

function describeAdapter(info: GPUAdapterInfo): string {
  const words = [info.vendor, info.architecture].filter((word) => word !== '')
  return words.join(' ') || info.description || 'unnamed adapter'
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i

/** True for SwiftShader, llvmpipe and their like. */
export function isSoftwareAdapter(
  info: Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description' | 'isFallbackAdapter'>,
): boolean {
  return (
    info.isFallbackAdapter || SOFTWARE.test(`${info.vendor} ${info.architecture} ${info.device} ${info.description}`)
  )
}

/** Kernels ask at every call. */
const known = new WeakMap<GPUAdapterInfo, boolean>()

/** Whether a device is a program on the CPU. */
export function isSoftware(device: GPUDevice): boolean {
  const info = device.adapterInfo
  const answer = known.get(info) ?? isSoftwareAdapter(info)
  known.set(info, answer)
  return answer
}

/** Invocations that occupy a device: `usual` on a graphics card; a software adapter has a few cores, and more only costs. */
export function occupancy(device: GPUDevice, usual: number): number {
  return isSoftware(device) ? Math.min(usual, 2048) : usual
}
