/** onnxruntime-web's forward pass of the same net with the same weights. The page serves the package; it is no dependency. */
import * as tf from '@tensorflow/tfjs-core'
import type { EngineName } from '../../../src/domain/engine'
import { normalizeInto } from '../../../src/loader/images'
import { buildNetwork } from '../../../src/model/network'
import type { Contestant } from '../contract'
import { exportOnnx } from '../onnx/export'
import { installMeter, metered } from './meter'
import { CLASSES, classMeans, configOf, publishedWeights, QUERY_SIZE, sampleImage } from './workload'

interface OrtTensor {
  data: Float32Array
  dims: readonly number[]
}
interface Session {
  outputNames: readonly string[]
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>
  release(): Promise<void>
}
/** As much of its interface as is used. */
interface Ort {
  env: { wasm: { numThreads: number; wasmPaths: { wasm: string } }; versions: { web?: string } }
  Tensor: new (type: 'float32', data: Float32Array, dims: number[]) => OrtTensor
  InferenceSession: { create(model: Uint8Array, options: { executionProviders: string[] }): Promise<Session> }
}

/** Files of the package as the page serves them. */
const FILES: Record<EngineName, { script: string; wasm: string }> = {
  webgpu: { script: 'ort/webgpu.js', wasm: 'ort/ort-wasm-simd-threaded.asyncify.wasm' },
  wasm: { script: 'ort/wasm.js', wasm: 'ort/ort-wasm-simd-threaded.wasm' },
}

let runtime: Ort | null = null
let provider: EngineName = 'wasm'
let session: Session | null = null

async function forward(): Promise<OrtTensor> {
  if (!runtime || !session) throw new Error('boot and prepare come first.')
  const { rgb } = sampleImage(0, QUERY_SIZE)
  const image = new Float32Array(rgb.length)
  normalizeInto(image, 0, rgb)
  const { height, width } = QUERY_SIZE
  const outputs = await session.run({ image: new runtime.Tensor('float32', image, [1, height, width, 3]) })
  return outputs[session.outputNames[0]]
}

installMeter()

export const ort: Contestant = {
  boot: async (engine) => {
    provider = engine
    const { script, wasm } = FILES[engine]
    const served = (path: string) => new URL(`/${path}`, location.origin).href
    const loaded: Ort = await import(/* @vite-ignore */ served(script))
    loaded.env.wasm.numThreads = navigator.hardwareConcurrency
    loaded.env.wasm.wasmPaths = { wasm: served(wasm) }
    runtime = loaded
    // The export computes shapes alone.
    await tf.setBackend('cpu')
    return `onnxruntime-web ${loaded.env.versions.web ?? ''}, ${engine}`
  },
  prepare: async () => {
    const network = buildNetwork(configOf('light').network, CLASSES)
    const { bytes } = exportOnnx(network, publishedWeights(network), QUERY_SIZE)
    session = await (runtime as Ort).InferenceSession.create(bytes, { executionProviders: [provider] })
    const fingerprint = classMeans((await forward()).data)
    for (let i = 0; i < 5; i++) await forward()
    return { fingerprint, firstAllocatedBytes: 0, multiplyAdds: null }
  },
  sample: () => metered(forward),
  release: async () => {
    await session?.release()
    session = null
  },
}
