import * as tf from '@tensorflow/tfjs-core'
import { type Case, describeKernel, filled } from '../../../tests/support/kernels'
import { dense } from './dense'
import { denseGradReference, denseReference } from './dense.reference'

const ACTIVATIONS = ['none', 'relu'] as const

const SIZES = [
  { items: 1, inputs: 1, outputs: 1 },
  { items: 4, inputs: 24, outputs: 128 },
  { items: 3, inputs: 65, outputs: 7 },
  { items: 2, inputs: 768, outputs: 1 },
  { items: 5, inputs: 33, outputs: 1031 },
  { items: 8, inputs: 515, outputs: 32 },
  { items: 7, inputs: 16, outputs: 200 },
  { items: 9, inputs: 9, outputs: 6 },
]

function example(
  { items, inputs, outputs }: (typeof SIZES)[number],
  activation: (typeof ACTIVATIONS)[number],
  bias = filled([outputs], 7),
): Case {
  const [x, weights] = [filled([items, inputs]), filled([inputs, outputs], 3)]
  return {
    name: `${items} x ${inputs} to ${outputs}, ${activation}`,
    inputs: [x, weights, bias],
    run: (a: tf.Tensor2D, b: tf.Tensor2D, c: tf.Tensor1D) => dense(a, b, c, activation),
    want: () => [denseReference(x.values, weights.values, bias.values, activation)],
    gradients: (dy) => {
      const y = denseReference(x.values, weights.values, bias.values, activation)
      const { dx, dweights, dbias } = denseGradReference(x.values, weights.values, y, dy, activation)
      return [dx, dweights, dbias]
    },
  }
}

/** Every sum is at least 0.1 from the kink at 0. */
const AWAY_FROM_KINK = { values: Float32Array.of(3, -3, 3, -3, 3), shape: [5] as [number] }

describeKernel('dense layer', {
  tolerance: { absolute: 1e-4 },
  gradientTolerance: { absolute: 1e-4 },
  cases: ACTIVATIONS.flatMap((activation) => [
    ...SIZES.map((sizes) => example(sizes, activation)),
    {
      ...example({ items: 3, inputs: 4, outputs: 5 }, activation, AWAY_FROM_KINK),
      differences: { step: 1e-2, tolerance: 1e-3 },
    },
  ]),
  refusals: {
    'weights for other inputs': {
      run: () => dense(tf.zeros([2, 3]), tf.zeros([4, 5]), tf.zeros([5]), 'none'),
      says: '[4,5]',
    },
  },
})
