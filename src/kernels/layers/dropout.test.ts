import { expect, test } from 'vitest'
import { hash32, hashWords } from '../../math/random'
import { dropoutReference } from './dropout.reference'

const options = { rate: 0.3, seed: 1, layer: 2, firstPass: 5 }

test('the mask is the hash of seed, layer, pass and element', () => {
  const y = dropoutReference(new Float32Array(24).fill(1), 2, 3, options)
  const expected = Array.from({ length: 24 }, (_, i) => {
    const key = hashWords(1, 2, i < 12 ? 5 : 6)
    return hash32((key ^ (i % 12)) >>> 0) / 4294967296 >= 0.3 ? Math.fround(1 / 0.7) : 0
  })
  expect([...y]).toEqual(expected)
})

test('the second item is what its pass gives alone', () => {
  const two = dropoutReference(new Float32Array(200).fill(1), 2, 10, options)
  const second = dropoutReference(new Float32Array(100).fill(1), 1, 10, { ...options, firstPass: 6 })
  expect(two.slice(100)).toEqual(second)
})

test('channelwise masks drop whole channels, at the rate asked for', () => {
  const channels = 2000
  const y = dropoutReference(new Float32Array(3 * channels).fill(1), 1, channels, { ...options, channelwise: true })
  expect(y.slice(0, channels)).toEqual(y.slice(channels, 2 * channels))
  const dropped = y.slice(0, channels).filter((value) => value === 0).length / channels
  // Four standard deviations of a share of 0.3 of 2000.
  expect(Math.abs(dropped - 0.3)).toBeLessThan(0.041)
})
