import type * as tf from '@tensorflow/tfjs-core'
import golden from '../../../tests/golden/kernels.json'
import { type Case, describeKernel, filled } from '../../../tests/support/kernels'
import { from256ths } from '../../../tests/support/numbers'
import type { Shape4D } from '../convolution/geometry'
import { upsample } from './upsample'
import { upsampleGradReference, upsampleReference } from './upsample.reference'

const GOLDEN = golden.upsample.map(
  ({ shape, size, ...numbers }): Case => ({
    name: `PyTorch's ${shape} to ${size.height} x ${size.width}`,
    inputs: [{ values: from256ths(numbers.x), shape }],
    run: (x: tf.Tensor4D) => upsample(x, size),
    want: () => [numbers.y],
    dy: from256ths(numbers.dy),
    gradients: () => [numbers.dx],
    gradientTolerance: { absolute: 3e-5 },
  }),
)

function example(from: Shape4D, height: number, width: number): Case {
  const x = filled(from)
  const shape: Shape4D = [from[0], height, width, from[3]]
  return {
    name: `${from} to ${height} x ${width}`,
    inputs: [x],
    run: (input: tf.Tensor4D) => upsample(input, { height, width }),
    want: () => [{ values: upsampleReference(x.values, from, { height, width }), shape }],
    gradients: (dy) => [upsampleGradReference(dy, shape, { height: from[1], width: from[2] })],
  }
}

describeKernel('upsampling', {
  tolerance: { absolute: 1e-5 },
  gradientTolerance: { absolute: 1e-5 },
  cases: [
    ...GOLDEN,
    example([1, 1, 1, 1], 1, 1),
    example([2, 1, 1, 3], 4, 6),
    example([1, 1, 5, 2], 3, 9),
    example([1, 4, 1, 2], 13, 2),
    example([1, 3, 5, 4], 12, 20),
    example([2, 3, 5, 3], 9, 17),
    example([1, 8, 8, 1], 8, 8),
    example([1, 7, 9, 2], 3, 4),
    example([1, 4, 4, 2], 1, 1),
    example([1, 5, 13, 1], 10, 26),
    { ...example([1, 3, 4, 5], 9, 13), differences: { step: 0.5, tolerance: 1e-4 } },
  ],
})
