import { expect, test } from 'vitest'
import { date } from '../format'
import { missingThings } from './missing-things'

const nothing = { images: [], pictures: [], groundTruth: [], labels: [], runs: [], runParts: [] }

test('what a project file lacks is one list that names images and runs', () => {
  const run = { method: 'random', createdAt: 0 }
  const missing = { ...nothing, images: ['a'], pictures: ['b', 'c'], labels: ['d', 'e', 'f'], runs: [run, null] }
  expect(missingThings(missing)).toBe(
    `the image a with its labels; the pictures of b and c, whose labels are there; some labels of d, e and f; ` +
      `the run Random of ${date(0)}; a run whose name is lost too`,
  )
})

test('several images, ground truth and parts of runs are named too', () => {
  const run = { method: 'cpral', createdAt: 0 }
  const missing = { ...nothing, images: ['a', 'b'], groundTruth: ['c'], runParts: [run] }
  expect(missingThings(missing)).toBe(
    `the images a and b with their labels; the ground truth of c; parts of the run CPRAL of ${date(0)}`,
  )
})
