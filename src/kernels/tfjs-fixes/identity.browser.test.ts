import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { describeEngines } from '../../../tests/support/engines'

describeEngines('identity', () => {
  it('shares its data, which live as long as either tensor', async () => {
    const before = tf.memory()
    const x = tf.tensor1d([1, 2, 3])
    const y = tf.clone(x)
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers + 1)
    x.dispose()
    expect([...(await y.data())]).toEqual([1, 2, 3])
    y.dispose()
    expect(tf.memory().numTensors).toBe(before.numTensors)
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers)
  })

  it('keeps its values when a variable it was cloned from is assigned anew', async () => {
    const v = tf.variable(tf.tensor1d([1, 2]))
    const y = tf.clone(v)
    v.assign(tf.tensor1d([5, 6]))
    expect([...(await y.data())]).toEqual([1, 2])
    expect([...(await v.data())]).toEqual([5, 6])
    tf.dispose([v, y])
  })
})
