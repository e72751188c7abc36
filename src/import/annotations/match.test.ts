import { expect, test } from 'vitest'
import type { AnnotatedImage, Annotations } from './annotated'
import { joinAnnotations } from './join'
import { matchAnnotated } from './match'

function image(fileName: string, isAnnotated = true, id = 0): AnnotatedImage {
  return { fileName, size: null, isAnnotated, draw: () => Uint8Array.of(id, 255) }
}

function file(path: string, images: AnnotatedImage[], names: string[] = []): Annotations {
  const classes = names.map((name) => ({ name, color: null }))
  return { path, tool: 'COCO', classes, images, notes: [], problems: [] }
}

/** Path of an image -> the name by which it was found. */
function matched(paths: string[], ...files: Annotations[]) {
  const { byImage, problems } = matchAnnotated(paths, files)
  const found = Object.fromEntries([...byImage].map(([path, { fileName }]) => [path, fileName]))
  return { found, said: problems.map(({ problem }) => problem) }
}

test.each([
  ['the path', 'day/a.jpg'],
  ['a longer path', 'data/set/day/a.jpg'],
  ['a path of Windows', 'C:\\work\\day\\a.jpg'],
  ['an address', 'https://x.org/data/day/a.jpg?size=large'],
  ['an address with signs', 's3://bucket/day/%61.jpg'],
  ['the name in capitals', 'DAY/A.JPG'],
])('an image is found by %s', (_, name) => {
  const paths = ['root/images/day/a.jpg', 'root/images/night/a.jpg', 'root/images/b.jpg']
  expect(matched(paths, file('x.json', [image(name)]))).toEqual({ found: { [paths[0]]: name }, said: [] })
})

test('an image is found by its name alone, with another extension, and with accents apart', () => {
  const named = file('x.json', [image('far/away/a.jpg'), image('b.bmp'), image('u\u0308.png')])
  expect(matched(['in/a.jpg', 'in/b.jpg', 'in/\u00fc.png'], named)).toEqual({
    found: { 'in/a.jpg': 'far/away/a.jpg', 'in/b.jpg': 'b.bmp', 'in/\u00fc.png': 'u\u0308.png' },
    said: [],
  })
})

test('of equal names the one beside the file counts, or in the folder that its name names', () => {
  const paths = ['train/a.jpg', 'val/a.jpg', 'val2017/b.jpg', 'train2017/b.jpg']
  const beside = [file('train/_annotations.coco.json', [image('a.jpg')])]
  expect(matched(paths, ...beside).found).toEqual({ 'train/a.jpg': 'a.jpg' })
  const named = [file('annotations/instances_val2017.json', [image('b.jpg')])]
  expect(matched(paths, ...named).found).toEqual({ 'val2017/b.jpg': 'b.jpg' })
})

test('what matches none or several, and what is annotated again, is named', () => {
  const paths = ['1/a.jpg', '2/a.jpg', '1/b.jpg']
  const first = file('x.json', [image('a.jpg'), image('b.jpg'), image('c.jpg'), image('d.jpg')])
  const { found, said } = matched(paths, first, file('y.json', [image('b.jpg'), image('z.jpg', false)]))
  expect(found).toEqual({ '1/b.jpg': 'b.jpg' })
  expect(said).toEqual([
    expect.stringMatching(/"x.json" annotates 2 images, such as "c.jpg", which this folder does not hold/),
    expect.stringMatching(/"x.json" annotates "a.jpg" by a name that several images here have/),
    expect.stringMatching(/"y.json" annotates "b.jpg" which another entry/),
  ])
})

test('an entry without annotations gives way to one that has some', () => {
  const { byImage, problems } = matchAnnotated(
    ['a.jpg'],
    [file('x.json', [image('a.jpg', false)]), file('y.json', [image('a.jpg')])],
  )
  expect([byImage.get('a.jpg')?.isAnnotated, problems]).toEqual([true, []])
})

test('classes of one name are one class in all files, in the order of a list', () => {
  const one = file('x.json', [image('a.jpg', true, 1)], ['sea', 'boat'])
  const two = file('y.json', [image('b.jpg', true, 0)], ['boat', 'sky'])
  const { classes, files } = joinAnnotations([one, two], [{ name: 'boat', color: [1, 2, 3] }])
  expect(classes.map(({ name }) => name)).toEqual(['boat', 'sea', 'sky'])
  expect(classes[0].color).toEqual([1, 2, 3])
  const drawn = files.map(({ images }) => [...images[0].draw({ height: 1, width: 2 })])
  expect(drawn).toEqual([
    [0, 255],
    [0, 255],
  ])
})
