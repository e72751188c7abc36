import { expect, test } from 'vitest'
import { runningAverageReference } from './running-average.reference'

test('each block has its share, a negative one changes nothing', () => {
  const running = new Float32Array(192).fill(2)
  runningAverageReference(running, new Float32Array(192).fill(4), [0.5, -1, 0.25], 0.5)
  expect([running[0], running[63], running[64], running[127], running[128]]).toEqual([3, 3, 2, 2, 2])
})
