import { expect, test } from 'vitest'
import golden from '../../../tests/golden/vaal-kernels.json'
import { expectClose, from256ths } from '../../../tests/support/numbers'
import { type Shape4D, transposedExtent } from './geometry'
import { transposedConv2dGradReference, transposedConv2dReference } from './transposed-convolution.reference'

const NEAR = { relative: 1e-5, absolute: 1e-5 }

test.each(Object.entries(golden.transposedConvolution))('%s agrees with PyTorch', (_, example) => {
  const [x, filter, dy] = [example.x, example.filter, example.dy].map(from256ths)
  const [shape, filterShape] = [example.shape as Shape4D, example.filterShape as Shape4D]
  expectClose(transposedConv2dReference(x, shape, filter, filterShape, example.options), example.y, NEAR)
  const { dx, dfilter } = transposedConv2dGradReference(x, shape, filter, filterShape, dy, example.options)
  expectClose(dx, example.dx, NEAR)
  expectClose(dfilter, example.dfilter, NEAR)
})

test('two pixels by hand: each spreads the filter, and they meet where their filters overlap', () => {
  const options = { stride: 2, padding: 0 }
  const x = Float32Array.of(1, 10)
  const filter = Float32Array.of(1, 2, 3)
  const y = transposedConv2dReference(x, [1, 1, 2, 1], filter, [1, 3, 1, 1], options)
  expect([...y]).toEqual([1, 2, 3 + 10, 20, 30])
  const dy = Float32Array.of(1, 0, 1, 0, 0)
  const { dx, dfilter } = transposedConv2dGradReference(x, [1, 1, 2, 1], filter, [1, 3, 1, 1], dy, options)
  expect([...dx]).toEqual([1 + 3, 1])
  expect([...dfilter]).toEqual([1 + 10, 0, 1])
})

test('output extents by hand', () => {
  expect(transposedExtent(8, 4, { stride: 2, padding: 1 })).toBe(16)
  expect(transposedExtent(1, 8, { stride: 1, padding: 0 })).toBe(8)
  expect(transposedExtent(7, 3, { stride: 1, padding: 1 })).toBe(7)
})
