import type * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { describeEngines } from '../../../tests/support/engines'
import { evaluate } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { passDropoutReference } from './pass-dropout.reference'
import { upsampledDepthwise, upsampledTaps } from './upsampled-convolution'
import { upsampledDepthwiseReference, upsampledTapsReference } from './upsampled-convolution.reference'

/** Small maps and what they are upsampled to: single samples, the least factor, odd sizes, not square. */
const CASES: { z: [number, number, number, number]; size: { height: number; width: number } }[] = [
  { z: [1, 1, 1, 4], size: { height: 1, width: 1 } },
  { z: [2, 1, 3, 4], size: { height: 3, width: 5 } },
  { z: [3, 2, 1, 8], size: { height: 7, width: 2 } },
  { z: [2, 3, 4, 12], size: { height: 9, width: 16 } },
  { z: [1, 4, 5, 4], size: { height: 7, width: 9 } },
]

const filled = (shape: number[], phase = 0) => ({
  values: pattern(
    shape.reduce((a, b) => a * b),
    phase,
  ),
  shape,
})

describeEngines('upsampled convolution', () => {
  test.each(CASES)('depthwise of $z at $size agrees with the reference', async ({ z, size }) => {
    const channels = z[3]
    const inputs = [filled(z), filled([3, 3, channels, 1], 2), filled([channels], 7)]
    const [map, filter, bias] = inputs.map(({ values }) => values)
    const [y] = await evaluate(inputs, (a, b, c) => [
      upsampledDepthwise(a as tf.Tensor4D, b as tf.Tensor4D, c as tf.Tensor1D, size),
    ])
    expectClose(y, upsampledDepthwiseReference(map, z, filter, bias, size), { absolute: 1e-5 })
  })

  test.each(CASES)('taps of $z at $size agree with the reference', async ({ z, size }) => {
    const [items, h, w, channels] = z
    const itemSize = size.height * size.width * channels
    const mask = { rate: 0.5, seed: 11, layer: 2, firstPass: 3 }
    for (const sharedItems of new Set([1, items])) {
      const taps = filled([items, h, w, 9 * channels])
      const shared = filled([sharedItems, size.height, size.width, channels], 3)
      const [y] = await evaluate([taps, shared], (a, b) => [upsampledTaps(a as tf.Tensor4D, b as tf.Tensor4D, mask)])
      const sums = upsampledTapsReference(taps.values, z, size)
      const want = passDropoutReference(sums, shared.values, itemSize, channels, {
        ...mask,
        passes: items,
        relu: true,
      })
      expectClose(y, want, { absolute: 2e-5 })
    }
  })

  test('a map that is hardly smaller than its upsampling is refused', async () => {
    const inputs = [filled([1, 4, 4, 4]), filled([3, 3, 4, 1]), filled([4])]
    const run = evaluate(inputs, (a, b, c) => [
      upsampledDepthwise(a as tf.Tensor4D, b as tf.Tensor4D, c as tf.Tensor1D, { height: 6, width: 7 }),
    ])
    await expect(run).rejects.toThrow('do not fit')
  })
})
