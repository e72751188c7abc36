import { expect, test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import { expectClose, from256ths } from '../../../tests/support/numbers'
import { conv2dGradFilterReference, conv2dGradInputReference, conv2dReference } from './convolution.reference'
import { outputExtent, type Shape4D } from './geometry'

test.each(Object.entries(golden.convolution))('%s agrees with PyTorch', (_, example) => {
  const [x, filter, dy] = [example.x, example.filter, example.dy].map(from256ths)
  const [shape, filterShape] = [example.shape as Shape4D, example.filterShape as Shape4D]
  expectClose(conv2dReference(x, shape, filter, filterShape, example.options), example.y, {
    relative: 1e-5,
    absolute: 1e-5,
  })
  expectClose(conv2dGradInputReference(dy, shape, filter, filterShape, example.options), example.dx, {
    relative: 1e-5,
    absolute: 1e-5,
  })
  expectClose(conv2dGradFilterReference(x, shape, dy, filterShape, example.options), example.dfilter, {
    relative: 1e-5,
    absolute: 1e-5,
  })
})

test('output extents by hand', () => {
  expect(outputExtent(512, 3, { stride: 2, padding: 1, dilation: 1 })).toBe(256)
  expect(outputExtent(45, 3, { stride: 2, padding: 1, dilation: 1 })).toBe(23)
  expect(outputExtent(23, 3, { stride: 1, padding: 18, dilation: 18 })).toBe(23)
})
