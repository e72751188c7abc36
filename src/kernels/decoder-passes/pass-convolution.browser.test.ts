import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { type Case, describeKernel, EXACT, filled } from '../../../tests/support/kernels'
import type { Tolerance } from '../../../tests/support/numbers'
import { type Precision, precisionOf } from '../../gpu/precision'
import { type Activation, activate } from '../activation'
import { conv2dReference } from '../convolution/convolution.reference'
import { depthwiseConv2dReference } from '../convolution/depthwise-convolution.reference'
import type { Shape4D } from '../convolution/geometry'
import { passConvolution, passDepthwise } from './pass-convolution'
import { passDropout } from './pass-dropout'

/** WASM has no half precision. The software adapter has no `shader-f16`: it packs halves in pairs. */
const engines = ['webgpu'] as const

/** The map itself, in another precision. */
function converted(x: tf.Tensor4D, precision: Precision): tf.Tensor4D {
  return passDropout(x, null, { rate: 0, seed: 1, layer: 1, firstPass: 0, passes: x.shape[0], precision })
}

function takesHalfTheBytes(): void {
  const bytes = () => (tf.memory() as unknown as { numBytesInGPU: number }).numBytesInGPU
  tf.tidy(() => {
    const x = tf.add<tf.Tensor4D>(tf.zeros([1, 32, 32, 8]), 0)
    const before = bytes()
    const half = converted(x, 'float16')
    expect(precisionOf(half)).toBe('float16')
    // A few bytes more are the kernel's params.
    expect(bytes() - before).toBeLessThan(2 * x.size + 100)
    half.dispose()
  })
}

const there = (x: tf.Tensor4D) => converted(converted(x, 'float16'), 'float32')
const rounded = (name: string, values: number[], want: number[], tolerance: Tolerance): Case => ({
  name,
  inputs: [{ values: Float32Array.from(values), shape: [1, 1, 1, 4] }],
  run: there,
  want: () => [want],
  tolerance,
})

describeKernel('half precision', {
  engines,
  cases: [
    rounded('keeps what it can represent', [0, -1, 0.5, 1024], [0, -1, 0.5, 1024], EXACT),
    rounded('rounds the rest', [1 / 3, -1 / 3, 0.1, 7], [1 / 3, -1 / 3, 0.1, 7], { relative: 0, absolute: 2 ** -12 }),
    rounded('ends at its largest number', [65504, 1e6, -1e6, 65503], [65504, 65504, -65504, 65504], EXACT),
  ],
  also: () => {
    test('takes half the bytes, and gives them back', takesHalfTheBytes)
  },
})

const SAME = (kernel: number) => ({ stride: 1, padding: (kernel - 1) / 2, dilation: 1 })

/** Half precision has eleven bits: each of up to a hundred products is off by 2^-12 at most, the result by as much once more. */
const TOLERANCES = {
  float32: { absolute: 1e-5 },
  float16: { relative: 1e-3, absolute: 4e-3 },
} as const

const PRECISIONS: [input: Precision, output: Precision][] = [
  ['float32', 'float32'],
  ['float16', 'float16'],
  ['float16', 'float32'],
]

type Precisions = (typeof PRECISIONS)[number]

function dense(
  [input, precision]: Precisions,
  shape: Shape4D,
  outputs: number,
  kernel: number,
  activation: Activation,
  hasBias: boolean,
): Case {
  const filterShape: Shape4D = [kernel, kernel, shape[3], outputs]
  const [x, filter, bias] = [filled(shape), filled(filterShape, 7), filled([outputs], 3)]
  const finish = (sum: number, i: number) => activate(sum + (hasBias ? bias.values[i % outputs] : 0), activation)
  return {
    name: `${shape} by ${filterShape} from ${input} to ${precision}, ${activation}, ${hasBias ? 'a bias' : 'no bias'}`,
    inputs: hasBias ? [x, filter, bias] : [x, filter],
    run: (a: tf.Tensor4D, b: tf.Tensor4D, c: tf.Tensor1D | null = null) =>
      converted(passConvolution(converted(a, input), b, c, { activation, precision }), 'float32'),
    want: () => [conv2dReference(x.values, shape, filter.values, filterShape, SAME(kernel)).map(finish)],
    tolerance: TOLERANCES[input],
  }
}

function depthwise([input, precision]: Precisions, shape: Shape4D): Case {
  const channels = shape[3]
  const filterShape: Shape4D = [3, 3, channels, 1]
  const [x, filter, bias] = [filled(shape), filled(filterShape, 7), filled([channels], 3)]
  const finish = (sum: number, i: number) => Math.max(0, sum + bias.values[i % channels])
  return {
    name: `${shape} from ${input} to ${precision}`,
    inputs: [x, filter, bias],
    run: (a: tf.Tensor4D, b: tf.Tensor4D, c: tf.Tensor1D) =>
      converted(passDepthwise(converted(a, input), b, c, { activation: 'relu', precision }), 'float32'),
    want: () => [depthwiseConv2dReference(x.values, shape, filter.values, filterShape, SAME(3)).map(finish)],
    tolerance: TOLERANCES[input],
  }
}

const OPTIONS = { activation: 'none', precision: 'float16' } as const

describeKernel('pass convolution', {
  engines,
  // Pixels and channels around the tile of 8 pixels and 8 channels.
  cases: PRECISIONS.flatMap((precisions) => [
    dense(precisions, [1, 1, 1, 4], 4, 1, 'none', false),
    dense(precisions, [1, 1, 7, 8], 12, 1, 'relu', true),
    dense(precisions, [1, 2, 4, 4], 8, 3, 'relu', true),
    dense(precisions, [3, 3, 3, 12], 4, 3, 'relu6', true),
    dense(precisions, [2, 5, 13, 8], 16, 3, 'none', true),
    dense(precisions, [1, 9, 4, 4], 4, 5, 'none', false),
  ]),
  refusals: {
    'a filter for other channels': {
      run: () => passConvolution(tf.zeros([1, 2, 2, 8]), tf.zeros([3, 3, 4, 8]), null, OPTIONS),
      says: 'do not fit',
    },
    'a filter without a centre': {
      run: () => passConvolution(tf.zeros([1, 2, 2, 8]), tf.zeros([2, 2, 8, 8]), null, OPTIONS),
      says: 'do not fit',
    },
  },
})

describeKernel('pass depthwise convolution', {
  engines,
  cases: PRECISIONS.flatMap((precisions) => [
    depthwise(precisions, [1, 1, 1, 4]),
    depthwise(precisions, [2, 5, 7, 12]),
    depthwise(precisions, [1, 8, 8, 16]),
  ]),
  refusals: {
    'a bias of other channels': {
      run: () => passDepthwise(tf.zeros([1, 2, 2, 8]), tf.zeros([3, 3, 8, 1]), tf.zeros([4]), OPTIONS),
      says: 'do not fit',
    },
  },
})
