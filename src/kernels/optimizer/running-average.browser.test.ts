import * as tf from '@tensorflow/tfjs-core'
import { type Case, describeKernel, filled } from '../../../tests/support/kernels'
import { runningAverage } from './running-average'
import { runningAverageReference } from './running-average.reference'

function example(blocks: number): Case {
  const [running, latest] = [filled([64 * blocks]), filled([64 * blocks], 7)]
  const shares = Float32Array.from({ length: blocks }, (_, i) => [0.1, 0.125, -1][i % 3])
  return {
    name: `blocks: ${blocks}`,
    inputs: [running, latest, { values: shares, shape: [blocks] }],
    run: (a: tf.Tensor1D, b: tf.Tensor1D, table: tf.Tensor1D) => {
      runningAverage(a, b, table, 0.9)
      return a
    },
    want: () => {
      const values = running.values.slice()
      runningAverageReference(values, latest.values, shares, 0.9)
      return [values]
    },
  }
}

describeKernel('running average', {
  cases: [1, 5, 130, 1000].map(example),
  refusals: {
    'blocks that do not fit': {
      run: () => runningAverage(tf.zeros([128]), tf.zeros([64]), tf.zeros([2]), 0.9),
      says: '[64]',
    },
  },
})
