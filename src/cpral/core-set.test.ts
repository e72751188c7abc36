import { expect, it } from 'vitest'
import golden from '../../tests/golden/cpral.json'
import { kCentreGreedy } from './core-set'

it('takes the farthest row each time, by hand on a line', () => {
  const features = Float32Array.of(0, 1, 5, 9, 10)
  expect(kCentreGreedy(features, 1, [0], 3)).toEqual([
    { index: 4, distance: 10 },
    { index: 2, distance: 5 },
    { index: 1, distance: 1 }, // tie with row 3
  ])
})

it('starts at the first row of an empty set, and stops when all rows are taken', () => {
  expect(kCentreGreedy(Float32Array.of(2, 2, 2), 1, [], 5).map(({ index }) => index)).toEqual([0, 1, 2])
})

it('agrees with SciPy distances', () => {
  const { features, dimension, centres, chosen, radii } = golden.coreSet
  const result = kCentreGreedy(Float32Array.from(features), dimension, centres, chosen.length)
  expect(result.map(({ index }) => index)).toEqual(chosen)
  for (const [i, radius] of radii.entries()) expect(result[i].distance).toBeCloseTo(radius, 5)
})
