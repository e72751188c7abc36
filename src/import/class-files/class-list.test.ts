import { expect, test } from 'vitest'
import { readClassList } from './class-list'

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
