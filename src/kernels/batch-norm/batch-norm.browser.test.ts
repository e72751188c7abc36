import * as tf from '@tensorflow/tfjs-core'
import golden from '../../../tests/golden/kernels.json'
import { type Case, describeKernel, EXACT, filled, type Values } from '../../../tests/support/kernels'
import { from256ths, type Tolerance } from '../../../tests/support/numbers'
import type { Activation } from '../activation'
import type { Shape4D } from '../convolution/geometry'
import { dropoutReference } from '../layers/dropout.reference'
import { batchNormTrain, scaleShift } from './batch-norm'
import { batchNormTrainGradReference, batchNormTrainReference, scaleShiftReference } from './batch-norm.reference'

const EPSILON = 1e-5
const ACTIVATIONS = ['none', 'relu', 'relu6'] as const

/** Outputs are y, mean and variance. */
const train =
  (activation: Activation, options = {}) =>
  (x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D) =>
    batchNormTrain(x, gamma, beta, activation, options)

/** Numbers with a standard deviation of 1.7 around `mean`. */
function numbers(shape: Shape4D, mean: number) {
  const channels = shape[3]
  return {
    x: filled(shape, 0, (value) => 3 * value + mean),
    gamma: filled([channels], 5, (value) => value + 1.5),
    beta: filled([channels], 9, (value) => 2 * value),
  }
}

/** @param dropped the dropout behind, if any: it drops elements of y and of dy */
function casesOf(
  { x, gamma, beta }: Record<'x' | 'gamma' | 'beta', Values & { values: Float32Array }>,
  activation: Activation,
  dropped: (values: Float32Array) => Float32Array = (values) => values,
) {
  const reference = () => batchNormTrainReference(x.values, gamma.values, beta.values, activation, EPSILON)
  return {
    inputs: [x, gamma, beta],
    run: train(activation),
    want: () => {
      const { y, mean, variance } = reference()
      return [dropped(y), mean, variance]
    },
    gradients: (dy: Float32Array) => {
      const { mean, variance } = reference()
      const arrays = [dropped(dy), x.values, gamma.values, beta.values, mean, variance] as const
      return Object.values(batchNormTrainGradReference(...arrays, activation, EPSILON))
    },
  }
}

const GOLDEN = golden.batchNorm.map((example): Case => {
  const [x, gamma, beta, dy] = [example.x, example.gamma, example.beta, example.dy].map(from256ths)
  const channels = [example.shape[3]]
  return {
    name: `PyTorch's, ${example.activation}`,
    inputs: [
      { values: x, shape: example.shape },
      { values: gamma, shape: channels },
      { values: beta, shape: channels },
    ],
    run: train(example.activation as Activation),
    want: () => [example.y, example.mean, example.variance],
    dy,
    gradients: () => [example.dx, example.dgamma, example.dbeta],
    gradientTolerance: [{ relative: 1e-4, absolute: 1e-5 }, { relative: 1e-4, absolute: 1e-5 }, { absolute: 1e-5 }],
  }
})

/** Rows, channels and reduction lanes on both sides of a workgroup of 64 and of a slice. */
const AROUND_WORKGROUPS: Shape4D[] = [
  [1, 1, 1, 1],
  ...[1, 63, 64, 65].map((size): Shape4D => [1, size, 3, 1]),
  [2, 3, 5, 63],
  [1, 7, 2, 65],
  [1, 31, 67, 3],
  [4, 16, 33, 16],
]

/** Rows on both sides of the block size, channels on both sides of a vector. */
const AROUND_VECTORS: Shape4D[] = [
  [1, 1, 2, 1],
  [1, 9, 7, 3],
  [2, 8, 4, 4],
  [1, 13, 5, 17],
  [2, 9, 11, 8],
]

const near = (shape: Shape4D, activation: Activation): Case => ({
  name: `${shape}, ${activation}`,
  ...casesOf(numbers(shape, 0), activation),
  gradientTolerance: [{ absolute: shape[1] * shape[2] === 1 ? 1e-3 : 2e-5 }, { absolute: 1e-4 }, { absolute: 1e-4 }],
})

const LOOSE: Tolerance = { relative: 1e-4, absolute: 1e-4 }
const FAR_TOLERANCES = {
  tolerance: [LOOSE, {}, { relative: 1e-4 }],
  gradientTolerance: [{ relative: 1e-3, absolute: 1e-4 }, LOOSE, LOOSE],
}

/** A mean of 23 standard deviations takes digits from a variance that is computed carelessly. */
const far = (shape: Shape4D, activation: Activation): Case => ({
  name: `${shape} far from 0, ${activation}`,
  ...casesOf(numbers(shape, 40), activation),
  ...FAR_TOLERANCES,
})

function withDropout(shape: Shape4D): Case {
  const dropout = { rate: 0.4, seed: 3, layer: 2, firstPass: 4_294_967_295 }
  const dropped = (values: Float32Array) => dropoutReference(values, shape[0], shape[3], dropout)
  return {
    name: `${shape} with a dropout behind`,
    ...casesOf(numbers(shape, 1), 'relu6', dropped),
    run: train('relu6', { dropout }),
    ...FAR_TOLERANCES,
  }
}

/** Numbers whose activations lie below 0, between and above 6, none so near to 0 or 6 that a difference would step across. */
function awayFromKinks(activation: Activation): Case {
  const beta = { values: Float32Array.of(1, 2, 3), shape: [3] }
  const gamma = { values: Float32Array.of(2, 3, 4), shape: [3] }
  for (let phase = 0; ; phase++) {
    const x = filled([2, 3, 3, 3], phase, (value, i) => value + Math.sin(i))
    const { y } = batchNormTrainReference(x.values, gamma.values, beta.values, 'none', EPSILON)
    const isNear = y.some((value) => Math.abs(value) < 0.05 || Math.abs(value - 6) < 0.05)
    if (isNear || !y.some((value) => value < 0) || !y.some((value) => value > 6)) continue
    return {
      name: `away from kinks, ${activation}`,
      inputs: [x, gamma, beta],
      run: train(activation),
      differences: { step: 4e-3, tolerance: 2e-2 },
    }
  }
}

describeKernel('batch normalisation', {
  tolerance: [{ absolute: 1e-5 }, {}, {}],
  cases: [
    ...GOLDEN,
    ...AROUND_WORKGROUPS.flatMap((shape) => ACTIVATIONS.map((activation) => near(shape, activation))),
    ...AROUND_VECTORS.flatMap((shape) => [far(shape, 'none'), far(shape, 'relu6'), withDropout(shape)]),
    ...ACTIVATIONS.map(awayFromKinks),
    {
      name: 'a mean a thousand times the deviation',
      ...casesOf(numbers([2, 20, 30, 5], 2000), 'none'),
      tolerance: [LOOSE, { relative: 1e-6 }, { relative: 1e-4 }],
      gradientTolerance: LOOSE,
    },
    {
      name: 'a constant map has variance 0 and normalises to beta',
      inputs: [
        filled([1, 9, 9, 4], 0, () => 12345.678),
        filled([4], 0, () => 1),
        { values: Float32Array.of(0, 1, -1, 7), shape: [4] },
      ],
      run: train('relu6'),
      want: () => [Array.from({ length: 324 }, (_, i) => [0, 1, 0, 6][i % 4]), null, [0, 0, 0, 0]],
      tolerance: [{}, {}, EXACT],
    },
    { name: 'many rows', ...casesOf(numbers([2, 40, 50, 6], 0), 'relu'), repeats: true },
  ],
  refusals: {
    'a vector of another length': {
      run: () => batchNormTrain(tf.zeros([1, 2, 2, 2]), tf.zeros([3]), tf.zeros([2]), 'relu'),
      says: '[1,2,2,2]',
    },
  },
})

describeKernel('scale and shift', {
  tolerance: { relative: 1e-6 },
  cases: [...AROUND_VECTORS, ...AROUND_WORKGROUPS].flatMap((shape) =>
    ACTIVATIONS.map((activation): Case => {
      const { x, gamma, beta } = numbers(shape, 0)
      return {
        name: `${shape}, ${activation}`,
        inputs: [x, gamma, beta],
        run: (a: tf.Tensor4D, b: tf.Tensor1D, c: tf.Tensor1D) => scaleShift(a, b, c, activation),
        want: () => [scaleShiftReference(x.values, gamma.values, beta.values, activation)],
      }
    }),
  ),
})
