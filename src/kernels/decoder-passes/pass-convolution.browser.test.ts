import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { evaluate } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { useWebGpu } from '../../../tests/support/webgpu'
import { type Precision, precisionOf } from '../../gpu/precision'
import { type Activation, activate } from '../activation'
import { conv2dReference } from '../convolution/convolution.reference'
import { depthwiseConv2dReference } from '../convolution/depthwise-convolution.reference'
import type { Shape4D } from '../convolution/geometry'
import { passConvolution, passDepthwise } from './pass-convolution'
import { passDropout } from './pass-dropout'

useWebGpu()

/** The map itself, in another precision. */
function converted(x: tf.Tensor4D, precision: Precision): tf.Tensor4D {
  return passDropout(x, null, { rate: 0, seed: 1, layer: 1, firstPass: 0, passes: x.shape[0], precision })
}

const size = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1)
const SAME = (kernel: number) => ({ stride: 1, padding: (kernel - 1) / 2, dilation: 1 })

/** Half precision has eleven bits: each of up to a hundred products is off by 2^-12 at most, the result by as much once more. */
const TOLERANCES = {
  float32: { relative: 1e-5, absolute: 1e-5 },
  float16: { relative: 1e-3, absolute: 4e-3 },
} as const

describe('half precision', () => {
  test('keeps what it can represent, rounds the rest, and ends at its largest number', async () => {
    const values = Float32Array.of(0, -1, 0.5, 1024, 1 / 3, 65504, 1e6, -1e6)
    const [y] = await evaluate([{ values, shape: [1, 1, 2, 4] }], (x) => {
      const half = converted(x as tf.Tensor4D, 'float16')
      expect(precisionOf(half)).toBe('float16')
      return [converted(half, 'float32')]
    })
    expect([...y.slice(0, 4)]).toEqual([0, -1, 0.5, 1024])
    expect(Math.abs(y[4] - 1 / 3)).toBeLessThan(2 ** -12)
    expect([...y.slice(5)]).toEqual([65504, 65504, -65504])
  })

  test('takes half the bytes, and gives them back', () => {
    const bytes = () => (tf.memory() as unknown as { numBytesInGPU: number }).numBytesInGPU
    tf.tidy(() => {
      const x = tf.add<tf.Tensor4D>(tf.zeros([1, 32, 32, 8]), 0)
      const before = bytes()
      const half = converted(x, 'float16')
      // A few bytes more are the kernel's params.
      expect(bytes() - before).toBeLessThan(2 * x.size + 100)
      half.dispose()
    })
  })
})

/** Pixels and channels around the tile of 8 pixels and 8 channels. */
const CASES: { shape: Shape4D; outputs: number; kernel: number; activation: Activation; bias: boolean }[] = [
  { shape: [1, 1, 1, 4], outputs: 4, kernel: 1, activation: 'none', bias: false },
  { shape: [1, 1, 7, 8], outputs: 12, kernel: 1, activation: 'relu', bias: true },
  { shape: [1, 2, 4, 4], outputs: 8, kernel: 3, activation: 'relu', bias: true },
  { shape: [3, 3, 3, 12], outputs: 4, kernel: 3, activation: 'relu6', bias: true },
  { shape: [2, 5, 13, 8], outputs: 16, kernel: 3, activation: 'none', bias: true },
  { shape: [1, 9, 4, 4], outputs: 4, kernel: 5, activation: 'none', bias: false },
]

const PRECISIONS: [input: Precision, output: Precision][] = [
  ['float32', 'float32'],
  ['float16', 'float16'],
  ['float16', 'float32'],
]

describe.each(PRECISIONS)('from %s to %s', (input, output) => {
  const tolerance = TOLERANCES[input]

  test.each(CASES)('$kernel x $kernel on $shape to $outputs channels, $activation', async (given) => {
    const { shape, outputs, kernel, activation, bias } = given
    const filterShape: Shape4D = [kernel, kernel, shape[3], outputs]
    const [x, filter, summand] = [pattern(size(shape)), pattern(size(filterShape), 7), pattern(outputs, 3)]
    const inputs = [
      { values: x, shape },
      { values: filter, shape: filterShape },
      { values: summand, shape: [outputs] },
    ]
    const [y] = await evaluate(inputs, (a, b, c) => [
      converted(
        passConvolution(converted(a as tf.Tensor4D, input), b as tf.Tensor4D, bias ? (c as tf.Tensor1D) : null, {
          activation,
          precision: output,
        }),
        'float32',
      ),
    ])
    const sums = conv2dReference(x, shape, filter, filterShape, SAME(kernel))
    const want = sums.map((sum, i) => activate(sum + (bias ? summand[i % outputs] : 0), activation))
    expectClose(y, want, tolerance)
  })

  test.each([
    [1, 1, 1, 4],
    [2, 5, 7, 12],
    [1, 8, 8, 16],
  ] as Shape4D[])('depthwise on %d x %d x %d x %d', async (...shape) => {
    const channels = shape[3]
    const filterShape: Shape4D = [3, 3, channels, 1]
    const [x, filter, bias] = [pattern(size(shape)), pattern(size(filterShape), 7), pattern(channels, 3)]
    const inputs = [
      { values: x, shape },
      { values: filter, shape: filterShape },
      { values: bias, shape: [channels] },
    ]
    const [y] = await evaluate(inputs, (a, b, c) => {
      const half = converted(a as tf.Tensor4D, input)
      const options = { activation: 'relu', precision: output } as const
      return [converted(passDepthwise(half, b as tf.Tensor4D, c as tf.Tensor1D, options), 'float32')]
    })
    const sums = depthwiseConv2dReference(x, shape, filter, filterShape, SAME(3))
    const want = sums.map((sum, i) => Math.max(0, sum + bias[i % channels]))
    expectClose(y, want, tolerance)
  })
})

test('shapes that do not fit are refused', () => {
  tf.tidy(() => {
    const options = { activation: 'none', precision: 'float16' } as const
    const x = tf.zeros([1, 2, 2, 8]) as tf.Tensor4D
    expect(() => passConvolution(x, tf.zeros([3, 3, 4, 8]), null, options)).toThrow('do not fit')
    expect(() => passConvolution(x, tf.zeros([2, 2, 8, 8]), null, options)).toThrow('do not fit')
    expect(() => passDepthwise(x, tf.zeros([3, 3, 8, 1]), tf.zeros([4]), options)).toThrow('do not fit')
  })
})
