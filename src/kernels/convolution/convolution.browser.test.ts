import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import { describeEngines } from '../../../tests/support/engines'
import { checkGradients, evaluate, from256ths, gradients } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { conv2d } from './convolution'
import { conv2dGradFilterReference } from './convolution.reference'
import { type ConvolutionOptions, outputExtent, type Shape4D } from './geometry'

const TOLERANCE = { relative: 1e-5, absolute: 3e-5 }
const run = (options: ConvolutionOptions) => (x: tf.Tensor, filter: tf.Tensor) =>
  conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, options)

/** Channels around the tiles of 4 and 8, pixels around the block of 256, strides together with dilations. */
const FILTER_CASES: [Shape4D, Shape4D, ConvolutionOptions][] = [
  [[1, 16, 16, 4], [1, 1, 4, 8], { stride: 1, padding: 0, dilation: 1 }],
  [[2, 16, 17, 5], [1, 1, 5, 9], { stride: 1, padding: 0, dilation: 1 }],
  [[1, 19, 17, 3], [3, 3, 3, 7], { stride: 2, padding: 1, dilation: 1 }],
  [[1, 11, 9, 2], [3, 2, 2, 3], { stride: 2, padding: 3, dilation: 2 }],
  [[2, 5, 6, 8], [3, 3, 8, 16], { stride: 1, padding: 6, dilation: 6 }],
]

describeEngines('convolution', () => {
  test.each(Object.entries(golden.convolution))('%s agrees with PyTorch', async (_, numbers) => {
    const [x, filter, dy] = [numbers.x, numbers.filter, numbers.dy].map(from256ths)
    const inputs = [
      { values: x, shape: numbers.shape },
      { values: filter, shape: numbers.filterShape },
    ]
    const [y] = await evaluate(inputs, (a, b) => [run(numbers.options)(a, b)])
    expectClose(y, numbers.y, TOLERANCE)
    const [dx, dfilter] = await gradients(inputs, { values: dy, shape: numbers.yShape }, run(numbers.options))
    expectClose(dx, numbers.dx, TOLERANCE)
    expectClose(dfilter, numbers.dfilter, TOLERANCE)
  })

  test.each(FILTER_CASES)(
    'filter gradient of %j by %j with %j agrees with the reference',
    async (shape, filterShape, options) => {
      const dyShape = [
        shape[0],
        outputExtent(shape[1], filterShape[0], options),
        outputExtent(shape[2], filterShape[1], options),
        filterShape[3],
      ]
      const x = pattern(shape.reduce((a, b) => a * b))
      const dy = pattern(
        dyShape.reduce((a, b) => a * b),
        3,
      )
      const inputs = [
        { values: x, shape },
        { values: dy, shape: dyShape },
      ]
      const [dfilter] = await evaluate(inputs, (a, b) => [
        tf.engine().runKernel('Conv2dGradFilter', { x: a, dy: b }, { filterShape, ...options }) as tf.Tensor,
      ])
      expectClose(dfilter, conv2dGradFilterReference(x, shape, dy, filterShape, options), TOLERANCE)
    },
  )

  test.each([
    { k: 3, options: { stride: 1, padding: 1, dilation: 1 } },
    { k: 3, options: { stride: 2, padding: 1, dilation: 1 } },
    { k: 3, options: { stride: 1, padding: 3, dilation: 3 } },
    { k: 1, options: { stride: 1, padding: 0, dilation: 1 } },
  ])('gradients agree with differences: $k, $options', async ({ k, options }) => {
    const inputs = [
      { values: pattern(90), shape: [1, 5, 6, 3] },
      { values: pattern(k * k * 12, 2), shape: [k, k, 3, 4] },
    ]
    const outputShape = [1, outputExtent(5, k, options), outputExtent(6, k, options), 4]
    // The function is linear in each input: a long step costs nothing.
    await checkGradients(inputs, outputShape, run(options), { step: 0.5, tolerance: 1e-4 })
  })

  test('a filter for other channels is refused by name', async () => {
    const inputs = [
      { values: pattern(12), shape: [1, 2, 2, 3] },
      { values: pattern(8), shape: [1, 1, 2, 4] },
    ]
    await expect(evaluate(inputs, (a, b) => [run({ stride: 1, padding: 0, dilation: 1 })(a, b)])).rejects.toThrow(
      '[1,1,2,4]',
    )
  })
})
