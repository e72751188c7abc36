import { expect, it, test } from 'vitest'
import { defaultConfig } from '../cpral/presets'
import { IGNORE, PROVENANCE } from '../domain/labels'
import { classFrequencies, countImage } from './label-index'
import { classWeights, weighClasses } from './loss-weights'

const SIZE = { height: 2, width: 5 }
const { training } = defaultConfig({ format: 'camvid', source: 'folder', trainImages: 2, imageSize: SIZE }, 'light')
const { oracle, extended, none } = PROVENANCE

/** Class 0 fills 7 of 9 labelled pixels of the first image; class 1 has 2 there and 4 of 5 in the second; class 2 1 of 5. */
const FIRST = {
  classes: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 1, IGNORE),
  provenance: new Uint8Array(10).fill(oracle),
}
const SECOND = {
  classes: Uint8Array.of(1, 1, 1, 1, 2, 2, 2, IGNORE, IGNORE, IGNORE),
  provenance: Uint8Array.of(oracle, oracle, oracle, oracle, oracle, extended, extended, none, none, none),
}
const COUNTS = [countImage('a', FIRST), countImage('b', SECOND)]

test('what images hold: void, extended and unlabelled pixels apart', () => {
  expect(COUNTS.map(({ given, extended: added }) => [given, added])).toEqual([
    [9, 0],
    [5, 2],
  ])
})

test('frequency of a class is its share of the images in which it occurs', () => {
  expect(classFrequencies(COUNTS)).toEqual([
    { classId: 0, pixels: 7, frequency: 7 / 9 },
    { classId: 1, pixels: 6, frequency: 6 / 14 },
    { classId: 2, pixels: 1, frequency: 1 / 5 },
  ])
})

test('a class weighs the median frequency by its own, to a power and within a cap', () => {
  const of = (power: number, cap?: number) => {
    const settings = { ...training, classWeightPower: power, ...(cap !== undefined && { classWeightCap: cap }) }
    return classWeights(classFrequencies(COUNTS), settings)?.subarray(0, 4)
  }
  expect(of(0)).toBeUndefined()
  expect(of(1)).toEqual(Float32Array.of(6 / 14 / (7 / 9), 1, 6 / 14 / (1 / 5), 1))
  expect(of(0.5)).toEqual(Float32Array.of(Math.sqrt(6 / 14 / (7 / 9)), 1, Math.sqrt(6 / 14 / (1 / 5)), 1))
  expect(of(1, 1.5)).toEqual(Float32Array.of(1 / 1.5, 1, 1.5, 1))
})

it('weighs pixels by class', () => {
  const batch = {
    labels: Int32Array.of(0, 1, IGNORE, 0, 1, 1, IGNORE, IGNORE, IGNORE),
    weights: Float32Array.of(1, 0.5, 0, 1, 1, 1, 0, 0, 0),
    weightSums: [1.5, 3, 0],
  }
  weighClasses(batch, Float32Array.of(1, 2))
  expect(batch).toMatchObject({ weights: Float32Array.of(1, 1, 0, 1, 2, 2, 0, 0, 0), weightSums: [2, 5, 0] })
})
