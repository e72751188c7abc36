import { expect, test } from 'vitest'
import { readClassList as readBytes } from './class-list'

const readClassList = (name: string, text: string) => readBytes(name, new TextEncoder().encode(text))

test("CVAT's JSON, with colours", () => {
  const text = JSON.stringify([
    { name: 'road', color: '#804080', attributes: [] },
    { name: ' sky ', color: 'none' },
    { color: '#000000' },
  ])
  expect(readClassList('labels.json', text)).toEqual([
    { name: 'road', color: [128, 64, 128] },
    { name: 'sky', color: null },
  ])
})

test('a list under "labels", names alone, and colours as numbers', () => {
  expect(readClassList('a.json', '{"labels": ["tree", "lake"]}').map(({ name }) => name)).toEqual(['tree', 'lake'])
  expect(readClassList('a.json', '[{"name": "ice", "colour": [1, 2, 3, 128]}]')).toEqual([
    { name: 'ice', color: [1, 2, 3] },
  ])
  for (const colour of ['[1, 2, 300]', '[127.5, 0, 0]', '[0.2, 0.4, 1]', '["1", 2, 3]', '"red"']) {
    expect(readClassList('a.json', `[{"name": "ice", "colour": ${colour}}]`)).toEqual([{ name: 'ice', color: null }])
  }
  expect(readClassList('a.json', '3')).toEqual([])
})

test('text tables, void left out', () => {
  const text = '# label:color_rgb:parts:actions\nroad:128,64,128::\nunlabelled:224,224,192::\nsky:70,130,180::\n'
  expect(readClassList('labelmap.txt', text)).toEqual([
    { name: 'road', color: [128, 64, 128] },
    { name: 'sky', color: [70, 130, 180] },
  ])
  expect(readClassList('label_colors.txt', '128 0 0 Building\n').at(0)).toEqual({
    name: 'Building',
    color: [128, 0, 0],
  })
})

test('a damaged file is named', () => {
  expect(() => readClassList('labels.json', '[{"name":')).toThrow('"labels.json" is not valid JSON.')
})

test('no more classes than a mask can tell apart', () => {
  const names = Array.from({ length: 256 }, (_, id) => `class ${id}`)
  expect(readClassList('a.txt', names.slice(1).join('\n'))).toHaveLength(255)
  expect(() => readClassList('a.txt', names.join('\n'))).toThrow('"a.txt" has 256 classes, more than the 255')
})

test('ids in the first column, quotes and other encodings are no part of the names', () => {
  expect(readClassList('_classes.csv', 'Pixel Value, Class\n0, background\n1, kerb').map(({ name }) => name)).toEqual([
    'background',
    'kerb',
  ])
  expect(readClassList('mine.csv', 'name,r,g,b\n"sky, clouds",1,2,3\nroad,4,5,6').at(0)?.name).toBe('sky, clouds')
  expect(readBytes('a.txt', Uint8Array.of(0xff, 0xfe, 0x72, 0, 0x0a, 0, 0x63, 0)).map(({ name }) => name)).toEqual([
    'r',
    'c',
  ])
  expect(readBytes('a.txt', Uint8Array.of(0xb5, 0xc0, 0xc2, 0xb7, 0x0a, 0x63)).map(({ name }) => name)).toEqual([
    '道路',
    'c',
  ])
})

test('each name is one line, and counts once', () => {
  const text = '[{"name": "two\\nlines", "color": "#010203"}, {"name": "car", "color": "#0a0b0c"}]'
  expect(readClassList('classes.json', text)).toEqual([
    { name: 'two lines', color: [1, 2, 3] },
    { name: 'car', color: [10, 11, 12] },
  ])
  expect(readClassList('a.txt', '1 2 3 road\n1 2 3 road').map(({ name }) => name)).toEqual(['road'])
})

test('a file of any name that a person chose', () => {
  expect(readClassList('notes.txt', 'road\ncar').map(({ name }) => name)).toEqual(['road', 'car'])
})
