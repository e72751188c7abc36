/** Annotations that are no pictures: shapes in JSON and XML are drawn, what is not read is named with the way out. */
import { beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../support/database'
import * as draw from '../support/draw-folder'
import { everything, pixelsOf, said, type Taken, take } from '../support/take-folder'

beforeEach(clearDatabase)

async function images(folder = ''): Promise<draw.Files> {
  return { [`${folder}p0.jpg`]: await draw.photo(0), [`${folder}p1.jpg`]: await draw.photo(1) }
}

const CORNERS = [
  [4, 4],
  [24, 4],
  [24, 14],
  [4, 14],
]

/** The shape of 20 x 10 pixels is there, with its edge or without; nothing else has a class but the background. */
function expectShape(taken: Taken, path: string, name: string): void {
  const { [name]: shape, void: nothing = 0, ...others } = pixelsOf(taken, path)
  expect(shape, everything(taken)).toBeGreaterThanOrEqual(200)
  expect(shape).toBeLessThanOrEqual(231)
  const background = Object.entries(others).reduce((sum, [key, count]) => sum + (/background/.test(key) ? count : 0), 0)
  expect(shape + nothing + background).toBe(48 * 32)
}

test('polygons of labelme beside the images are masks', async () => {
  const files = await images()
  for (const [i, name] of ['p0', 'p1'].entries()) {
    const shape = { label: ['road', 'car'][i], points: CORNERS, group_id: null, shape_type: 'polygon', flags: {} }
    const rest = { version: '5.2.1', flags: {}, imageData: null, imageHeight: 32, imageWidth: 48 }
    files[`${name}.json`] = JSON.stringify({ ...rest, shapes: [shape], imagePath: `${name}.jpg` })
  }
  const taken = await take(files)
  expectShape(taken, 'p0.jpg', 'road')
  expectShape(taken, 'p1.jpg', 'car')
})

test("polygons of CVAT's XML are masks", async () => {
  const files = await images('images/')
  const points = CORNERS.map(([x, y]) => `${x}.00,${y}.00`).join(';')
  const shapes = ['road', 'car'].map(
    (label, i) =>
      `<image id="${i}" name="p${i}.jpg" width="48" height="32"><polygon label="${label}" occluded="0" points="${points}" z_order="0"></polygon></image>`,
  )
  const list = '<labels><label><name>road</name></label><label><name>car</name></label></labels>'
  files['annotations.xml'] =
    `<?xml version="1.0" encoding="utf-8"?>\n<annotations><version>1.1</version><meta><task>${list}</task></meta>${shapes.join('')}</annotations>`
  const taken = await take(files)
  expectShape(taken, 'images/p0.jpg', 'road')
  expectShape(taken, 'images/p1.jpg', 'car')
})

const CATEGORIES = [
  { id: 7, name: 'sea' },
  { id: 9, name: 'boat' },
]
const IMAGES = [0, 1].map((i) => ({ id: i + 1, file_name: `p${i}.jpg`, width: 48, height: 32 }))

test('run lengths of COCO are masks', async () => {
  // By columns: five empty ones, then three full ones.
  const counts = [5 * 32, 3 * 32, 40 * 32]
  const annotations = [
    { id: 1, image_id: 1, category_id: 7, iscrowd: 1, area: 96, segmentation: { size: [32, 48], counts } },
    { id: 2, image_id: 2, category_id: 9, iscrowd: 0, area: 200, segmentation: [CORNERS.flat()] },
  ]
  const files = await images('images/')
  files['annotations/instances_val.json'] = JSON.stringify({ images: IMAGES, categories: CATEGORIES, annotations })
  const taken = await take(files)
  expect(pixelsOf(taken, 'images/p0.jpg')).toEqual({ sea: 96, void: 1536 - 96 })
  expect(pixelsOf(taken, 'images/p1.jpg')).toEqual({ boat: 200, void: 1336 })
})

test('where shapes of COCO overlap, the smaller lies above, and it is said', async () => {
  const all = [0, 0, 48, 0, 48, 32, 0, 32]
  const annotations = [
    { id: 1, image_id: 1, category_id: 9, iscrowd: 0, area: 200, segmentation: [CORNERS.flat()] },
    { id: 2, image_id: 1, category_id: 7, iscrowd: 0, area: 1536, segmentation: [all] },
    { id: 3, image_id: 2, category_id: 7, iscrowd: 0, area: 1536, segmentation: [all] },
  ]
  const files = await images('images/')
  files['annotations/instances.json'] = JSON.stringify({ images: IMAGES, categories: CATEGORIES, annotations })
  const taken = await take(files)
  expect(pixelsOf(taken, 'images/p0.jpg')).toEqual({ boat: 200, sea: 1336 })
  expect(everything(taken)).toMatch(/overlap/i)
})

test('annotations of another size than the image are named; those beside masks are not used, and it is said', async () => {
  const annotations = [{ id: 1, image_id: 1, category_id: 9, segmentation: [CORNERS.flat()] }]
  const of = (width: number) =>
    JSON.stringify({ images: [{ ...IMAGES[0], width }], categories: CATEGORIES, annotations })
  const resized = await take({ ...(await images('images/')), 'coco.json': of(96) })
  expect(said(resized, 'coco.json'), everything(resized)).toBe(true)
  expect(everything(resized)).toContain('96 x 32')
  expect(resized.images.map(({ mask }) => mask)).toEqual([null, null])
  const masks = { 'masks/p0.png': draw.grey(draw.bands(3)), 'masks/p1.png': draw.grey(draw.bands(2)) }
  const both = await take({ ...(await images('images/')), ...masks, 'coco.json': of(48) })
  expect(said(both, 'coco.json'), everything(both)).toBe(true)
  expect(both.images.every(({ mask }) => mask !== null)).toBe(true)
  expect(both.classes).not.toContain('boat')
})

const OTHERS: Record<string, draw.Files> = {
  'VGG Image Annotator': {
    'via_region_data.json': JSON.stringify({
      'p0.jpg950': {
        filename: 'p0.jpg',
        size: 950,
        regions: [
          {
            shape_attributes: { name: 'polygon', all_points_x: [4, 24, 24], all_points_y: [4, 4, 14] },
            region_attributes: {},
          },
        ],
        file_attributes: {},
      },
    }),
  },
  'Label Studio': {
    'project-1.json': JSON.stringify([
      {
        id: 1,
        data: { image: '/data/upload/1/p0.jpg' },
        annotations: [
          { id: 1, result: [{ type: 'polygonlabels', value: { points: [[1, 2]], polygonlabels: ['road'] } }] },
        ],
      },
    ]),
  },
  'boxes of YOLO': { 'p0.txt': '0 0.5 0.5 0.2 0.2\n', 'p1.txt': '1 0.5 0.5 0.2 0.2\n' },
  'boxes of VOC': {
    'p0.xml':
      '<annotation><filename>p0.jpg</filename><object><name>dog</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object></annotation>',
  },
  'arrays of NumPy': { 'p0.npy': Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0, 0) },
  'masks as TIFF': { 'masks/p0.tif': Uint8Array.of(0x49, 0x49, 42, 0, 8, 0, 0, 0) },
}

test.each(Object.entries(OTHERS))('annotations that are not read are named: %s', async (_, annotations) => {
  const taken = await take({ ...(await images()), ...annotations })
  expect(taken.images.map(({ name }) => name)).toEqual(['p0', 'p1'])
  expect(said(taken, Object.keys(annotations)[0]), everything(taken)).toBe(true)
})

test('a JSON that has nothing to do with the images disturbs nothing', async () => {
  const taken = await take({ ...(await images()), 'package.json': '{"name": "x"}', 'broken.json': '{"images": [' })
  expect(taken.images.map(({ name, mask }) => [name, mask])).toEqual([
    ['p0', null],
    ['p1', null],
  ])
})
