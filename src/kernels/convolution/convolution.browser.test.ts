import * as tf from '@tensorflow/tfjs-core'
import golden from '../../../tests/golden/kernels.json'
import { ENGINES_AND_CARD } from '../../../tests/support/engines'
import { type Case, describeKernel, EXACT, filled, on } from '../../../tests/support/kernels'
import { from256ths } from '../../../tests/support/numbers'
import { activate } from '../activation'
import { conv2d, explicitPadding } from './convolution'
import { conv2dGradFilterReference, conv2dGradInputReference, conv2dReference } from './convolution.reference'
import { type ConvolutionOptions, outputExtent, type Shape4D } from './geometry'

const PLAIN: ConvolutionOptions = { stride: 1, padding: 0, dilation: 1 }
const SAME = { ...PLAIN, padding: 1 }

function example(name: string, shape: Shape4D, filterShape: Shape4D, options = PLAIN): Case {
  const [x, filter] = [filled(shape), filled(filterShape, 17)]
  return {
    name: `${name}: ${shape} by ${filterShape}, ${Object.values(options)}`,
    inputs: [x, filter],
    run: (a: tf.Tensor4D, b: tf.Tensor4D) => conv2d(a, b, options),
    want: () => [conv2dReference(x.values, shape, filter.values, filterShape, options)],
    gradients: (dy) => [
      conv2dGradInputReference(dy, shape, filter.values, filterShape, options),
      conv2dGradFilterReference(x.values, shape, dy, filterShape, options),
    ],
  }
}

const GOLDEN = Object.entries(golden.convolution).map(
  ([name, numbers]): Case => ({
    name: `PyTorch's ${name}`,
    inputs: [
      { values: from256ths(numbers.x), shape: numbers.shape },
      { values: from256ths(numbers.filter), shape: numbers.filterShape },
    ],
    run: (a: tf.Tensor4D, b: tf.Tensor4D) => conv2d(a, b, numbers.options),
    want: () => [{ values: numbers.y, shape: numbers.yShape }],
    tolerance: { absolute: 3e-5 },
    dy: from256ths(numbers.dy),
    gradients: () => [numbers.dx, numbers.dfilter],
    gradientTolerance: { absolute: 3e-5 },
  }),
)

/** Filter gradient alone: tfjs's convolution takes no stride together with a dilation. */
function filterGradient(shape: Shape4D, filterShape: Shape4D, options: ConvolutionOptions): Case {
  const [rows, columns] = [0, 1].map((axis) => outputExtent(shape[axis + 1], filterShape[axis], options))
  const [x, dy] = [filled(shape), filled([shape[0], rows, columns, filterShape[3]], 3)]
  return {
    name: `filter gradient alone, strided and dilated: ${shape} by ${filterShape}, ${Object.values(options)}`,
    inputs: [x, dy],
    run: (a: tf.Tensor, b: tf.Tensor) =>
      tf.engine().runKernel('Conv2dGradFilter', { x: a, dy: b }, { filterShape, ...options }),
    want: () => [conv2dGradFilterReference(x.values, shape, dy.values, filterShape, options)],
  }
}

/** The function is linear in each input: a long step costs nothing. */
const differing = (given: Case): Case => ({ ...given, differences: { step: 0.5, tolerance: 1e-4 } })

describeKernel('convolution', {
  tolerance: { absolute: 2e-5 },
  gradientTolerance: { absolute: 2e-5 },
  cases: [
    ...GOLDEN,
    ...on(
      ENGINES_AND_CARD,
      example('one of everything', [1, 1, 1, 1], [1, 1, 1, 1]),
      example('pointwise, odd channels', [2, 5, 7, 3], [1, 1, 3, 5]),
      example('pointwise, tiles of 4', [1, 9, 6, 8], [1, 1, 8, 12]),
      example('pointwise, 63 tiles', [1, 3, 4, 36], [1, 1, 36, 28]),
      example('pointwise, 65 tiles', [1, 3, 4, 20], [1, 1, 20, 52]),
      example('pointwise on a pooled map', [3, 1, 1, 16], [1, 1, 16, 4]),
      example('3x3', [2, 7, 5, 4], [3, 3, 4, 6], SAME),
      example('3x3 stem, odd size', [2, 9, 13, 3], [3, 3, 3, 8], { ...SAME, stride: 2 }),
      example('3x3 stem, even size', [1, 8, 12, 3], [3, 3, 3, 8], { ...SAME, stride: 2 }),
      example('4x4, halving', [2, 8, 6, 3], [4, 4, 3, 5], { ...SAME, stride: 2 }),
      example('4x4, halving an odd size', [1, 9, 7, 4], [4, 4, 4, 8], { ...SAME, stride: 2 }),
      example('dilated', [1, 8, 9, 4], [3, 3, 4, 4], { stride: 1, padding: 2, dilation: 2 }),
      example('mostly outside', [1, 5, 8, 4], [3, 3, 4, 8], { stride: 1, padding: 6, dilation: 6 }),
      example('all but the centre outside', [1, 4, 6, 4], [3, 3, 4, 4], { stride: 1, padding: 18, dilation: 18 }),
      example('7x7, rows of a wide map', [1, 3, 70, 2], [7, 7, 2, 3], { ...PLAIN, padding: 3 }),
    ),
    // Channels around the tiles of 4 and 8, pixels around the block of 256, strides together with dilations.
    example('a block of pixels', [1, 16, 16, 4], [1, 1, 4, 8]),
    example('more than a block of pixels', [2, 16, 17, 5], [1, 1, 5, 9]),
    example('stride 2 on more than a block', [1, 19, 17, 3], [3, 3, 3, 7], { ...SAME, stride: 2 }),
    filterGradient([1, 11, 9, 2], [3, 2, 2, 3], { stride: 2, padding: 3, dilation: 2 }),
    example('two items, mostly outside', [2, 5, 6, 8], [3, 3, 8, 16], { stride: 1, padding: 6, dilation: 6 }),
    differing(example('small 3x3', [1, 5, 6, 3], [3, 3, 3, 4], SAME)),
    differing(example('small, stride 2', [1, 5, 6, 3], [3, 3, 3, 4], { ...SAME, stride: 2 })),
    differing(example('small, dilated', [1, 5, 6, 3], [3, 3, 3, 4], { stride: 1, padding: 3, dilation: 3 })),
    differing(example('small, pointwise', [1, 5, 6, 3], [1, 1, 3, 4])),
    { ...example('many partial sums', [2, 30, 40, 8], [1, 1, 8, 12]), repeats: true },
  ],
  refusals: {
    'a filter for other channels': {
      run: () => conv2d(tf.zeros([1, 2, 2, 3]), tf.zeros([1, 1, 2, 4]), PLAIN),
      says: '[1,1,2,4]',
    },
  },
})

function fusedExample(
  shape: Shape4D,
  filterShape: Shape4D,
  options: ConvolutionOptions,
  activation: 'linear' | 'relu' | 'relu6',
  hasBias = true,
): Case {
  const outputs = filterShape[3]
  const [x, filter, bias] = [filled(shape), filled(filterShape, 3, (value) => 2 * value), filled([outputs], 7)]
  const finish = (value: number, i: number) =>
    activate(value + (hasBias ? bias.values[i % outputs] : 0), activation === 'linear' ? 'none' : activation)
  const { stride: strides, dilation: dilations, padding } = options
  const fixed = { strides, dilations, pad: explicitPadding(padding), activation }
  return {
    name: `${shape} by ${filterShape}, ${Object.values(options)}, ${activation}, ${hasBias ? 'a bias' : 'no bias'}`,
    inputs: hasBias ? [x, filter, bias] : [x, filter],
    run: (a: tf.Tensor4D, b: tf.Tensor4D, c?: tf.Tensor1D) =>
      tf.fused.conv2d({ ...fixed, x: a, filter: b, ...(c ? { bias: c } : {}) }),
    want: () => [conv2dReference(x.values, shape, filter.values, filterShape, options).map(finish)],
  }
}

const fusedExamples = (shape: Shape4D, outputs: number, kernel: number, options = PLAIN) =>
  (['linear', 'relu', 'relu6'] as const).flatMap((activation) =>
    [true, false].map((hasBias) =>
      fusedExample(shape, [kernel, kernel, shape[3], outputs], options, activation, hasBias),
    ),
  )

describeKernel('fused convolution', {
  engines: ['wasm'],
  tolerance: { absolute: 2e-5 },
  cases: [
    ...fusedExamples([1, 1, 1, 1], 1, 1),
    ...fusedExamples([2, 7, 7, 5], 11, 1),
    ...fusedExamples([1, 6, 8, 12], 16, 1),
    ...fusedExamples([1, 7, 7, 4], 24, 1, { ...PLAIN, stride: 2 }),
    ...fusedExamples([2, 9, 5, 3], 8, 3, { ...SAME, stride: 2 }),
    ...fusedExamples([1, 5, 11, 7], 9, 3, { stride: 1, padding: 6, dilation: 6 }),
    ...fusedExamples([1, 13, 9, 2], 10, 7, { ...PLAIN, padding: 3 }),
    // On a graphics card these are tfjs's own.
    ...on(
      ENGINES_AND_CARD,
      fusedExample([1, 9, 13, 3], [3, 3, 3, 8], { stride: 2, padding: 1, dilation: 1 }, 'relu6'),
      fusedExample([2, 7, 5, 6], [3, 3, 6, 5], { stride: 1, padding: 2, dilation: 2 }, 'relu6'),
      fusedExample([1, 6, 11, 8], [3, 3, 8, 12], { stride: 1, padding: 6, dilation: 6 }, 'relu6'),
      fusedExample([1, 4, 7, 16], [1, 1, 16, 8], PLAIN, 'relu6'),
    ),
    {
      name: 'an activation that is left to tfjs',
      inputs: [filled([1, 4, 4, 2], 0, () => 1), filled([3, 3, 2, 2], 0, () => 1)],
      run: (x: tf.Tensor4D, filter: tf.Tensor4D) =>
        tf.fused.conv2d({ x, filter, strides: 1, pad: 'valid', activation: 'elu' }),
      want: () => [new Array(8).fill(18)],
      tolerance: EXACT,
    },
  ],
})

const LEFT = { shape: [1, 4, 5, 3] as Shape4D, filterShape: [3, 3, 3, 4] as Shape4D }
const [LEFT_X, LEFT_FILTER] = [filled(LEFT.shape), filled(LEFT.filterShape, 7)]
const leftReference = () => conv2dReference(LEFT_X.values, LEFT.shape, LEFT_FILTER.values, LEFT.filterShape, PLAIN)

describeKernel('convolution that is left to tfjs', {
  engines: ['webgpu', 'webgpu as on a graphics card'],
  tolerance: { absolute: 2e-5 },
  cases: [
    {
      name: 'another activation',
      inputs: [LEFT_X, LEFT_FILTER],
      run: (x: tf.Tensor4D, filter: tf.Tensor4D) =>
        tf.fused.conv2d({ x, filter, strides: 1, pad: 'valid', activation: 'leakyrelu', leakyreluAlpha: 0.5 }),
      want: () => [leftReference().map((value) => (value < 0 ? value / 2 : value))],
    },
    {
      name: 'channels first',
      inputs: [LEFT_X, LEFT_FILTER],
      run: (x: tf.Tensor4D, filter: tf.Tensor4D) => {
        const channelsFirst = tf.transpose(x, [0, 3, 1, 2])
        return tf.transpose(tf.conv2d(channelsFirst, filter, 1, 'valid', 'NCHW'), [0, 2, 3, 1])
      },
      want: () => [leftReference()],
    },
  ],
})
