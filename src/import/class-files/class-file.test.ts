import { expect, test } from 'vitest'
import { CAMVID_CLASSES, CITYSCAPES_CLASSES, generatedColor } from '../../domain/classes'
import { findClassFile, parseClassFile } from './class-file'

test.each([
  ['CVAT', 'road:128,64,128::\nvoid:0,0,0::'],
  ['CamVid', '128 64 128 road\n0 0 0 void'],
  ['csv', 'name,r,g,b\nroad,128,64,128\nvoid,0,0,0'],
  ['tabs, a mark, empty lines', '\uFEFF128 64 128\t\troad\r\n\r\n# comment\r\n0 0 0\tvoid\r\n'],
])('%s', (_name, text) => {
  expect(parseClassFile('f', text).entries).toEqual([
    { name: 'road', color: [128, 64, 128], isVoid: false },
    { name: 'void', color: [0, 0, 0], isVoid: true },
  ])
})

test('names alone, with spaces and digits in them', () => {
  expect(parseClassFile('f', 'traffic light\nclass 7\n_dummy3\n').entries).toEqual([
    { name: 'traffic light', color: null, isVoid: false },
    { name: 'class 7', color: null, isVoid: false },
    { name: '_dummy3', color: null, isVoid: true },
  ])
})

test("CVAT's parts and actions are no part of the name, with a colour or without", () => {
  const entries = [
    { name: 'person', color: null, isVoid: false },
    { name: 'dog', color: [1, 2, 3], isVoid: false },
    { name: 'lamp', color: null, isVoid: false },
    { name: 'sign: stop', color: null, isVoid: false },
  ]
  expect(parseClassFile('f', 'person::head,hand:walk\ndog:1,2,3:tail:\nlamp:::\nsign: stop').entries).toEqual(entries)
})

test('the class file nearest to the top wins, then the one with colours', () => {
  expect(findClassFile(['a/labelmap.txt', 'classes.txt', 'label_colors.txt', 'readme.txt'])).toBe('label_colors.txt')
  expect(findClassFile(['a/labels.txt', 'x.png'])).toBe('a/labels.txt')
  expect(findClassFile(['x.png'])).toBeNull()
})

test('no two classes share a colour', () => {
  for (const colors of [CITYSCAPES_CLASSES, CAMVID_CLASSES].map((classes) => classes.map(({ color }) => color))) {
    expect(new Set(colors.map(String)).size).toBe(colors.length)
  }
  const generated = Array.from({ length: 64 }, (_, i) => generatedColor(i))
  expect(new Set(generated.map(String)).size).toBe(64)
  for (const channel of generated.flat()) expect(channel >= 0 && channel <= 255).toBe(true)
})
