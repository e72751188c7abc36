import { expect, test } from 'vitest'
import type { ClassDefinition } from '../domain/classes'
import { corrected, nameFaults, withCorrection } from './class-corrections'

const ROAD: ClassDefinition = { name: 'road', color: [1, 2, 3] }
const SKY: ClassDefinition = { name: 'sky', color: [4, 5, 6] }
const CAR: ClassDefinition = { name: 'car', color: [7, 8, 9] }

test('a correction is found again where a new look has other classes beside it', () => {
  const corrections = withCorrection(withCorrection(new Map(), [ROAD, SKY], 1, { name: 'heaven' }), [ROAD, SKY], 1, {
    color: [0, 0, 0],
  })
  const heaven = { name: 'heaven', color: [0, 0, 0] }
  expect(corrected([ROAD, SKY], corrections)).toEqual([ROAD, heaven])
  expect(corrected([CAR, SKY, ROAD], corrections)).toEqual([CAR, heaven, ROAD])
  expect(corrected([{ ...SKY, name: 'blue' }], corrections)).toEqual([{ ...SKY, name: 'blue' }])
})

test('a correction back to what the folder has is none', () => {
  const corrections = withCorrection(withCorrection(new Map(), [SKY], 0, { name: 'heaven' }), [SKY], 0, { name: 'sky' })
  expect(corrections.size).toBe(0)
})

test('of classes that look the same each has its own correction', () => {
  const classes = [ROAD, SKY, ROAD]
  const corrections = withCorrection(new Map(), classes, 2, { name: 'street' })
  expect(corrected(classes, corrections)).toEqual([ROAD, SKY, { ...ROAD, name: 'street' }])
})

test('names that are empty or equal have a sentence, with spaces around them or not', () => {
  expect(nameFaults([ROAD, SKY])).toEqual([null, null])
  expect(nameFaults([ROAD, { ...SKY, name: ' ' }, CAR, { ...CAR, name: 'road ' }])).toEqual([
    'Two classes are called "road": give one of them another name.',
    'Class 1 has no name: give it one.',
    null,
    'Two classes are called "road": give one of them another name.',
  ])
})
