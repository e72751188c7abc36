import { expect, test } from 'vitest'
import { distinctPaths, type Source } from './distinct-paths'

const file = new File([], 'x')
const source = (name: string | null, paths: string[], folder = ''): Source => {
  return { folder, name, files: paths.map((path) => ({ path, file })) }
}
const paths = (...sources: Source[]) => distinctPaths(sources).map(({ path }) => path)

test('what shares no path stays as it is', () => {
  expect(paths(source('june', ['images/1.jpg']), source(null, ['a.jpg']), source('july', ['images/2.jpg']))).toEqual([
    'images/1.jpg',
    'a.jpg',
    'images/2.jpg',
  ])
})

test('archives that share a path keep images and masks together, below their names', () => {
  const june = source('june', ['images/1.jpg', 'images/2.jpg'])
  const july = source('july', ['images/1.jpg', 'labels/1.png'])
  expect(paths(june, july)).toEqual([
    'june/images/1.jpg',
    'june/images/2.jpg',
    'july/images/1.jpg',
    'july/labels/1.png',
  ])
  expect(paths(source('labels', ['1.png']), source('images', ['1.png']))).toEqual(['labels/1.png', 'images/1.png'])
})

test('frames of videos with equal names lie in folders of the videos; a loose file stays where it is', () => {
  const frames = ['a-00000.0s.jpg']
  expect(paths(source('a.mp4', frames, 'day/'), source('a.mov', frames, 'day/'), source('b', frames))).toEqual([
    'day/a.mp4/a-00000.0s.jpg',
    'day/a.mov/a-00000.0s.jpg',
    'a-00000.0s.jpg',
  ])
  expect(paths(source(null, ['1.jpg']), source('set', ['1.jpg']))).toEqual(['1.jpg', 'set/1.jpg'])
})

test('files of one name from nowhere, and twice in an archive, are numbered', () => {
  expect(paths(source(null, ['image.png']), source(null, ['image.png']), source(null, ['image 2.png']))).toEqual([
    'image.png',
    'image 2.png',
    'image 2 2.png',
  ])
  expect(paths(source('set', ['v1.0/read', 'v1.0/read']))).toEqual(['v1.0/read', 'v1.0/read 2'])
})
