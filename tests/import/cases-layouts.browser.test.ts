/** Which files are images and which are masks, in folders as people have them. */
import { beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../support/database'
import * as draw from '../support/draw-folder'
import { everything, expectRight, expectRightOrSaid, imageOf, pixelsOf, take } from '../support/take-folder'

beforeEach(clearDatabase)

const thirds = (count: number) => Array.from({ length: count }, () => draw.bands(3))
const halves = (count: number) => Array.from({ length: count }, () => draw.bands(2))

test('img_dir and ann_dir with splits in them are images, masks and splits', async () => {
  const part = async (split: 'train' | 'val', count: number) => {
    const at = { images: `img_dir/${split}/x#.jpg`, masks: `ann_dir/${split}/x#.png` }
    return draw.inSplit(await draw.drawPairs(thirds(count), undefined, at), split)
  }
  const { files, truth } = draw.together(await part('train', 3), await part('val', 2))
  const taken = await take(files)
  expectRight(taken, truth)
  expect(taken.report?.project.counts).toEqual({ train: 3, val: 2 })
  expect(taken.classes).toHaveLength(3)
})

test('masks beside their images under the name and _mask, classes in _classes.csv', async () => {
  const list = 'Pixel Value, Class\n0, background\n1, kerb\n2, road\n'
  const part = async (folder: string, split: 'train' | 'val', count: number) => {
    const at = { images: `${folder}/shot#_jpg.rf.0a1b2c#.jpg`, masks: `${folder}/shot#_jpg.rf.0a1b2c#_mask.png` }
    const drawn = draw.inSplit(await draw.drawPairs(thirds(count), undefined, at), split)
    return { ...drawn, files: { ...drawn.files, [`${folder}/_classes.csv`]: list } }
  }
  const { files, truth } = draw.together(await part('train', 'train', 3), await part('valid', 'val', 1))
  const taken = await take(files)
  expectRight(taken, truth)
  expect(taken.classes).toEqual(['background', 'kerb', 'road'])
})

test('masks that are called <image>_segmentation are found', async () => {
  const { files, truth } = await draw.drawPairs(
    [10, 10, 10].map((radius) => draw.disc(radius)),
    (ids) => draw.grey(draw.coded(ids, { 1: 255 })),
    { images: 'images/ISIC_00#.jpg', masks: 'masks/ISIC_00#_segmentation.png' },
  )
  const taken = await take(files)
  expectRight(taken, truth)
  expect(Object.values(pixelsOf(taken, 'images/ISIC_000.jpg'))).toEqual([1219, 317])
})

test('masks of names in small letters belong to images of names in capitals', async () => {
  const at = { images: 'images/IMG_000#.JPG', masks: 'masks/img_000#.png' }
  const { files, truth } = await draw.drawPairs(halves(3), undefined, at)
  expectRight(await take(files), truth)
})

const VOC = ['SegmentationClass', 'SegmentationClassAug'] as const

test('a VOC folder with SegmentationClassAug has the images of JPEGImages alone', async () => {
  const images = 'VOC2012/JPEGImages/2007_00#.jpg'
  const [voc, aug] = VOC.map((folder) => ({ images, masks: `VOC2012/${folder}/2007_00#.png` }))
  const write = (ids: Uint8Array) => draw.palette(ids, draw.VOC_PALETTE)
  const masks = Array.from({ length: 4 }, () => draw.vocIds())
  const { files } = await draw.drawPairs(masks.slice(0, 3), write, voc)
  const all = await draw.drawPairs(masks, undefined, aug)
  const lists = { 'train.txt': '2007_000\n2007_001\n', 'val.txt': '2007_002\n' }
  for (const [name, text] of Object.entries(lists)) files[`VOC2012/ImageSets/Segmentation/${name}`] = text
  const taken = await take({ ...all.files, ...files })
  expectRightOrSaid(taken, all.truth)
  expect(taken.images.map(({ name }) => name).sort()).toEqual([0, 1, 2, 3].map((i) => `VOC2012/JPEGImages/2007_00${i}`))
  expect(imageOf(taken, 'VOC2012/JPEGImages/2007_002.jpg')?.split).toBe('val')
})

test('the lists in ImageSets say the split', async () => {
  const drawn = await draw.drawPairs(
    Array.from({ length: 6 }, () => draw.vocIds()),
    (ids) => draw.palette(ids, draw.VOC_PALETTE),
    { images: 'JPEGImages/2007_00#.jpg', masks: 'SegmentationClass/2007_00#.png' },
  )
  const taken = await take({
    ...drawn.files,
    'ImageSets/Segmentation/train.txt': '2007_000\n2007_001\n',
    'ImageSets/Segmentation/val.txt': '2007_002\n2007_003\n2007_004\n2007_005\n',
  })
  expectRight(taken, drawn.truth)
  const validation = taken.images.filter(({ split }) => split === 'val').map(({ name }) => name.slice(-3))
  expect(validation.sort()).toEqual(['002', '003', '004', '005'])
})

test("a folder in SegNet's layout with twelve classes of its own has twelve classes without CamVid's names", async () => {
  const part = async (split: 'train' | 'val', count: number) => {
    const masks = Array.from({ length: count }, () => draw.bands(12))
    const at = { images: `${split}/img#.png`, masks: `${split}annot/img#.png` }
    return draw.inSplit(await draw.drawPairs(masks, undefined, at), split)
  }
  const { files, truth } = draw.together(await part('train', 3), await part('val', 2))
  const taken = await take(files)
  expectRight(taken, truth)
  expect(taken.classes).toHaveLength(12)
  expect(taken.classes).not.toContain('Sky')
})

test("a folder in Cityscapes' layout with classes of its own has these", async () => {
  const colors = [
    [0, 0, 0],
    [250, 50, 83],
    [51, 221, 255],
  ]
  const part = async (split: 'train' | 'val', count: number) => {
    const name = (kind: string) => `${split}/yard/yard_00000#_000019_${kind}.png`
    const at = { images: `leftImg8bit/${name('leftImg8bit')}`, masks: `gtFine/${name('gtFine_labelIds')}` }
    const drawn = draw.inSplit(await draw.drawPairs(thirds(count), undefined, at), split)
    for (const { path, ids } of Object.values(drawn.truth.masks).filter((mask) => mask !== null)) {
      drawn.files[path.replace('labelIds', 'color')] = draw.colored(ids, colors)
    }
    return drawn
  }
  const { files, truth } = draw.together(await part('train', 3), await part('val', 1))
  const taken = await take({ ...files, 'label_color.txt': '0 0 0 background\n250 50 83 cat\n51 221 255 dog\n' })
  expectRight(taken, { ...truth, classes: ['background', 'cat', 'dog'] })
  expect(taken.classes).toEqual(['background', 'cat', 'dog'])
  const image = 'leftImg8bit/train/yard/yard_000000_000019_leftImg8bit.png'
  expect(pixelsOf(taken, image)).toEqual({ background: 512, cat: 512, dog: 512 })
})

test('folders of one image with its label.png are mapped by the names in each, or named', async () => {
  const orders = [
    [0, 2, 1],
    [0, 1, 2],
    [0, 2, 1],
  ]
  const names = ['_background_', 'cat', 'dog']
  const { files, truth } = await draw.drawPairs(
    thirds(3),
    (ids, i) => draw.palette(draw.coded(ids, { 1: orders[i][1], 2: orders[i][2] }), draw.VOC_PALETTE.slice(0, 3)),
    { images: 'shot#_json/img.png', masks: 'shot#_json/label.png' },
  )
  for (const [i, order] of orders.entries()) {
    files[`shot${i}_json/label_names.txt`] = order.map((id) => `${names[id]}\n`).join('')
    files[`shot${i}_json/label_viz.png`] = draw.photoPng(i + 10)
  }
  const taken = await take(files)
  expectRightOrSaid(taken, { ...truth, classes: names })
  expect(taken.images.filter(({ name }) => !name.endsWith('img'))).toEqual([])
})

test('a photo that is there as JPEG and as PNG is twice an image, or named', async () => {
  const names = ['p0.jpg', 'p1.jpg', 'p1.png', 'p2.jpg', 'p3.jpg'].map((name) => `holiday/${name}`)
  const entries = await Promise.all(names.map(async (name, i) => [name, await draw.imageAt(name, i)] as const))
  const taken = await take(Object.fromEntries(entries))
  const masks = Object.fromEntries(names.map((name) => [name, null]))
  expectRightOrSaid(taken, { masks })
  expect(taken.images.length, everything(taken)).toBeGreaterThanOrEqual(4)
})

test('polygons of a COCO file are masks', async () => {
  const at = ['p0.jpg', 'p1.jpg', 'p2.jpg']
  const files: draw.Files = {}
  for (const [i, name] of at.entries()) files[`images/${name}`] = await draw.photo(i)
  const polygon = [4, 4, 24, 4, 24, 14, 4, 14]
  files['annotations/instances_default.json'] = JSON.stringify({
    images: at.map((file_name, i) => ({ id: i + 1, file_name, width: 48, height: 32 })),
    categories: [
      { id: 1, name: 'road' },
      { id: 2, name: 'car' },
    ],
    annotations: at.map((_, i) => {
      return { id: i + 1, image_id: i + 1, category_id: 1 + (i % 2), iscrowd: 0, area: 200, segmentation: [polygon] }
    }),
  })
  const taken = await take(files)
  expect(taken.classes).toEqual(expect.arrayContaining(['road', 'car']))
  expect(at.map((name) => pixelsOf(taken, `images/${name}`))).toEqual([
    { road: 200, void: 1336 },
    { car: 200, void: 1336 },
    { road: 200, void: 1336 },
  ])
})
