import * as tf from '@tensorflow/tfjs-core'
import golden from '../../../tests/golden/kernels.json'
import { type Case, describeKernel, filled } from '../../../tests/support/kernels'
import { from256ths, pattern } from '../../../tests/support/numbers'
import type { Shape4D } from '../convolution/geometry'
import { crossEntropySums } from './cross-entropy'
import { crossEntropyGradReference, crossEntropySumsReference } from './cross-entropy.reference'

interface Labelled {
  labels: Int32Array
  weights: Float32Array
  height: number
  width: number
}

/** The loss as a function of the logits alone. */
const lossOf = ({ labels, weights, height, width }: Labelled) => {
  return (logits: tf.Tensor4D) => {
    const shape: [number, number, number] = [logits.shape[0], height, width]
    return crossEntropySums(logits, tf.tensor3d(labels, shape, 'int32'), tf.tensor3d(weights, shape))
  }
}

const GOLDEN = [
  ...golden.crossEntropy.map((example) => ({ ...example, size: example.shape.slice(1, 3) })),
  ...golden.upsampledCrossEntropy,
].map(({ shape, size: [height, width], ...numbers }): Case => {
  const labelled = { labels: Int32Array.from(numbers.labels), weights: from256ths(numbers.weights), height, width }
  return {
    name: `PyTorch's ${shape} to ${height} x ${width}`,
    inputs: [{ values: from256ths(numbers.logits), shape }],
    run: lossOf(labelled),
    want: () => [numbers.sums],
    dy: from256ths(numbers.dsums),
    gradients: () => [numbers.dlogits],
    gradientTolerance: { absolute: 2e-6 },
  }
})

/** @param scale the largest logit */
function example(shape: Shape4D, [height, width]: [number, number], scale: number): Case {
  const [items, , , classes] = shape
  const count = items * height * width
  const logits = filled(shape, 0, (value) => scale * value)
  // Among them labels that are no class, in every way.
  const labels = Int32Array.from({ length: count }, (_, i) => [i % classes, 255, classes, i % classes, -1][i % 5])
  const weights = pattern(count, 4).map((value) => (value < -0.8 ? 0 : value + 1))
  const labelled = { labels, weights, height, width }
  return {
    name: `${shape} to ${height} x ${width}, logits up to ${scale}`,
    inputs: [logits],
    run: lossOf(labelled),
    want: () => [crossEntropySumsReference(logits.values, shape, labelled)],
    tolerance: { relative: 2e-5, absolute: 1e-4 },
    gradients: (dsums) => [crossEntropyGradReference(logits.values, shape, labelled, dsums)],
    // Positions are rounded to float32, which large logits multiply.
    gradientTolerance: { relative: 1e-4, absolute: 1e-5 + 1e-6 * scale },
    repeats: true,
  }
}

const SOME_UNLABELLED = {
  labels: Int32Array.from({ length: 35 }, (_, i) => (i % 4 === 3 ? 255 : i % 5)),
  ...{ weights: pattern(35, 2), height: 5, width: 7 },
}

describeKernel('cross-entropy', {
  cases: [
    ...GOLDEN,
    // One pixel, 4 times the size, odd ratios, one row or column, shrinking.
    example([1, 1, 1, 1], [1, 1], 1),
    example([1, 1, 1, 3], [5, 7], 20),
    example([2, 9, 7, 4], [9, 7], 200),
    example([2, 9, 16, 19], [36, 64], 20),
    example([1, 1, 6, 2], [3, 17], 200),
    example([3, 5, 1, 5], [13, 4], 1),
    example([2, 17, 33, 11], [65, 129], 40),
    example([1, 7, 9, 3], [3, 4], 20),
    example([1, 4, 4, 2], [1, 1], 20),
    {
      name: 'with pixels without a label',
      inputs: [filled([1, 2, 3, 5])],
      run: lossOf(SOME_UNLABELLED),
      differences: { step: 2e-2, tolerance: 5e-3 },
    },
  ],
  refusals: {
    'labels of another batch': {
      run: () => crossEntropySums(tf.zeros([1, 2, 3, 2]), tf.zeros([2, 2, 2]), tf.zeros([2, 2, 2])),
      says: '[1,2,3,2]',
    },
  },
})
