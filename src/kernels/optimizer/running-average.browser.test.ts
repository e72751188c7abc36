import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { describeEngines } from '../../../tests/support/engines'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { runningAverage } from './running-average'
import { runningAverageReference } from './running-average.reference'

describeEngines('running averages', () => {
  test.each([1, 5, 130])('%i blocks agree with the reference', async (blocks) => {
    const want = pattern(64 * blocks)
    const latest = pattern(64 * blocks, 7)
    const shares = Array.from({ length: blocks }, (_, i) => [0.1, 0.125, -1][i % 3])
    const [running, batch] = [want, latest].map((values) => tf.tensor1d(values))
    const table = tf.tensor1d(shares)
    runningAverage(running, batch, table, 0.9)
    runningAverageReference(want, latest, shares, 0.9)
    expectClose(await running.data(), want)
    tf.dispose([running, batch, table])
  })

  test('blocks that do not fit are refused by name', () => {
    const [running, latest] = [tf.zeros([128]), tf.zeros([64])] as tf.Tensor1D[]
    expect(() => runningAverage(running, latest, tf.zeros([2]), 0.9)).toThrow('[64]')
    tf.dispose([running, latest])
  })
})
