import { expect, test } from 'vitest'
import type { RoundRecord } from '../domain/round'
import { flatten, selectedPixels, sharesOf } from './facts'
import { html } from './html'
import { pictureImages } from './pictures'

test('adds up selections and turns them into shares', () => {
  const rounds = [
    { selectedClassPixels: [1, 2] },
    { selectedClassPixels: [3, 4] },
    { selectedClassPixels: [] },
  ] as unknown as RoundRecord[]
  expect(selectedPixels(rounds, 2)).toEqual([4, 6])
  expect(sharesOf([4, 6])).toEqual([0.4, 0.6])
  expect(sharesOf([0, 0])).toEqual([0, 0])
})

test('flattens a config to dotted names', () => {
  expect(flatten({ seed: 1, size: { height: 2 }, weights: null, list: [1] })).toEqual([
    ['seed', '1'],
    ['size.height', '2'],
    ['weights', 'null'],
    ['list', '[1]'],
  ])
})

test('escapes values but not HTML', () => {
  expect(html`<b>${'<&">'}</b>${html`<i>${0}</i>`}${[html`a`, 'b']}${null}`.text).toBe(
    '<b>&#60;&#38;&#34;&#62;</b><i>0</i>ab',
  )
})

test('shows images of every round that queried, those with most regions first', () => {
  const round = (index: number, ...images: string[]) =>
    ({ index, regions: images.map((imageId) => ({ imageId })) }) as RoundRecord
  const rounds = [round(1, 'a', 'b', 'b', 'c'), round(2, 'b', 'd', 'd'), round(3)]
  expect(pictureImages(rounds, 3)).toEqual([
    { imageId: 'b', round: 1 },
    { imageId: 'a', round: 1 },
    { imageId: 'd', round: 2 },
  ])
  expect(pictureImages(rounds, 9)).toHaveLength(4)
  expect(pictureImages([round(1)])).toEqual([])
})
