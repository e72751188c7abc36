import { expect, test } from 'vitest'
import { randomStream } from '../math/random'
import { emptyRaster, pixelLabel } from './raster'
import { labelRuns, runEnd } from './runs'

/** Mostly long runs of two values, of any length, from any byte of their buffer on. */
function flatBytes(random: ReturnType<typeof randomStream>, length: number): Uint8Array {
  const bytes = new Uint8Array(new ArrayBuffer(length + 9), random.below(9), length)
  for (let i = 0; i < length; ) {
    const end = i + 1 + random.below(random.next() < 0.5 ? 3 : 90)
    bytes.fill(random.next() < 0.5 ? 255 : 7, i, end)
    i = end
  }
  return bytes
}

test('a run ends where the next pixel differs, wherever it begins', () => {
  const random = randomStream(5, 'runs')
  let longest = 0
  for (let k = 0; k < 400; k++) {
    const length = 1 + random.below(200)
    const [values, others] = [flatBytes(random, length), flatBytes(random, length)]
    for (const second of [values, others]) {
      const start = random.below(length)
      const end = start + 1 + random.below(length - start)
      let expected = start
      while (expected < end && values[expected] === values[start] && second[expected] === second[start]) expected++
      expect(runEnd(start, end, values, second)).toBe(expected)
      longest = Math.max(longest, expected - start)
    }
  }
  expect(longest).toBeGreaterThan(60)
})

test('a run of labels is one of class and provenance', () => {
  const raster = emptyRaster({ height: 1, width: 60 })
  raster.classes.fill(3, 10, 50)
  raster.provenance.fill(2, 30, 60)
  const runs: number[][] = []
  labelRuns(raster, 5, 58, (...run) => runs.push(run))
  expect(runs).toEqual([
    [5, 10, pixelLabel(255, 0)],
    [10, 30, pixelLabel(3, 0)],
    [30, 50, pixelLabel(3, 2)],
    [50, 58, pixelLabel(255, 2)],
  ])
  labelRuns(raster, 20, 20, () => {
    throw new Error('there is no pixel')
  })
})
