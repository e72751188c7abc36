import * as tf from '@tensorflow/tfjs-core'
import golden from '../../../tests/golden/vaal-kernels.json'
import { ENGINES_AND_CARD } from '../../../tests/support/engines'
import { type Case, describeKernel, filled, on } from '../../../tests/support/kernels'
import { from256ths } from '../../../tests/support/numbers'
import type { Shape4D, TransposedConvolutionOptions } from './geometry'
import { transposedConv2d } from './transposed-convolution'
import { transposedConv2dGradReference, transposedConv2dReference } from './transposed-convolution.reference'

const DOUBLING: TransposedConvolutionOptions = { stride: 2, padding: 1 }

function example(name: string, shape: Shape4D, filterShape: Shape4D, options = DOUBLING): Case {
  const [x, filter] = [filled(shape), filled(filterShape, 17)]
  return {
    name: `${name}: ${shape} by ${filterShape}, ${Object.values(options)}`,
    inputs: [x, filter],
    run: (a: tf.Tensor4D, b: tf.Tensor4D) => transposedConv2d(a, b, options),
    want: () => [transposedConv2dReference(x.values, shape, filter.values, filterShape, options)],
    gradients: (dy) => {
      const { dx, dfilter } = transposedConv2dGradReference(x.values, shape, filter.values, filterShape, dy, options)
      return [dx, dfilter]
    },
  }
}

const GOLDEN = Object.entries(golden.transposedConvolution).map(
  ([name, numbers]): Case => ({
    name: `PyTorch's ${name}`,
    inputs: [
      { values: from256ths(numbers.x), shape: numbers.shape },
      { values: from256ths(numbers.filter), shape: numbers.filterShape },
    ],
    run: (a: tf.Tensor4D, b: tf.Tensor4D) => transposedConv2d(a, b, numbers.options),
    want: () => [{ values: numbers.y, shape: numbers.yShape }],
    tolerance: { absolute: 3e-5 },
    dy: from256ths(numbers.dy),
    gradients: () => [numbers.dx, numbers.dfilter],
    gradientTolerance: { absolute: 3e-5 },
  }),
)

/** The function is linear in each input: a long step costs nothing. */
const differing = (given: Case): Case => ({ ...given, differences: { step: 0.5, tolerance: 1e-4 } })

describeKernel('transposed convolution', {
  engines: ENGINES_AND_CARD,
  tolerance: { absolute: 2e-5 },
  gradientTolerance: { absolute: 2e-5 },
  cases: [
    ...GOLDEN,
    example('one of everything', [1, 1, 1, 1], [1, 1, 1, 1], { stride: 1, padding: 0 }),
    example('doubling, tiles of 4', [2, 4, 4, 8], [4, 4, 4, 8]),
    example('doubling, odd channels and sizes', [2, 7, 5, 6], [4, 4, 3, 6]),
    example('doubling to images', [1, 9, 11, 8], [4, 4, 3, 8]),
    example('doubling, a row of pixels', [1, 1, 17, 5], [4, 4, 9, 5]),
    example('doubling, a column of pixels', [1, 17, 1, 5], [4, 4, 9, 5]),
    example('stride 1, 3x3', [1, 6, 5, 3], [3, 3, 7, 3], { stride: 1, padding: 1 }),
    example('a vector spread over a map', [3, 1, 1, 10], [4, 4, 6, 10], { stride: 1, padding: 0 }),
    example('stride larger than the filter', [1, 3, 4, 3], [2, 2, 5, 3], { stride: 3, padding: 0 }),
    example('3x3, stride 2', [1, 5, 4, 3], [3, 3, 2, 3]),
    ...on(
      ['wasm', 'webgpu'],
      { ...example('more than a block of pixels', [2, 16, 17, 12], [4, 4, 20, 12]), repeats: true },
      differing(example('small, doubling', [1, 3, 2, 3], [4, 4, 2, 3])),
      differing(example('small, stride 1', [1, 3, 4, 2], [3, 3, 3, 2], { stride: 1, padding: 1 })),
    ),
  ],
  refusals: {
    'a filter for other channels': {
      run: () => transposedConv2d(tf.zeros([1, 2, 2, 3]), tf.zeros([4, 4, 2, 5]), DOUBLING),
      says: '[4,4,2,5]',
    },
    'a padding that leaves nothing': {
      run: () => transposedConv2d(tf.zeros([1, 1, 1, 3]), tf.zeros([2, 2, 2, 3]), DOUBLING),
      says: 'leaves a map of [1,0,0,2]',
    },
  },
})
