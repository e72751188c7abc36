import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EngineName } from '../domain/engine'
import { type SelfTestParameters, selfTest } from './self-test'
import golden from './self-test.golden.json'
import { bootWasm } from './wasm'
import { bootWebGpu, checkEngine, closeWebGpu } from './webgpu'

const ENGINES: Record<EngineName, () => Promise<unknown>> = { webgpu: bootWebGpu, wasm: bootWasm }

afterAll(closeWebGpu)

describe.each(Object.entries(ENGINES))('self-test on %s', (engine, boot) => {
  beforeAll(async () => {
    await boot()
  })

  test('passes, and keeps no memory', async () => {
    expect(tf.getBackend()).toBe(engine)
    const before = tf.memory().numTensors
    await selfTest()
    await checkEngine()
    expect(tf.memory().numTensors).toBe(before)
  })

  test.each(Object.keys(golden.parameters))('fails when a number of %s is off', async (name) => {
    const parameters: SelfTestParameters = structuredClone(golden.parameters)
    parameters[name].values[1] += 0.05
    await expect(selfTest(parameters)).rejects.toMatchObject({
      code: 'kernel_failed',
      message: expect.stringContaining('self-test computed'),
    })
  })
})

test('an engine that loses regions of a query fails', async () => {
  await bootWebGpu()
  const right = tf.getKernel('QueryResult', 'webgpu')
  const replace = (kernel: tf.KernelConfig) => {
    tf.unregisterKernel('QueryResult', 'webgpu')
    tf.registerKernel(kernel)
  }
  replace({ ...right, kernelFunc: (call) => right.kernelFunc({ ...call, attrs: { ...call.attrs, side: 5 } }) })
  await expect(selfTest()).rejects.toMatchObject({
    code: 'kernel_failed',
    message: expect.stringMatching(/query's regions wrongly: 4 at 0, right is 9/),
  })
  replace(right)
  await selfTest()
})
