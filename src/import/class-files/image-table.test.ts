import { expect, test } from 'vitest'
import { matchImageTables, parseImageTable } from './image-table'

test('columns of masks and images are found by their names, in any order; quoted cells hold anything', () => {
  expect(parseImageTable('mask,image\n"labels/a, ""b"".png","a, ""b"".jpg"\n"labels/#\n.png","#\n.jpg"\n')).toEqual([
    { mask: 'labels/a, "b".png', image: 'a, "b".jpg' },
    { mask: 'labels/#\n.png', image: '#\n.jpg' },
  ])
  expect(parseImageTable('\uFEFFid;Image Path;Label-File\r\n1;a.jpg;m/a.png\r\n2;b.jpg;\r\n')).toEqual([
    { mask: 'm/a.png', image: 'a.jpg' },
  ])
  expect(parseImageTable('image,split\na.jpg,train\n')).toEqual([])
  expect(parseImageTable('')).toEqual([])
})

const match = (pictures: string[], pairs: [mask: string, image: string][], path = 'images.csv') =>
  Object.fromEntries(matchImageTables([{ path, pairs: pairs.map(([mask, image]) => ({ mask, image })) }], pictures))

test('paths begin at the folder of the table, else at the top', () => {
  const pictures = ['x/labels/a_.png', 'labels/a_.png', 'x/a?.png', 'a?.png']
  expect(match(pictures, [['labels/a_.png', 'a?.png']])).toEqual({ 'labels/a_.png': 'a?.png' })
  expect(match(pictures, [['labels/a_.png', 'a?.png']], 'x/images.csv')).toEqual({ 'x/labels/a_.png': 'x/a?.png' })
  expect(match(['x/labels/a_.png', 'a?.png'], [['labels/a_.png', 'a?.png']], 'x/images.csv')).toEqual({
    'x/labels/a_.png': 'a?.png',
  })
})

test('a folder more or less in front makes no difference where one picture alone agrees', () => {
  const pairs: [string, string][] = [['labels/a_.png', 'photos/a?.png']]
  expect(match(['labels/a_.png', 'set/photos/a?.png'], pairs)).toEqual({ 'labels/a_.png': 'set/photos/a?.png' })
  expect(match(['labels/a_.png', 'a?.png'], pairs)).toEqual({ 'labels/a_.png': 'a?.png' })
  expect(match(['labels/a_.png', 'one/photos/a?.png', 'two/photos/a?.png'], pairs)).toEqual({})
  expect(match(['labels/a_.png', 'other/a?.png', 'xphotos/a?.png'], pairs)).toEqual({})
})

test('no mask is an image of the table, and pictures that are not there are no pairs', () => {
  const pairs: [string, string][] = [
    ['labels/a.png', 'a.png'],
    ['labels/b.png', 'b.png'],
  ]
  expect(match(['labels/a.png', 'photos/a.png', 'labels/b.png'], pairs)).toEqual({ 'labels/a.png': 'photos/a.png' })
})

test('Unicode forms of one name are one name', () => {
  expect(match(['m/e\u0301.png', '\u00e9.jpg'], [['m/\u00e9.png', 'e\u0301.jpg']])).toEqual({
    'm/e\u0301.png': '\u00e9.jpg',
  })
})
