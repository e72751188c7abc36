import { expect, test } from 'vitest'
import { sentencesOf } from './sentences'

test('a text is taken apart at its full stops, not inside of names', () => {
  expect(sentencesOf('CamVid, from "train". No split: 2 of 9 were drawn. 3 images have no mask.')).toEqual([
    'CamVid, from "train".',
    'No split: 2 of 9 were drawn.',
    '3 images have no mask.',
  ])
  expect(sentencesOf('Classes are from "My list. Final.txt". Done.')).toEqual([
    'Classes are from "My list. Final.txt".',
    'Done.',
  ])
  expect(sentencesOf('Values such as 0, 1 etc. are ids.')).toEqual(['Values such as 0, 1 etc. are ids.'])
  expect(sentencesOf('')).toEqual([])
})
