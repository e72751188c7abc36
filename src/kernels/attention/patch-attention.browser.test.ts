import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { ENGINES_AND_CARD } from '../../../tests/support/engines'
import { type Case, describeKernel, EXACT } from '../../../tests/support/kernels'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { attendToPatches, type PatchAttention } from '../../math/patch-attention'
import { tfjsModule } from '../wasm-assembly'
import { patchAttention } from './patch-attention'

interface Scene {
  height: number
  width: number
  patch: number
  stride: number
  channels: number
  reach: number
  /** Every n-th cell is a query, or a key. */
  queryEvery: number
  keyEvery: number
  /** Weight of the appearance: how sharp the softmax is. */
  appearance: number
}

/** Noisy colours over a ramp; gains and biases that make the logit -appearance times a mean squared distance. */
function scene({
  height,
  width,
  patch,
  stride,
  channels,
  reach,
  queryEvery,
  keyEvery,
  appearance,
}: Scene): PatchAttention {
  const noise = pattern(height * width * 4)
  const colours = noise.map((value, i) => (i % 4 === 3 ? 0 : 0.2 * value + Math.floor(i / 4 / width) / height - 0.5))
  const rows = Math.floor((height - patch) / stride) + 1
  const columns = Math.floor((width - patch) / stride) + 1
  const cells = Int32Array.from({ length: rows * columns }, (_, i) => i)
  const keys = cells.filter((i) => i % keyEvery === keyEvery - 1)
  const per = appearance / (3 * patch * patch)
  const norms = Float32Array.from(keys, (cell) => {
    let sum = 0
    for (let p = 0; p < patch * patch; p++) {
      const row = Math.floor(cell / columns) * stride + Math.floor(p / patch)
      const pixel = row * width + (cell % columns) * stride + (p % patch)
      for (let i = 0; i < 3; i++) sum += colours[4 * pixel + i] ** 2
    }
    return sum
  })
  return {
    ...{ height, width, colours, patch, stride, rows, columns, channels, reach, keys },
    queries: cells.filter((i) => i % queryEvery === 0),
    gains: keys.length > 0 ? Float32Array.from(keys, () => 2 * per) : new Float32Array(),
    biases: norms.map((norm) => -per * norm),
    values: pattern(keys.length * channels, 5).map(Math.abs),
    falloff: Number.isFinite(reach) ? 9 / (2 * reach * reach) : 0,
  }
}

const SMALL: Scene = {
  ...{ height: 24, width: 32, patch: 4, stride: 4, channels: 3, reach: 12, queryEvery: 1, keyEvery: 2, appearance: 50 },
}

const SCENES: [string, Scene][] = [
  ['one patch, its own key', { ...SMALL, height: 4, width: 4, keyEvery: 1 }],
  ['one pixel patches', { ...SMALL, height: 5, width: 7, patch: 1, stride: 1, reach: 2 }],
  ['a single row', { ...SMALL, height: 8, width: 100, patch: 8, channels: 4 }],
  ['a single column', { ...SMALL, height: 90, width: 5, stride: 2, channels: 1 }],
  ['overlapping patches and a width of no vectors', { ...SMALL, height: 30, width: 37, stride: 3, channels: 11 }],
  ['queries far apart', { ...SMALL, height: 40, width: 64, queryEvery: 7, keyEvery: 3 }],
  ['few keys', { ...SMALL, height: 40, width: 64, keyEvery: 31, reach: 9 }],
  ['a sharp softmax', { ...SMALL, height: 40, width: 64, appearance: 5000, reach: 40 }],
  ['a flat softmax', { ...SMALL, height: 40, width: 64, appearance: 0, reach: 40 }],
  ['every key, many channels', { ...SMALL, patch: 3, stride: 1, channels: 99, reach: Number.POSITIVE_INFINITY }],
  ['as many classes as there may be', { ...SMALL, channels: 255 }],
]

/** Bytes of the largest tensor or buffer that is made while `run` runs. */
async function largestAllocation(run: () => Promise<void>): Promise<number> {
  const backend = tf.backend()
  const isGpu = tf.getBackend() === 'webgpu'
  const owner = (isGpu ? (backend as WebGPUBackend).device : tfjsModule(backend as BackendWasm)) as unknown as Record<
    string,
    (request: number | GPUBufferDescriptor) => unknown
  >
  const name = isGpu ? 'createBuffer' : '_malloc'
  const original = owner[name]
  let largest = 0
  owner[name] = (request) => {
    largest = Math.max(largest, typeof request === 'number' ? request : request.size)
    return original.call(owner, request)
  }
  try {
    await run()
  } finally {
    owner[name] = original
  }
  return largest
}

const TOLERANCE = { relative: 1e-4, absolute: 1e-5 }

const example = (name: string, request: PatchAttention): Case => ({
  name,
  inputs: [],
  run: () => patchAttention(request),
  want: () => [attendToPatches(request)],
})

/** Queries beyond the reach of the only key. */
const FAR_FROM_KEY = { ...scene({ ...SMALL, reach: 8 }), keys: Int32Array.of(0), values: Float32Array.of(1, 2, 3) }

const nothing = (name: string, change: Partial<PatchAttention>, size: number): Case => ({
  name,
  inputs: [],
  run: () => patchAttention({ ...FAR_FROM_KEY, ...change }),
  want: () => [new Float32Array(size)],
  tolerance: EXACT,
})

async function needsNoMatrixOfPairs(): Promise<void> {
  const request = scene({
    ...{ height: 384, width: 512, patch: 8, stride: 4, channels: 11, reach: 20, queryEvery: 1, keyEvery: 1 },
    appearance: 200,
  })
  const [Q, K] = [request.queries.length, request.keys.length]
  expect([Q, K]).toEqual([95 * 127, 95 * 127])
  const largest = await largestAllocation(async () => {
    const attended = patchAttention(request)
    const values = await attended.data<'float32'>()
    attended.dispose()
    // Some queries, far apart, against the reference.
    const some = request.queries.filter((_, q) => q % 1201 === 0)
    const want = attendToPatches({ ...request, queries: some })
    const got = Float32Array.from(want, (_, i) => values[Math.floor(i / 11) * 1201 * 11 + (i % 11)])
    expectClose(got, want, TOLERANCE)
  })
  // The image is the largest: 3 MiB. The heap of WASM grows by what is missing, and by 64 KiB at least.
  expect(largest).toBeGreaterThan(0)
  expect(largest).toBeLessThan(8 * 2 ** 20)
  expect(4 * Q * K).toBeGreaterThan(550 * 2 ** 20)
}

describeKernel('attention between patches', {
  engines: ENGINES_AND_CARD,
  tolerance: TOLERANCE,
  cases: [
    ...SCENES.map(([name, facts]) => example(name, scene(facts))),
    { ...example('a query without a key in reach gets zeros', FAR_FROM_KEY), tolerance: {} },
    nothing('no key', { keys: new Int32Array(), values: new Float32Array() }, 3 * 48),
    nothing('no query', { queries: new Int32Array() }, 0),
  ],
  refusals: {
    'patches that do not fit the image': {
      run: () => patchAttention({ ...scene(SMALL), rows: 7 }),
      says: '7 x 8 patches of 4 every 4 in 24 x 32 pixels',
    },
    'other channels than the values have': {
      run: () => patchAttention({ ...scene(SMALL), channels: 5 }),
      says: 'keys with 5 channels',
    },
  },
  also: () => {
    test('stride 4 on 512 x 384: in several dispatches, no buffer near a matrix of pairs', needsNoMatrixOfPairs)
  },
})

test('the scene with one key has queries out of its reach, and some within', () => {
  expect(attendToPatches(FAR_FROM_KEY).filter((value) => value > 0).length).toBe(3 * 6)
})
