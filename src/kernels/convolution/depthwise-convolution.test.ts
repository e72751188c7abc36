import { test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import { expectClose, from256ths } from '../../../tests/support/numbers'
import {
  depthwiseConv2dGradFilterReference,
  depthwiseConv2dGradInputReference,
  depthwiseConv2dReference,
} from './depthwise-convolution.reference'
import type { Shape4D } from './geometry'

test.each(Object.entries(golden.depthwise))('%s agrees with PyTorch', (_, example) => {
  const [x, filter, dy] = [example.x, example.filter, example.dy].map(from256ths)
  const [shape, filterShape] = [example.shape as Shape4D, example.filterShape as Shape4D]
  const tolerance = { relative: 1e-5, absolute: 1e-5 }
  expectClose(depthwiseConv2dReference(x, shape, filter, filterShape, example.options), example.y, tolerance)
  expectClose(depthwiseConv2dGradInputReference(dy, shape, filter, filterShape, example.options), example.dx, tolerance)
  expectClose(
    depthwiseConv2dGradFilterReference(x, shape, dy, filterShape, example.options),
    example.dfilter,
    tolerance,
  )
})
