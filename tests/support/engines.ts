/** The engines as tests use them: each is booted once, and goes on to the suites after. */

import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import type { EngineName } from '../../src/domain/engine'
import { bootWasm } from '../../src/engine/wasm'
import { bootWebGpu, checkEngine, closeWebGpu } from '../../src/engine/webgpu'

interface Variant {
  engine: EngineName
  /** Features that the adapter is said to lack. */
  withheld?: GPUFeatureName[]
  /** The software adapter passes for a graphics card: kernels take the ways that they have for one. */
  isCard?: boolean
}

/** Every engine, and the adapters that kernels have other ways for. */
const VARIANTS = {
  wasm: { engine: 'wasm' },
  webgpu: { engine: 'webgpu' },
  'webgpu as on a graphics card': { engine: 'webgpu', isCard: true },
  'webgpu without subgroups': { engine: 'webgpu', withheld: ['subgroups'] },
} as const satisfies Record<string, Variant>

export type TestedEngine = keyof typeof VARIANTS

export const BOTH_ENGINES = ['wasm', 'webgpu'] as const
/** For operations that have another way on a graphics card than on a software adapter. */
export const ENGINES_AND_CARD = ['wasm', 'webgpu', 'webgpu as on a graphics card'] as const

let wasm: ReturnType<typeof bootWasm> | null = null

/** The device that suites share, and the features that it does without. */
let shared: { device: GPUDevice; withheld: string; isLost: boolean } | null = null

const deviceOf = (backend: unknown) => (backend as WebGPUBackend).device

/** Makes an engine the current one; rejects where there is none. */
export async function enterEngine(name: TestedEngine): Promise<void> {
  const { engine, withheld = [] }: Variant = VARIANTS[name]
  if (engine === 'webgpu') return enterWebGpu(withheld)
  wasm ??= bootWasm()
  await wasm
  await tf.setBackend('wasm')
}

async function enterWebGpu(features: readonly GPUFeatureName[]): Promise<void> {
  const withheld = features.join()
  const registered = 'webgpu' in tf.engine().registry ? deviceOf(tf.findBackend('webgpu')) : null
  if (shared && shared.device === registered && !shared.isLost && shared.withheld === withheld) {
    await tf.setBackend('webgpu')
    return
  }
  await bootWebGpu(features)
  const opened = { device: deviceOf(tf.backend()), withheld, isLost: false }
  shared = opened
  void opened.device.lost.then(() => {
    opened.isLost = true
  })
}

/** Makes an engine that of a suite: without it the suite fails, and so does a test whose commands the device refused. */
export function useEngine(name: TestedEngine): void {
  const { isCard = false }: Variant = VARIANTS[name]
  const value = { vendor: 'test', architecture: 'card', device: '', description: '', isFallbackAdapter: false }
  beforeAll(async () => {
    await enterEngine(name)
    if (isCard) Object.defineProperty(deviceOf(tf.backend()), 'adapterInfo', { value, configurable: true })
    tf.engine().startScope()
  })
  afterEach(checkEngine)
  afterAll(() => {
    // What tensors are left do not go on to the next suite.
    tf.engine().endScope()
    if (isCard) Reflect.deleteProperty(deviceOf(tf.backend()), 'adapterInfo')
  })
}

/** WebGPU on a device of the suite's own, for which no kernel is compiled. */
export function useFreshWebGpu(): void {
  beforeAll(async () => {
    await bootWebGpu()
  })
  afterEach(checkEngine)
  afterAll(closeWebGpu)
}

/** Runs the same suite on several engines. */
export function describeOn<Name extends TestedEngine>(
  name: string,
  engines: readonly Name[],
  body: (engine: Name) => void,
): void {
  describe(name, () => {
    for (const engine of engines) {
      describe(engine, () => {
        useEngine(engine)
        body(engine)
      })
    }
  })
}

/** Runs the same suite on WASM and on WebGPU. */
export function describeEngines(name: string, body: (engine: EngineName) => void): void {
  describeOn(name, BOTH_ENGINES, body)
}
