import * as tf from '@tensorflow/tfjs-core'
import { type Case, describeKernel, EXACT } from '../../../tests/support/kernels'

/** Parts `sizes` of the numbers 0, 1, ... in `shape`, cut along `axis`. */
function cut(shape: number[], sizes: number[], axis: number) {
  const outer = tf.util.sizeFromShape(shape.slice(0, axis))
  const inner = tf.util.sizeFromShape(shape.slice(axis + 1))
  let first = 0
  return sizes.map((size) => {
    const values: number[] = []
    for (let o = 0; o < outer; o++)
      for (let i = first; i < first + size; i++)
        for (let k = 0; k < inner; k++) values.push((o * shape[axis] + i) * inner + k)
    first += size
    return { values, shape: shape.with(axis, size) }
  })
}

/** @param sizes as tfjs takes them: a number of parts, or extents of which one may be -1 */
function example(shape: number[], sizes: number | number[], axis: number, extents: number[]): Case {
  const values = Int32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => i)
  return {
    name: `${shape} into ${sizes} along axis ${axis}`,
    inputs: [{ values, shape }],
    run: (x: tf.Tensor) => tf.split(x, sizes, axis),
    want: () => cut(shape, extents, axis < 0 ? axis + shape.length : axis),
  }
}

describeKernel('split', {
  tolerance: EXACT,
  cases: [
    example([2, 3, 7], [2, 5], 2, [2, 5]),
    example([2, 3, 7], [1, 1, 1], -2, [1, 1, 1]),
    example([5], [4, -1], 0, [4, 1]),
    example([70, 50, 9], [3, 1, 5], 2, [3, 1, 5]),
    example([1, 6], 3, 1, [2, 2, 2]),
    // The parts together are the whole.
    {
      ...example([2, 3, 7], [2, 5], 2, [2, 5]),
      name: '2,3,7 into 2,5 and back',
      run: (x: tf.Tensor) => tf.concat(tf.split(x, [2, 5], 2), 2),
      want: () => [{ values: Int32Array.from({ length: 42 }, (_, i) => i), shape: [2, 3, 7] }],
    },
  ],
})
