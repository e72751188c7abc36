import * as tf from '@tensorflow/tfjs-core'
import { test } from 'vitest'
import { expectClose, pattern } from '../../../tests/support/numbers'
import { useWebGpu } from '../../../tests/support/webgpu'
import { gaussianAttention } from './gaussian-attention'
import { gaussianAttentionReference } from './gaussian-attention.reference'

useWebGpu()

const MAPS = [
  { height: 1, width: 1 },
  { height: 7, width: 9 },
  { height: 8, width: 8 },
  { height: 5, width: 13 },
  { height: 37, width: 20 },
]

test.each(MAPS)('$height x $width, windows smaller and larger than the map', async ({ height, width }) => {
  const values = pattern(height * width)
  for (const window of [1, 2, 5, 8, 33]) {
    const a = pattern(window, 4).map((v) => v + 1.2)
    const got = await gaussianAttention(tf.tensor2d(values, [height, width]), a).data()
    expectClose(got, gaussianAttentionReference(values, { height, width }, a), { absolute: 1e-4 })
  }
})
