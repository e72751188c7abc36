import type * as tf from '@tensorflow/tfjs-core'
import { type Case, describeKernel, EXACT, filled } from '../../../tests/support/kernels'
import type { Size } from '../../domain/size'
import type { Shape4D } from '../convolution/geometry'
import { pixelStatistics } from './pixel-statistics'
import { pixelStatisticsReference } from './pixel-statistics.reference'

const run = (size: Size) => (x: tf.Tensor4D) => pixelStatistics(x, size)

/** @param scale the largest logit */
function example(shape: Shape4D, size: Size, scale: number): Case {
  const logits = filled(shape, 0, (value) => scale * value)
  return {
    name: `${shape} at ${size.height} x ${size.width}, logits up to ${scale}`,
    inputs: [logits],
    run: run(size),
    want: () => Object.values(pixelStatisticsReference(logits.values, shape, size)),
  }
}

const CASES: [Shape4D, Size][] = [
  [[1, 1, 1, 1], { height: 1, width: 1 }],
  [[2, 2, 3, 4], { height: 7, width: 9 }],
  [[1, 3, 2, 2], { height: 8, width: 8 }],
  [[1, 3, 3, 11], { height: 5, width: 13 }],
  [[3, 4, 6, 19], { height: 15, width: 23 }],
]

const equal = (shape: Shape4D, size: Size): Case => ({
  name: `equal logits, ${shape} at ${size.height} x ${size.width}: class 0, confidence 1/C, no margin, log2 C bits`,
  inputs: [filled(shape, 0, () => 0)],
  run: run(size),
  want: () => {
    const everywhere = (value: number) => new Array(size.height * size.width).fill(value)
    return [0, 1 / shape[3], 0, Math.log2(shape[3])].map(everywhere)
  },
  tolerance: [EXACT, {}, EXACT, {}],
})

describeKernel('pixel statistics', {
  tolerance: [EXACT, { absolute: 1e-5 }, { absolute: 2e-5 }, { absolute: 3e-5 }],
  cases: [
    example([1, 1, 1, 2], { height: 1, width: 1 }, 4),
    example([2, 3, 5, 11], { height: 9, width: 17 }, 4),
    example([1, 5, 4, 19], { height: 5, width: 4 }, 150),
    ...CASES.flatMap(([shape, size]) => [1, 10, 80].map((scale) => example(shape, size, scale))),
    equal([1, 1, 1, 6], { height: 2, width: 2 }),
    equal([1, 2, 2, 8], { height: 3, width: 5 }),
  ],
})
