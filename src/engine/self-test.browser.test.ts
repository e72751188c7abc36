import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { describeEngines, useEngine } from '../../tests/support/engines'
import { type SelfTestParameters, selfTest } from './self-test'
import golden from './self-test.golden.json'
import { checkEngine } from './webgpu'

describeEngines('self-test', (engine) => {
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

describe('a query', () => {
  useEngine('webgpu')

  test('that loses regions fails', async () => {
    const right = tf.getKernel('QueryResult', 'webgpu')
    const replace = (kernel: tf.KernelConfig) => {
      tf.unregisterKernel('QueryResult', 'webgpu')
      tf.registerKernel(kernel)
    }
    onTestFinished(() => replace(right))
    replace({ ...right, kernelFunc: (call) => right.kernelFunc({ ...call, attrs: { ...call.attrs, side: 5 } }) })
    await expect(selfTest()).rejects.toMatchObject({
      code: 'kernel_failed',
      message: expect.stringMatching(/query's regions wrongly: 4 at 0, right is 9/),
    })
    replace(right)
    await selfTest()
  })
})
