import type * as tf from '@tensorflow/tfjs-core'
import { type Case, describeKernel, filled } from '../../../tests/support/kernels'
import type { Tolerance } from '../../../tests/support/numbers'
import { gaussianAttention } from './gaussian-attention'
import { gaussianAttentionReference } from './gaussian-attention.reference'

function example(height: number, width: number, a: Float32Array, tolerance: Tolerance, isMap = false): Case {
  const map = filled([height, width], 0, isMap ? Math.abs : (value) => value)
  return {
    name: `${height} x ${width} with ${a.length} taps`,
    inputs: [map],
    run: (x: tf.Tensor2D) => gaussianAttention(x, a),
    want: () => [gaussianAttentionReference(map.values, { height, width }, a)],
    tolerance,
  }
}

/** Height, width and taps. */
const MAPS = [
  [1, 1, 1],
  [9, 37, 5],
  [23, 16, 8],
  [6, 7, 20],
]

/** Both sides of a workgroup of 64, under windows smaller and larger than they are. */
const SIGNED = [
  [1, 1],
  [7, 9],
  [8, 8],
  [5, 13],
  [37, 20],
].flatMap(([height, width]) => [1, 2, 5, 8, 33].map((taps) => [height, width, taps]))

describeKernel('Gaussian attention', {
  cases: [
    ...MAPS.map(([height, width, taps]) => {
      const { values } = filled([taps], 3, (value) => 1 + value / 2)
      return example(height, width, values, { absolute: 1e-5 }, true)
    }),
    ...SIGNED.map(([height, width, taps]) => {
      const { values } = filled([taps], 4, (value) => value + 1.2)
      const given = example(height, width, values, { absolute: 1e-4 })
      return { ...given, name: `signed numbers, ${given.name}` }
    }),
  ],
})
