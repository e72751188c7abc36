import type * as tf from '@tensorflow/tfjs-core'
import { test } from 'vitest'
import golden from '../../../tests/golden/kernels.json'
import { describeEngines } from '../../../tests/support/engines'
import { checkGradients, evaluate, from256ths, gradients } from '../../../tests/support/gradients'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { upsample } from './upsample'

describeEngines('upsampling', () => {
  test.each(golden.upsample)('$shape to $size agrees with PyTorch', async ({ shape, size, ...numbers }) => {
    const inputs = [{ values: from256ths(numbers.x), shape }]
    const [y] = await evaluate(inputs, (x) => [upsample(x as tf.Tensor4D, size)])
    expectClose(y, numbers.y, { relative: 1e-5, absolute: 1e-5 })
    const dy = { values: from256ths(numbers.dy), shape: [shape[0], size.height, size.width, shape[3]] }
    const [dx] = await gradients(inputs, dy, (x) => upsample(x as tf.Tensor4D, size))
    expectClose(dx, numbers.dx, { relative: 1e-5, absolute: 3e-5 })
  })

  test('gradients agree with differences', async () => {
    const inputs = [{ values: pattern(60), shape: [1, 3, 4, 5] }]
    await checkGradients(inputs, [1, 9, 13, 5], (x) => upsample(x as tf.Tensor4D, { height: 9, width: 13 }), {
      step: 0.5,
      tolerance: 1e-4,
    })
  })
})
