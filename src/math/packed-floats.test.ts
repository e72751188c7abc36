import { expect, test } from 'vitest'
import { packFloats, unpackFloats } from './packed-floats'

const throughBits = (values: number[]) => [...unpackFloats(packFloats(Float32Array.from(values)))]

test('numbers come back to within half a part in 4096, over all of the range', () => {
  for (let exponent = -27; exponent < 4; exponent++) {
    for (let k = 0; k < 64; k++) {
      const value = 2 ** exponent * (1 + k / 64.3)
      const [back] = throughBits([value])
      expect(Math.abs(back - value) / value).toBeLessThanOrEqual(1 / 4096)
    }
  }
})

test('powers of two and 0 are exact, and order is kept', () => {
  expect(throughBits([0, 2 ** -27, 0.5, 1, 8])).toEqual([0, 2 ** -27, 0.5, 1, 8])
  const rising = Array.from({ length: 1000 }, (_, i) => 1e-7 * 1.02 ** i).filter((value) => value < 15)
  const packed = [...packFloats(Float32Array.from(rising))]
  expect(packed).toEqual([...packed].sort((a, b) => a - b))
})

test('what is out of the range becomes its end', () => {
  expect(throughBits([1e-12, -1, Number.NaN])).toEqual([0, 0, 0])
  expect(throughBits([1e9])[0]).toBeCloseTo(16, 1)
})
