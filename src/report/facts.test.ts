import { expect, test } from 'vitest'
import type { RoundRecord } from '../domain/round'
import { flatten, selectedPixels, sharesOf } from './facts'
import { html } from './html'
import { paintClasses, paintLabels, paintMap } from './paint'
import { pictureImages } from './pictures'

const CLASSES = [{ name: 'road', color: [100, 0, 200] as [number, number, number] }]

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

test('paints classes, void, and maps from dark to bright', () => {
  expect([...paintClasses(Uint8Array.of(0, 255), CLASSES)]).toEqual([100, 0, 200, 255, 24, 27, 31, 255])
  expect([...paintMap({ values: Uint8Array.of(0, 51, 102), max: 3 })]).toEqual([
    8, 6, 28, 255, 183, 56, 90, 255, 252, 245, 170, 255,
  ])
})

test('paints annotated, extended and unlabelled pixels differently over the image', () => {
  const rgba = new Uint8ClampedArray(4 * 4).fill(100)
  const labels = { classes: Uint8Array.of(0, 255, 0, 0), provenance: Uint8Array.of(2, 0, 1, 3) }
  paintLabels(rgba, 4, labels, CLASSES)
  const red = [0, 1, 2, 3].map((pixel) => [...rgba.subarray(pixel * 4, pixel * 4 + 4)])
  expect(red).toEqual([
    [100, 22, 178, 100],
    [58, 60, 62, 100],
    [100, 22, 178, 100],
    [100, 50, 150, 100],
  ])
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
