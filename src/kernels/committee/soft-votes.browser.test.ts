import type * as tf from '@tensorflow/tfjs-core'
import { type Case, describeKernel, filled } from '../../../tests/support/kernels'
import { pattern } from '../../../tests/support/numbers'
import type { Size } from '../../domain/size'
import type { Shape4D } from '../convolution/geometry'
import { softVotes } from './soft-votes'
import { softVotesReference } from './soft-votes.reference'

const run = (size: Size) => (x: tf.Tensor4D) => softVotes(x, size)

/** Classes on both sides of a vector and of a block of 64. */
const CASES: [Shape4D, Size][] = [
  [[1, 1, 1, 1], { height: 1, width: 1 }],
  [[3, 2, 3, 2], { height: 5, width: 9 }],
  [[20, 3, 5, 11], { height: 9, width: 17 }],
  [[4, 5, 4, 19], { height: 5, width: 4 }],
  [[6, 3, 1, 12], { height: 9, width: 3 }],
  [[3, 2, 3, 64], { height: 4, width: 5 }],
  [[3, 2, 3, 65], { height: 4, width: 5 }],
  [[3, 2, 3, 130], { height: 4, width: 5 }],
]

function example(shape: Shape4D, size: Size, scale: number): Case {
  const { values } = filled(shape, 3)
  // Sums of two patterns, so that passes do not agree.
  const logits = { values: values.map((value, i) => scale * (value + values[(i * i) % values.length])), shape }
  return {
    name: `${shape} at ${size.height} x ${size.width}, times ${scale}`,
    inputs: [logits],
    run: run(size),
    want: () => Object.values(softVotesReference(logits.values, shape, size)),
  }
}

const PASS = pattern(3 * 4 * 5).map((value) => 6 * value)

describeKernel('soft votes', {
  tolerance: [{ absolute: 3e-5 }, { absolute: 1e-5 }, { absolute: 5e-5 }],
  cases: [
    ...CASES.flatMap(([shape, size]) => [1, 30].map((scale) => example(shape, size, scale))),
    {
      name: 'a class that cannot be does not count',
      inputs: [{ values: Float32Array.of(1, 2, -1e30, -1e30, 3, 1, -1e30, -1e30), shape: [2, 1, 1, 4] }],
      run: run({ height: 1, width: 1 }),
      want: () => Object.values(softVotesReference(Float32Array.of(1, 2, 3, 1), [2, 1, 1, 2], { height: 1, width: 1 })),
      tolerance: { absolute: 1e-5 },
    },
    {
      name: 'passes that are equal do not disagree',
      inputs: [{ values: Float32Array.from({ length: 7 * 60 }, (_, i) => PASS[i % 60]), shape: [7, 3, 4, 5] }],
      run: run({ height: 6, width: 8 }),
      want: () => [null, null, new Float32Array(48)],
      tolerance: { absolute: 1e-5 },
    },
  ],
})
