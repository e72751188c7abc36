import { expect, test } from 'vitest'
import { CAMVID_CLASSES } from '../../domain/classes'
import { FileFault } from '../../domain/errors'
import { createExporter } from '../../export/formats'
import { randomStream } from '../../math/random'
import { readCoco } from './coco'

const SIZE = { height: 32, width: 48 }
const CORNERS = [4, 4, 24, 4, 24, 14, 4, 14]
const IMAGE = { id: 1, file_name: 'p0.jpg', ...SIZE }
const CATEGORIES = [
  { id: 9, name: 'boat', color: [1, 2, 3] },
  { id: 7, name: 'sea', color: '#0a0b0c' },
]
const ALL = { id: 8, image_id: 1, category_id: 7, segmentation: [[0, 0, 48, 0, 48, 32, 0, 32]] }
const SHAPE = { id: 5, image_id: 1, category_id: 9, segmentation: [CORNERS] }

type Item = Record<string, unknown>

function read(annotations: Item[], { images = [IMAGE] as Item[], categories = CATEGORIES as Item[] } = {}) {
  return readCoco('a.json', { images, categories, annotations })
}

/** Pixels of each class id of the first image. */
function counted(annotations: Item[], given?: Parameters<typeof read>[1]) {
  const counts: Record<number, number> = {}
  for (const id of read(annotations, given).images[0].draw(SIZE)) counts[id] = (counts[id] ?? 0) + 1
  return counts
}

test('categories are classes by their ids, with their colours', () => {
  const { classes, images } = read([SHAPE])
  expect(classes).toEqual([
    { name: 'sea', color: [10, 11, 12] },
    { name: 'boat', color: [1, 2, 3] },
  ])
  expect(images.map(({ fileName, size, isAnnotated }) => [fileName, size, isAnnotated])).toEqual([
    ['p0.jpg', SIZE, true],
  ])
  expect(counted([SHAPE])).toEqual({ 1: 200, 255: 1336 })
})

test('parts of a polygon are one shape; the smaller lies above, crowds below all', () => {
  const parts = [CORNERS, [30, 20, 40, 20, 40, 30, 30, 30]]
  expect(counted([{ ...SHAPE, segmentation: parts }])).toEqual({ 1: 300, 255: 1236 })
  expect(counted([SHAPE, ALL])).toEqual({ 1: 200, 0: 1336 })
  const counts = [4 * 32, 8 * 32, 36 * 32]
  const crowd = { id: 3, image_id: 1, category_id: 7, iscrowd: 1, segmentation: { size: [32, 48], counts } }
  expect(counted([crowd])).toEqual({ 0: 256, 255: 1280 })
  // Of the 256 pixels of the crowd, the shape covers 8 x 10.
  expect(counted([{ ...SHAPE, segmentation: [[4, 0, 48, 0, 48, 32, 4, 32]] }, crowd])).toEqual({ 1: 44 * 32, 255: 128 })
  expect(read([SHAPE, ALL]).notes.join()).toMatch(/overlap/)
  expect(read([SHAPE, { ...SHAPE, id: 6 }]).notes).toEqual([])
})

test('an image without annotations has none', () => {
  const images = [IMAGE, { ...IMAGE, id: 2, file_name: 'p1.jpg' }]
  expect(read([SHAPE], { images }).images.map(({ isAnnotated }) => isAnnotated)).toEqual([true, false])
})

test('boxes without an outline are counted and not drawn', () => {
  const box = { image_id: 1, category_id: 9, bbox: [1, 1, 5, 5] }
  const { images, problems } = read([
    { id: 1, ...box },
    { id: 2, ...box, segmentation: [] },
  ])
  expect(images[0].isAnnotated).toBe(false)
  expect(problems).toHaveLength(1)
  expect(problems[0].problem).toMatch(/"a.json", 2 annotations are boxes without an outline/)
  expect(problems[0].remedy).toContain('Segmentation mask 1.1')
})

const BROKEN: Record<string, Item> = {
  'is of a category_id that no category has': { category_id: 1 },
  'is of an image_id that no image has': { image_id: 77 },
  'has a polygon of less than three points': { segmentation: [[1, 2, 3, 4, 5]] },
  'other than numbers': { segmentation: [[1, 2, 3, 4, 5, 'x']] },
  'lies outside its image': { segmentation: [[100, 2, 120, 2, 120, 20]] },
  'do not add up': { segmentation: { size: [32, 48], counts: [1, 2] } },
  'of another size than its image': { segmentation: { size: [2, 2], counts: [4] } },
  'without their counts or their size': { segmentation: { counts: [4] } },
}

test.each(Object.entries(BROKEN))('a broken annotation is named, the rest stands: %s', (fault, change) => {
  const annotations = [SHAPE, { ...SHAPE, id: 4711, ...change }]
  const { problems } = read(annotations)
  expect(problems.map(({ problem }) => problem).join()).toMatch(/^In "a.json", annotation 4711 /)
  expect(problems[0].problem).toContain(fault)
  expect(counted(annotations)).toEqual({ 1: 200, 255: 1336 })
})

test('images without a name, and of one id, are named', () => {
  const images = [IMAGE, { id: 2 }, { ...IMAGE, file_name: 'again.jpg' }]
  const said = read([SHAPE], { images }).problems.map(({ problem }) => problem)
  expect(said).toEqual([expect.stringContaining('image 2 has no file_name'), expect.stringContaining('"again.jpg"')])
})

test('categories of one name are one class; void is none; a group that lists itself is none', () => {
  const categories = [
    { id: 0, name: 'things', supercategory: 'none' },
    { id: 1, name: 'car', supercategory: 'things' },
    { id: 2, name: 'void', supercategory: 'things' },
    { id: 3, name: 'car', supercategory: 'things' },
    { id: 4, name: 'sea', supercategory: 'things' },
  ]
  const { classes, problems } = read([], { categories })
  expect(classes.map(({ name }) => name)).toEqual(['car', 'sea'])
  expect(problems.map(({ problem }) => problem)).toEqual([expect.stringContaining('"car"; they are one class')])
  const shapes = [
    { ...ALL, category_id: 2 },
    { ...SHAPE, category_id: 3 },
  ]
  expect(counted(shapes, { categories })).toEqual({ 0: 200, 255: 1336 })
})

test('of more categories than a mask can tell apart those without annotations go, or the file is refused', () => {
  const categories = Array.from({ length: 300 }, (_, i) => ({ id: i, name: `c${i}` }))
  const every = categories.map(({ id }) => ({ ...SHAPE, id, category_id: id }))
  expect(read(every.slice(0, 200), { categories }).classes).toHaveLength(200)
  const { images, problems } = read(every, { categories })
  expect(images).toEqual([])
  expect(problems[0].problem).toMatch(/"a.json" has 300 classes, more than the 255/)
})

test('an image of another size is refused; without a size any is drawn', () => {
  expect(() => read([SHAPE]).images[0].draw({ height: 64, width: 96 })).toThrow(FileFault)
  const images = [{ id: 1, file_name: 'p0.jpg' }]
  const drawn = read([SHAPE], { images }).images[0].draw({ height: 10, width: 96 })
  expect(drawn.filter((id) => id === 1)).toHaveLength(20 * 6)
})

test('panoptic annotations are named with the way out', () => {
  const { images, problems } = read([{ image_id: 1, file_name: 'p0.png', segments_info: [] }])
  expect(images).toEqual([])
  expect(problems[0].remedy).toContain('panoptic2semantic_segmentation.py')
})

test('what the studio exports comes back, byte for byte', async () => {
  const random = randomStream(3, 'coco')
  const size = { height: 37, width: 53 }
  const rasters = [0, 1].map(() =>
    Uint8Array.from({ length: 37 * 53 }, () => [255, ...CAMVID_CLASSES.keys()][random.below(12)]),
  )
  const images = rasters.map((classes, i) => {
    return { name: `day/ä${i}`, fileName: `day/ä${i}.jpg`, split: 'train' as const, size, classes }
  })
  const exporter = createExporter('coco', CAMVID_CLASSES, images)
  const files = [...images.flatMap((image) => exporter.image(image)), ...exporter.finish()]
  const back = readCoco('a.json', JSON.parse(await new Response(files[0].content as Blob).text()))
  expect(back.classes).toEqual(CAMVID_CLASSES)
  expect(back.images.map((image) => image.draw(size))).toEqual(rasters)
  expect(back.problems).toEqual([])
})
