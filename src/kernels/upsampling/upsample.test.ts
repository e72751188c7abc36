import { expect, test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import { expectClose, from256ths } from '../../../tests/support/numbers'
import type { Shape4D } from '../convolution/geometry'
import { upsampleGradReference, upsampleReference } from './upsample.reference'

test.each(golden.upsample)('$shape to $size agrees with PyTorch', (example) => {
  const [x, dy] = [example.x, example.dy].map(from256ths)
  const [N, height, width, C] = example.shape
  const outputShape: Shape4D = [N, example.size.height, example.size.width, C]
  expectClose(upsampleReference(x, example.shape as Shape4D, example.size), example.y, {
    relative: 1e-5,
    absolute: 1e-5,
  })
  expectClose(upsampleGradReference(dy, outputShape, { height, width }), example.dx, { relative: 1e-5, absolute: 1e-5 })
})

test('corners stay where they are', () => {
  const y = upsampleReference(Float32Array.of(1, 2, 3, 4), [1, 2, 2, 1], { height: 5, width: 7 })
  expect([y[0], y[6], y[28], y[34]]).toEqual([1, 2, 3, 4])
})
