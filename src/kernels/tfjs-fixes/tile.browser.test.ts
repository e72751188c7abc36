import * as tf from '@tensorflow/tfjs-core'
import { type Case, describeKernel, EXACT, filled } from '../../../tests/support/kernels'

function tiled(x: Float32Array, shape: number[], outputShape: number[]): number[] {
  return Array.from({ length: tf.util.sizeFromShape(outputShape) }, (_, index) => {
    let rest = index
    let source = 0
    let step = 1
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += ((rest % outputShape[axis]) % shape[axis]) * step
      rest = Math.floor(rest / outputShape[axis])
      step *= shape[axis]
    }
    return x[source]
  })
}

function example(shape: number[], reps: number[]): Case {
  const x = filled(shape)
  const outputShape = shape.map((extent, axis) => extent * reps[axis])
  return {
    name: `${shape} by ${reps}`,
    inputs: [x],
    run: (a: tf.Tensor) => tf.tile(a, reps),
    want: () => [{ values: tiled(x.values, shape, outputShape), shape: outputShape }],
  }
}

const DIFFERENCES = { step: 0.5, tolerance: 1e-5 }
const SMALL = example([2, 1, 1, 3], [1, 4, 5, 1])

describeKernel('tile', {
  tolerance: EXACT,
  cases: [
    example([2, 1, 1, 3], [1, 2, 4, 1]),
    example([1, 2, 3, 5], [3, 1, 1, 1]),
    example([2, 3], [2, 3]),
    example([2, 3], [1, 1]),
    example([4], [5]),
    { ...example([2, 1, 1, 3], [1, 4, 5, 2]), differences: DIFFERENCES },
    {
      ...SMALL,
      name: '2,1,1,3 broadcast to 2,4,5,3',
      run: (x: tf.Tensor) => tf.broadcastTo(x, [2, 4, 5, 3]),
      differences: DIFFERENCES,
    },
  ],
})
