import { encode } from 'fast-png'
import { expect, test } from 'vitest'
import { readAnnotations } from './annotations'
import { matchAnnotated } from './match'

const SIZE = { height: 32, width: 48 }
const CORNERS = [
  [4, 4],
  [24, 4],
  [24, 14],
  [4, 14],
]

type Item = Record<string, unknown>

function read(shapes: Item[], change: Item = {}) {
  const rest = { version: '5.2.1', flags: {}, imagePath: 'p0.jpg', imageData: null, imageHeight: 32, imageWidth: 48 }
  const found = readAnnotations('in/p0.json', JSON.stringify({ ...rest, shapes, ...change }))
  if (!found) throw new Error('not recognised')
  return found
}

function counted(shapes: Item[]) {
  const counts: Record<number, number> = {}
  for (const id of read(shapes).images[0].draw(SIZE)) counts[id] = (counts[id] ?? 0) + 1
  return counts
}

const ROAD = { label: 'road', points: CORNERS, group_id: null, shape_type: 'polygon', flags: {} }

test('a polygon has its edge; later shapes lie above; what labelme ignores is void', () => {
  expect(counted([ROAD])).toEqual({ 0: 21 * 11, 255: 1536 - 231 })
  const car = { ...ROAD, label: 'car', shape_type: 'rectangle', points: [CORNERS[2], [20, 10]] }
  expect(counted([ROAD, car])).toEqual({ 0: 231 - 25, 1: 25, 255: 1536 - 231 })
  expect(counted([car, ROAD])).toEqual({ 1: 231, 255: 1536 - 231 })
  expect(counted([ROAD, { ...car, label: '__ignore__' }])).toEqual({ 0: 231 - 25, 255: 1536 - 231 + 25 })
  const { tool, classes, images, notes, problems } = read([ROAD, car, ROAD])
  expect([tool, classes.map(({ name }) => name), problems]).toEqual(['labelme', ['road', 'car'], []])
  expect(images[0]).toMatchObject({ fileName: 'in/p0.jpg', size: SIZE, isAnnotated: true })
  expect(notes.join()).toMatch(/overlap/)
})

test('every other shape is drawn', () => {
  // Discs of odd diameter, by the middle of a pixel: rows of 5, 7, 9, 11, 11, 11, 11, 11, 9, 7, 5 pixels.
  const disc = 97
  expect(counted([{ ...ROAD, shape_type: 'point', points: [[20, 20]] }])[0]).toBe(disc)
  const two = [
    [10, 10],
    [30, 20],
  ]
  expect(counted([{ ...ROAD, shape_type: 'points', points: two }])[0]).toBe(2 * disc)
  const radius = [
    [20, 20],
    [20, 25],
  ]
  expect(counted([{ ...ROAD, shape_type: 'circle', points: radius }])[0]).toBe(disc)
  const level = [
    [10, 10],
    [29, 10],
  ]
  expect(counted([{ ...ROAD, shape_type: 'line', points: level }])[0]).toBe(20 * 10)
  expect(counted([{ ...ROAD, shape_type: 'linestrip', points: [...level, [29, 20]] }])[0]).toBeGreaterThan(200)
})

test('the pixels of a mask lie in its box', () => {
  const png = encode({ width: 3, height: 2, channels: 1, depth: 8, data: Uint8Array.of(1, 0, 1, 0, 1, 0) })
  const mask = btoa(String.fromCharCode(...png))
  const box = [
    [46, 30],
    [48, 31],
  ]
  const drawn = read([{ ...ROAD, shape_type: 'mask', points: box, mask }]).images[0].draw(SIZE)
  const inside = [...drawn.entries()].filter(([, id]) => id === 0).map(([at]) => [at % 48, Math.floor(at / 48)])
  // The third column lies outside the image.
  expect(inside).toEqual([
    [46, 30],
    [47, 31],
  ])
})

const BROKEN: Record<string, Item> = {
  'less than three points': { points: CORNERS.slice(2) },
  'not two numbers each': { points: [...CORNERS, [1, null]] },
  'no label': { label: '' },
  'which is not known here': { shape_type: 'spline' },
  'larger than any image': {
    shape_type: 'circle',
    points: [
      [0, 0],
      [1e9, 0],
    ],
  },
  'no PNG in base64': { shape_type: 'mask', mask: '????' },
}

test.each(Object.entries(BROKEN))('a broken shape is named, the rest stands: %s', (fault, change) => {
  const shapes = [ROAD, { ...ROAD, ...change }]
  const said = read(shapes).problems.map(({ problem }) => problem)
  expect(said).toEqual([expect.stringContaining(fault)])
  expect(said[0]).toContain('In "in/p0.json", shape 2')
  expect(counted(shapes)[0]).toBe(231)
})

test('the image is beside the file, where imagePath says, or of its name', () => {
  const of = (imagePath: string) => {
    const paths = ['in/p0.jpg', 'images/p0.jpg', 'images/other.jpg']
    const { byImage, problems } = matchAnnotated(paths, [read([ROAD], { imagePath })])
    return [...byImage.keys(), ...problems.map(({ problem }) => problem)]
  }
  expect(of('p0.jpg')).toEqual(['in/p0.jpg'])
  expect(of('../images/p0.jpg')).toEqual(['images/p0.jpg'])
  expect(of('..\\images\\p0.jpg')).toEqual(['images/p0.jpg'])
  expect(of('C:\\somewhere\\other.jpg')).toEqual(['images/other.jpg'])
  expect(of('renamed.jpg')).toEqual(['in/p0.jpg'])
})

test('an image without shapes has no annotations', () => {
  expect(read([]).images[0].isAnnotated).toBe(false)
})
