/**
 * Maps in half precision: four values in eight bytes, for what moves more bytes than it computes. Kernels compute in float32 and
 * convert where they read and write. With the feature `shader-f16` the values are halves to WGSL too; without it they are
 * packed in pairs, in the same bytes.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { makeOutput } from './dispatch'
import type { WgslModule } from './pipeline'

/** How the values of a map are stored. */
export type Precision = 'float32' | 'float16'

/** Data of tensors in half precision. Their shape and dtype are as ever; only kernels that ask `precisionOf` can read them. */
const halves = new WeakSet<object>()

export function precisionOf({ dataId }: Pick<TensorInfo, 'dataId'>): Precision {
  return halves.has(dataId) ? 'float16' : 'float32'
}

/** A tensor to be filled by a dispatch, its elements a multiple of four. */
export function makeMap(backend: WebGPUBackend, shape: number[], precision: Precision): TensorInfo {
  const map = makeOutput(backend, shape)
  if (precision === 'float32') return map
  // No binding is smaller than one element of float32, in whose place a map that is not read may stand.
  const bytes = Math.max(16, 2 * shape.reduce((product, extent) => product * extent, 1))
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
  // tfjs takes a tensor's buffer as it finds it, and gives it back to the pool by its real size.
  backend.tensorMap.get(map.dataId).resource = backend.bufferManager.acquireBuffer(bytes, usage)
  halves.add(map.dataId)
  return map
}

const LARGEST_HALF = '65504.0'

/** WGSL of a kind of map: its element, four values, and how they are read and written. */
function mapType(name: string, element: string, load: string, store: string): string {
  return `alias ${name} = ${element};
fn load${name}(map: ${name}) -> vec4f { return ${load}; }
fn store${name}(values: vec4f) -> ${name} { return ${store}; }
`
}

function definition(name: string, precision: Precision, hasHalves: boolean): string {
  if (precision === 'float32') return mapType(name, 'vec4f', 'map', 'values')
  // Values beyond the largest half convert to no defined value.
  const clamped = `clamp(values, vec4f(-${LARGEST_HALF}), vec4f(${LARGEST_HALF}))`
  if (hasHalves) return mapType(name, 'vec4h', 'vec4f(map)', `vec4h(${clamped})`)
  const load = 'vec4f(unpack2x16float(map.x), unpack2x16float(map.y))'
  const clampPair = (pair: string) => `clamp(values.${pair}, vec2f(-${LARGEST_HALF}), vec2f(${LARGEST_HALF}))`
  return mapType(name, 'vec2u', load, `vec2u(pack2x16float(${clampPair('xy')}), pack2x16float(${clampPair('zw')}))`)
}

/**
 * A module whose maps are arrays of elements with a name, for example `array<Input>`, read by `loadInput` and written by
 * `storeInput`: with these defined for each map's precision.
 */
export function withPrecisions(
  { label, source }: WgslModule,
  maps: Record<string, Precision>,
  { features }: Pick<GPUDevice, 'features'>,
): WgslModule {
  const hasHalves = features.has('shader-f16')
  const named = Object.entries(maps)
  const halved = named.filter(([, precision]) => precision === 'float16').map(([name]) => name)
  return {
    label: [label, ...halved.map((name) => `half ${name}`)].join(', '),
    // Wanted once, by the compiler.
    get source() {
      const enable = hasHalves && halved.length > 0 ? 'enable f16;\n' : ''
      return enable + named.map(([name, precision]) => definition(name, precision, hasHalves)).join('') + source
    },
  }
}
