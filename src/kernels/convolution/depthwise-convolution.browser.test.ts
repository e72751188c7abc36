import * as tf from '@tensorflow/tfjs-core'
import { test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import { describeEngines } from '../../../tests/support/engines'
import { checkGradients, evaluate, from256ths, gradients } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { depthwiseConv2d } from './depthwise-convolution'
import {
  depthwiseConv2dGradFilterReference,
  depthwiseConv2dGradInputReference,
} from './depthwise-convolution.reference'
import { type ConvolutionOptions, outputExtent, type Shape4D } from './geometry'

const TOLERANCE = { relative: 1e-5, absolute: 1e-5 }
const run = (options: ConvolutionOptions) => (x: tf.Tensor, filter: tf.Tensor) =>
  depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, options)

/** Channels around the vectors of 4 and 16, a dilation beyond the map, strides together with dilations. */
const CASES: [Shape4D, Shape4D, ConvolutionOptions][] = [
  [[2, 7, 6, 3], [3, 3, 3, 1], { stride: 1, padding: 1, dilation: 1 }],
  [[1, 9, 8, 23], [3, 3, 23, 1], { stride: 2, padding: 1, dilation: 1 }],
  [[1, 5, 6, 16], [3, 3, 16, 1], { stride: 1, padding: 12, dilation: 12 }],
  [[1, 11, 12, 5], [5, 3, 5, 1], { stride: 3, padding: 2, dilation: 2 }],
]

describeEngines('depthwise convolution', () => {
  test.each(Object.entries(golden.depthwise))('%s agrees with PyTorch', async (_, numbers) => {
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

  test.each(CASES)('kernels for %j by %j with %j agree with the references', async (shape, filterShape, options) => {
    const dyShape = [
      shape[0],
      outputExtent(shape[1], filterShape[0], options),
      outputExtent(shape[2], filterShape[1], options),
      shape[3],
    ]
    const x = pattern(shape.reduce((a, b) => a * b))
    const filter = pattern(
      filterShape.reduce((a, b) => a * b),
      7,
    )
    const dy = pattern(
      dyShape.reduce((a, b) => a * b),
      3,
    )
    const inputs = [
      { values: x, shape },
      { values: filter, shape: filterShape },
      { values: dy, shape: dyShape },
    ]
    const [dx, dfilter] = await evaluate(inputs, (a, b, c) => [
      tf
        .engine()
        .runKernel('DepthwiseConv2dGradInput', { dy: c, filter: b }, { inputShape: shape, ...options }) as tf.Tensor,
      tf.engine().runKernel('DepthwiseConv2dGradFilter', { x: a, dy: c }, { filterShape, ...options }) as tf.Tensor,
    ])
    expectClose(dx, depthwiseConv2dGradInputReference(dy, shape, filter, filterShape, options), TOLERANCE)
    expectClose(dfilter, depthwiseConv2dGradFilterReference(x, shape, dy, filterShape, options), TOLERANCE)
  })

  test.each([
    { stride: 1, padding: 1, dilation: 1 },
    { stride: 2, padding: 1, dilation: 1 },
    { stride: 1, padding: 2, dilation: 2 },
  ])('gradients agree with differences: %j', async (options) => {
    const inputs = [
      { values: pattern(150), shape: [1, 5, 6, 5] },
      { values: pattern(45, 2), shape: [3, 3, 5, 1] },
    ]
    await checkGradients(inputs, [1, outputExtent(5, 3, options), outputExtent(6, 3, options), 5], run(options), {
      step: 0.5,
      tolerance: 1e-4,
    })
  })
})
