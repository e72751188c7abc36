import { expect, test } from 'vitest'
import type { EngineName, EngineReport } from '../domain/engine'

/** Boots in a fresh module worker, as the compute worker does. */
async function bootInWorker(request: { engine?: EngineName; withoutGpu?: boolean }) {
  const worker = new Worker(new URL('../../tests/support/boot-test-worker.ts', import.meta.url), { type: 'module' })
  try {
    return await new Promise<{ report?: EngineReport; error?: { code: string } }>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data)
      worker.onerror = ({ message }) => reject(new Error(message))
      worker.postMessage(request)
    })
  } finally {
    worker.terminate()
  }
}

test('WebGPU when forced, even on the CPU', async () => {
  const { report } = await bootInWorker({ engine: 'webgpu' })
  expect(report).toMatchObject({ engine: 'webgpu', isSoftware: true })
  expect(report?.device).toContain('swiftshader')
})

test('WASM when forced', async () => {
  const { report } = await bootInWorker({ engine: 'wasm' })
  expect(report).toMatchObject({ engine: 'wasm', isSoftware: false, reason: 'WASM was asked for.' })
  expect(report?.device).toMatch(/^WASM, SIMD, \d+ threads?$/)
})

test('WASM rather than a software adapter when nothing is forced', async () => {
  const { report } = await bootInWorker({})
  expect(report).toMatchObject({ engine: 'wasm', isSoftware: false })
  expect(report?.reason).toMatch(/^WebGPU runs on the CPU here \(.*swiftshader.*\), where WASM is faster\.$/)
})

test('WASM in a browser without WebGPU, and says so', async () => {
  const { report } = await bootInWorker({ withoutGpu: true })
  expect(report).toMatchObject({ engine: 'wasm' })
  expect(report?.reason).toContain('This browser has no WebGPU.')
})

test('WebGPU forced in a browser without it is an error', async () => {
  const { error } = await bootInWorker({ engine: 'webgpu', withoutGpu: true })
  expect(error?.code).toBe('no_webgpu')
})
