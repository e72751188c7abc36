import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { type Case, describeKernel, filled } from '../../../tests/support/kernels'
import type { Tolerance } from '../../../tests/support/numbers'
import type { Shape4D } from '../convolution/geometry'
import { dropout } from './dropout'
import { type DropoutOptions, dropoutReference } from './dropout.reference'

const ONE_PRODUCT: Tolerance = { relative: 1e-6, absolute: 0 }

function example(shape: Shape4D, options: DropoutOptions): Case {
  const x = filled(shape, 0, (value) => value + 2)
  const dropped = (values: Float32Array) => dropoutReference(values, shape[0], shape[3], options)
  return {
    name: `${shape}, ${JSON.stringify(options)}`,
    inputs: [x],
    run: (a: tf.Tensor4D) => dropout(a, options),
    want: () => [dropped(x.values)],
    gradients: (dy) => [dropped(dy)],
  }
}

/** Both sides of a workgroup of 64. */
const SHAPES: Shape4D[] = [
  [1, 1, 1, 1],
  [1, 7, 9, 1],
  [1, 8, 8, 1],
  [1, 5, 13, 1],
  [3, 4, 7, 6],
]

const OPTIONS: DropoutOptions[] = [
  { rate: 0.5, seed: 1, layer: 2, firstPass: 3 },
  { rate: 0.1, seed: 4294967295, layer: 5, firstPass: 4294967290 },
  { rate: 0, seed: 7, layer: 0, firstPass: 0 },
]

describeKernel('dropout', {
  tolerance: ONE_PRODUCT,
  gradientTolerance: ONE_PRODUCT,
  cases: [
    example([2, 3, 5, 7], { rate: 0.5, seed: 4294967295, layer: 3, firstPass: 0 }),
    example([3, 4, 4, 6], { rate: 0.1, seed: 9, layer: 1, firstPass: 17 }),
    example([2, 3, 5, 7], { rate: 0.25, seed: 5, layer: 2, firstPass: 3, channelwise: true }),
    example([1, 2, 3, 4], { rate: 0, seed: 5, layer: 2, firstPass: 3 }),
    ...SHAPES.flatMap((shape) =>
      OPTIONS.flatMap((options) => [example(shape, options), example(shape, { ...options, channelwise: true })]),
    ),
  ],
  refusals: {
    'a rate of 1': {
      run: () => dropout(tf.zeros([1, 4]), { rate: 1, seed: 0, layer: 0, firstPass: 0 }),
      says: 'rate of 1',
    },
  },
  also: () => {
    test('drops the share that it promises', async () => {
      const y = dropout(tf.ones([1, 100, 100, 1]), { rate: 0.3, seed: 5, layer: 1, firstPass: 0 })
      const dropped = (await y.data()).filter((value) => value === 0).length / 10000
      expect(Math.abs(dropped - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 10000))
    })
  },
})
