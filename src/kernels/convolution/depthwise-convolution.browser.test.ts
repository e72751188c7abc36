import * as tf from '@tensorflow/tfjs-core'
import golden from '../../../tests/golden/kernels.json'
import { BOTH_ENGINES, ENGINES_AND_CARD } from '../../../tests/support/engines'
import { type Case, describeKernel, EXACT, filled, on } from '../../../tests/support/kernels'
import { from256ths } from '../../../tests/support/numbers'
import { activate } from '../activation'
import { explicitPadding } from './convolution'
import { depthwiseConv2d } from './depthwise-convolution'
import {
  depthwiseConv2dGradFilterReference,
  depthwiseConv2dGradInputReference,
  depthwiseConv2dReference,
} from './depthwise-convolution.reference'
import type { ConvolutionOptions, Shape4D } from './geometry'

const PLAIN: ConvolutionOptions = { stride: 1, padding: 0, dilation: 1 }
const SAME = { ...PLAIN, padding: 1 }

function example(name: string, shape: Shape4D, [kh, kw]: [number, number], options = SAME): Case {
  const filterShape: Shape4D = [kh, kw, shape[3], 1]
  const [x, filter] = [filled(shape), filled(filterShape, 17)]
  return {
    name: `${name}: ${shape} by ${kh} x ${kw}, ${Object.values(options)}`,
    inputs: [x, filter],
    run: (a: tf.Tensor4D, b: tf.Tensor4D) => depthwiseConv2d(a, b, options),
    want: () => [depthwiseConv2dReference(x.values, shape, filter.values, filterShape, options)],
    gradients: (dy) => [
      depthwiseConv2dGradInputReference(dy, shape, filter.values, filterShape, options),
      depthwiseConv2dGradFilterReference(x.values, shape, dy, filterShape, options),
    ],
  }
}

const GOLDEN = Object.entries(golden.depthwise).map(
  ([name, numbers]): Case => ({
    name: `PyTorch's ${name}`,
    inputs: [
      { values: from256ths(numbers.x), shape: numbers.shape },
      { values: from256ths(numbers.filter), shape: numbers.filterShape },
    ],
    run: (a: tf.Tensor4D, b: tf.Tensor4D) => depthwiseConv2d(a, b, numbers.options),
    want: () => [{ values: numbers.y, shape: numbers.yShape }],
    dy: from256ths(numbers.dy),
    gradients: () => [numbers.dx, numbers.dfilter],
  }),
)

/** The function is linear in each input: a long step costs nothing. */
const differing = (given: Case): Case => ({ ...given, differences: { step: 0.5, tolerance: 1e-4 } })

describeKernel('depthwise convolution', {
  engines: ENGINES_AND_CARD,
  tolerance: { absolute: 1e-5 },
  gradientTolerance: { absolute: 1e-5 },
  cases: [
    ...GOLDEN,
    example('one of everything', [1, 1, 1, 1], [1, 1], PLAIN),
    example('63 channels', [1, 3, 4, 63], [3, 3]),
    example('64 channels', [1, 4, 3, 64], [3, 3]),
    example('65 channels', [1, 3, 3, 65], [3, 3]),
    example('batch of non-square maps', [3, 7, 12, 8], [3, 3]),
    example('stride 2, odd size', [2, 9, 13, 4], [3, 3], { ...SAME, stride: 2 }),
    example('stride 2, even size', [2, 8, 14, 4], [3, 3], { ...SAME, stride: 2 }),
    example('dilated', [1, 9, 8, 5], [3, 3], { stride: 1, padding: 2, dilation: 2 }),
    example('mostly outside', [1, 8, 15, 4], [3, 3], { stride: 1, padding: 12, dilation: 12 }),
    example('all but the centre outside', [1, 4, 6, 4], [3, 3], { stride: 1, padding: 18, dilation: 18 }),
    example('strided and dilated', [1, 11, 10, 3], [3, 3], { stride: 2, padding: 2, dilation: 2 }),
    example('stride 3 without padding', [1, 11, 14, 4], [3, 3], { ...PLAIN, stride: 3 }),
    example('5x3', [1, 12, 7, 2], [5, 3], { ...PLAIN, padding: 2 }),
    // Channels around the vectors of 4 and 16, a dilation beyond the map, strides together with dilations.
    example('3 channels', [2, 7, 6, 3], [3, 3]),
    example('23 channels, stride 2', [1, 9, 8, 23], [3, 3], { ...SAME, stride: 2 }),
    example('16 channels, a dilation beyond the map', [1, 5, 6, 16], [3, 3], { stride: 1, padding: 12, dilation: 12 }),
    example('5x3, strided and dilated', [1, 11, 12, 5], [5, 3], { stride: 3, padding: 2, dilation: 2 }),
    differing(example('small', [1, 5, 6, 5], [3, 3])),
    differing(example('small, stride 2', [1, 5, 6, 5], [3, 3], { ...SAME, stride: 2 })),
    differing(example('small, dilated', [1, 5, 6, 5], [3, 3], { stride: 1, padding: 2, dilation: 2 })),
  ],
  refusals: {
    'a filter for other channels': {
      run: () => depthwiseConv2d(tf.zeros([1, 2, 2, 3]), tf.zeros([1, 1, 2, 1]), PLAIN),
      says: '[1,1,2,1]',
    },
  },
})

function fusedExample(
  shape: Shape4D,
  kernel: number,
  options: ConvolutionOptions,
  activation: 'linear' | 'relu6' = 'relu6',
  hasBias = true,
): Case {
  const channels = shape[3]
  const filterShape: Shape4D = [kernel, kernel, channels, 1]
  const [x, filter, bias] = [filled(shape), filled(filterShape, 3, (value) => 4 * value), filled([channels], 7)]
  const finish = (value: number, i: number) =>
    activate(value + (hasBias ? bias.values[i % channels] : 0), activation === 'linear' ? 'none' : activation)
  const { stride: strides, dilation: dilations, padding } = options
  // Its type leaves out the explicit padding that it takes.
  const pad = explicitPadding(padding) as unknown as 'valid'
  return {
    name: `${shape} by ${kernel} x ${kernel}, ${Object.values(options)}, ${activation}, ${hasBias ? 'a bias' : 'no bias'}`,
    inputs: hasBias ? [x, filter, bias] : [x, filter],
    run: (a: tf.Tensor4D, b: tf.Tensor4D, c?: tf.Tensor1D) =>
      tf.fused.depthwiseConv2d({ strides, dilations, pad, activation, x: a, filter: b, ...(c ? { bias: c } : {}) }),
    want: () => [depthwiseConv2dReference(x.values, shape, filter.values, filterShape, options).map(finish)],
  }
}

const fusedExamples = (shape: Shape4D, kernel: number, options: ConvolutionOptions) =>
  (['linear', 'relu6'] as const).flatMap((activation) =>
    [true, false].map((hasBias) => fusedExample(shape, kernel, options, activation, hasBias)),
  )

describeKernel('fused depthwise convolution', {
  engines: ['wasm'],
  tolerance: { absolute: 1e-5 },
  cases: [
    ...fusedExamples([1, 1, 1, 1], 1, PLAIN),
    ...fusedExamples([2, 5, 9, 8], 3, SAME),
    ...fusedExamples([1, 6, 13, 19], 3, SAME),
    ...fusedExamples([2, 9, 11, 7], 3, { ...SAME, stride: 2 }),
    ...fusedExamples([1, 7, 10, 12], 3, { stride: 1, padding: 6, dilation: 6 }),
    ...fusedExamples([1, 8, 12, 16], 5, PLAIN),
    // On WebGPU these are tfjs's own.
    ...on(
      BOTH_ENGINES,
      fusedExample([1, 9, 13, 3], 3, { stride: 2, padding: 1, dilation: 1 }),
      fusedExample([2, 7, 5, 6], 3, { stride: 1, padding: 2, dilation: 2 }),
      fusedExample([1, 6, 11, 8], 3, { stride: 1, padding: 6, dilation: 6 }),
      fusedExample([1, 4, 7, 16], 1, PLAIN),
    ),
  ],
})

describeKernel('depthwise convolution that is left to tfjs', {
  cases: [
    {
      name: 'a channel multiplier',
      inputs: [filled([1, 3, 3, 2], 0, () => 1), filled([3, 3, 2, 2], 0, () => 1)],
      run: (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.depthwiseConv2d(x, filter, 1, 'valid'),
      want: () => [[9, 9, 9, 9]],
      tolerance: EXACT,
    },
  ],
})
