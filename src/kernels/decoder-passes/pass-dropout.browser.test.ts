import type * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { describeEngines } from '../../../tests/support/engines'
import { evaluate } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { passDropout } from './pass-dropout'
import { passDropoutReference } from './pass-dropout.reference'

const MASK = { rate: 0.5, seed: 4294967295, layer: 3, firstPass: 2 }

/** Items of x and of the shared map (0 = none), their extents, and the options. */
const CASES = [
  { x: 1, shared: 0, extents: [1, 1, 4], options: { ...MASK, passes: 1 } },
  { x: 1, shared: 0, extents: [3, 5, 8], options: { ...MASK, passes: 3 } },
  { x: 3, shared: 1, extents: [4, 7, 12], options: { ...MASK, passes: 3, relu: true } },
  { x: 2, shared: 2, extents: [5, 3, 8], options: { ...MASK, passes: 2, relu: true, rate: 0.1 } },
  { x: 1, shared: 0, extents: [3, 5, 8], options: { ...MASK, passes: 4, rate: 0.25, channelwise: true } },
  { x: 1, shared: 1, extents: [17, 4, 4], options: { ...MASK, passes: 2, rate: 0 } },
]

describeEngines('pass dropout', () => {
  test.each(CASES)('$x and $shared items of $extents agree with the reference: $options', async (given) => {
    const { extents, options } = given
    const itemSize = extents.reduce((a, b) => a * b)
    const map = (items: number, phase: number) => ({
      values: pattern(items * itemSize, phase),
      shape: [items, ...extents],
    })
    const x = map(given.x, 0)
    const shared = given.shared > 0 ? map(given.shared, 5) : null
    const [y] = await evaluate(shared ? [x, shared] : [x], (a, b) => [
      passDropout(a as tf.Tensor4D, (b ?? null) as tf.Tensor4D | null, options),
    ])
    const want = passDropoutReference(x.values, shared?.values ?? null, itemSize, extents[2], options)
    expectClose(y, want, { relative: 1e-6, absolute: 1e-7 })
  })

  test('maps of different extents are refused', async () => {
    const maps = [
      { values: pattern(8), shape: [1, 1, 2, 4] },
      { values: pattern(4), shape: [1, 1, 1, 4] },
    ]
    const run = evaluate(maps, (a, b) => [passDropout(a as tf.Tensor4D, b as tf.Tensor4D, { ...MASK, passes: 1 })])
    await expect(run).rejects.toThrow('do not fit')
  })
})
