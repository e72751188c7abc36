import { expect, test } from 'vitest'
import { find, grey, idsOf, pairs, rgb, splits } from './support/test-folder'

test('Cityscapes: trainIds before labelIds before colour, cities apart, test left out, system files ignored', async () => {
  const labelIds = { 'gtFine/train/bochum/bochum_000000_000313_gtFine_labelIds.png': grey(7, 8, 19, 33, 0, 29, 255) }
  const dataset = await find(
    [
      'leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png',
      'leftImg8bit/train/bochum/bochum_000000_000313_leftImg8bit.png',
      'leftImg8bit/val/lindau/lindau_000000_000019_leftImg8bit.png',
      'leftImg8bit/test/berlin/berlin_000000_000019_leftImg8bit.png',
      'leftImg8bit/train_extra/bamberg/bamberg_000000_000019_leftImg8bit.png',
      'gtFine/train/aachen/aachen_000000_000019_gtFine_labelIds.png',
      'gtFine/train/aachen/aachen_000000_000019_gtFine_labelTrainIds.png',
      'gtFine/train/aachen/aachen_000000_000019_gtFine_instanceIds.png',
      'gtFine/train/bochum/bochum_000000_000313_gtFine_color.png',
      'gtFine/train/bochum/bochum_000000_000313_gtFine_labelIds.png',
      'gtFine/val/lindau/lindau_000000_000019_gtFine_labelTrainIds.png',
      'gtFine/val/lindau/lindau_000000_000019_gtFine_polygons.json',
      'leftImg8bit/.DS_Store',
      '__MACOSX/leftImg8bit/train/aachen/._aachen_000000_000019_leftImg8bit.png',
    ],
    labelIds,
  )
  expect(dataset.format).toBe('cityscapes')
  expect(dataset.classes).toHaveLength(19)
  expect(pairs(dataset)).toEqual({
    'leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png':
      'gtFine/train/aachen/aachen_000000_000019_gtFine_labelTrainIds.png',
    'leftImg8bit/train/bochum/bochum_000000_000313_leftImg8bit.png':
      'gtFine/train/bochum/bochum_000000_000313_gtFine_labelIds.png',
    'leftImg8bit/val/lindau/lindau_000000_000019_leftImg8bit.png':
      'gtFine/val/lindau/lindau_000000_000019_gtFine_labelTrainIds.png',
  })
  expect(dataset.description).toContain('2 files of the system were ignored')
  expect(dataset.problems.map(({ path }) => path.replace(/.*_/, '')).sort()).toEqual(
    ['color.png', 'instanceIds.png', 'labelIds.png', 'leftImg8bit.png', 'leftImg8bit.png', 'polygons.json'].sort(),
  )
  expect(idsOf('bochum', dataset.items[1].mask, labelIds)).toEqual([0, 1, 6, 18, 255, 255, 255])
})

test('BDD100K in both layouts, below any top folder', async () => {
  const now = await find([
    'bdd100k/images/10k/train/0004a4c0-d4dff0ad.jpg',
    'bdd100k/images/10k/val/7d06fefd-f7be05a6.jpg',
    'bdd100k/images/100k/train/0000f77c-6257be58.jpg',
    'bdd100k/labels/sem_seg/masks/train/0004a4c0-d4dff0ad.png',
    'bdd100k/labels/sem_seg/masks/val/7d06fefd-f7be05a6.png',
    'bdd100k/labels/sem_seg/colormaps/train/0004a4c0-d4dff0ad.png',
  ])
  expect([now.format, now.items.length]).toEqual(['bdd100k', 2])
  expect(now.problems.map(({ path }) => path.split('/').slice(1, 4).join('/'))).toEqual([
    'labels/sem_seg/colormaps',
    'images/100k/train',
  ])
  expect(pairs(now)['bdd100k/images/10k/train/0004a4c0-d4dff0ad.jpg']).toBe(
    'bdd100k/labels/sem_seg/masks/train/0004a4c0-d4dff0ad.png',
  )
  const legacy = await find([
    'seg/images/train/0004a4c0-d4dff0ad.jpg',
    'seg/images/val/7d06fefd-f7be05a6.jpg',
    'seg/labels/train/0004a4c0-d4dff0ad_train_id.png',
    'seg/labels/val/7d06fefd-f7be05a6_train_id.png',
    'seg/color_labels/train/0004a4c0-d4dff0ad_train_color.png',
  ])
  expect([legacy.format, legacy.problems.map(({ path }) => path)]).toEqual([
    'bdd100k',
    ['seg/color_labels/train/0004a4c0-d4dff0ad_train_color.png'],
  ])
  expect(pairs(legacy)['seg/images/val/7d06fefd-f7be05a6.jpg']).toBe('seg/labels/val/7d06fefd-f7be05a6_train_id.png')
})

test('CamVid as SegNet ships it: id 11 is void, 12 is a mistake', async () => {
  const dataset = await find([
    'train/0001TP_006690.png',
    'val/0016E5_07959.png',
    'test/Seq05VD_f00000.png',
    'trainannot/0001TP_006690.png',
    'valannot/0016E5_07959.png',
    'testannot/Seq05VD_f00000.png',
  ])
  expect(dataset.format).toBe('camvid')
  expect(splits(dataset)).toEqual(['train/0001TP_006690 train', 'val/0016E5_07959 val'])
  expect(dataset.problems.map(({ path }) => path)).toEqual(['test/Seq05VD_f00000.png'])
  const annots = { 'trainannot/0001TP_006690.png': grey(10, 11, 0), 'valannot/0016E5_07959.png': grey(12) }
  const read = await find(['train/0001TP_006690.png', 'val/0016E5_07959.png'], annots)
  expect(read.items.map(({ name, mask }) => idsOf(name, mask, annots))).toEqual([[10, 255, 0]])
  expect(read.problems.map(({ path }) => path)).toEqual(['valannot/0016E5_07959.png', 'val/0016E5_07959.png'])
})

test("images with labels are CamVid by the frames' names and ids, or by a class file", async () => {
  const frames = { 'labels/train/0001TP_006690.png': grey(0, 10, 11), 'labels/val/0016E5_07959.png': grey(3) }
  const images = ['images/train/0001TP_006690.jpg', 'images/val/0016E5_07959.jpg']
  expect((await find(images, frames)).format).toBe('camvid')
  expect(
    (
      await find(images, {
        ...frames,
        'labels/train/0001TP_006690.png': grey(12),
        'labels/val/0016E5_07959.png': grey(20),
      })
    ).format,
  ).toBe('generic')
  const anybodys = ['images/train/a.jpg', 'images/val/b.jpg']
  const masks = { 'labels/train/a.png': grey(0, 10, 11), 'labels/val/b.png': grey(3) }
  expect((await find(anybodys, masks)).format).toBe('generic')
  const names = 'Sky Building Pole Road Pavement Tree SignSymbol Fence Car Pedestrian Bicyclist Void'.replaceAll(
    ' ',
    '\n',
  )
  expect((await find(anybodys, { ...masks, 'classes.txt': names })).format).toBe('camvid')
  expect((await find(anybodys, masks, { format: 'camvid' })).format).toBe('camvid')
})

test('a CamVid-shaped export with other classes is not CamVid', async () => {
  const dataset = await find(['train/a.png', 'val/b.png'], {
    'trainannot/a.png': rgb([255, 0, 0], [0, 0, 0]),
    'valannot/b.png': rgb([0, 255, 0]),
    'label_colors.txt': '0 0 0 Void\n255 0 0 cat\n0 255 0 dog\n',
  })
  expect([dataset.format, dataset.classes.map(({ name }) => name)]).toEqual(['generic', ['cat', 'dog']])
  expect(pairs(dataset)).toEqual({ 'train/a.png': 'trainannot/a.png', 'val/b.png': 'valannot/b.png' })
})

test('generic: split folders inside or outside, nested folders, equal names stay apart', async () => {
  const masks = Object.fromEntries(
    ['labels/train/a/1.png', 'labels/train/b/1.png', 'labels/val/a/1.png'].map((path) => [path, grey(0, 1, 2)]),
  )
  const dataset = await find(['images/train/a/1.jpg', 'images/train/b/1.jpg', 'images/val/a/1.jpg'], masks)
  expect(pairs(dataset)).toEqual({
    'images/train/a/1.jpg': 'labels/train/a/1.png',
    'images/train/b/1.jpg': 'labels/train/b/1.png',
    'images/val/a/1.jpg': 'labels/val/a/1.png',
  })
  expect(splits(dataset)).toEqual(['images/train/a/1 train', 'images/train/b/1 train', 'images/val/a/1 val'])
  const inside = await find(['my/train/images/x.webp', 'my/valid/images/x.jpeg'], {
    'my/train/masks/x.png': grey(0),
    'my/valid/masks/x.png': grey(1),
  })
  expect(splits(inside)).toEqual(['my/train/images/x train', 'my/valid/images/x val'])
  expect(inside.classes).toHaveLength(2)
})

test('generic: suffixed masks, masks beside photos, the only image of that name', async () => {
  const suffixed = await find(['images/x.jpg', 'images/y.jpg'], { 'masks/x_mask.png': grey(0), 'masks/y.png': grey(1) })
  expect(pairs(suffixed)).toEqual({ 'images/x.jpg': 'masks/x_mask.png', 'images/y.jpg': 'masks/y.png' })
  const beside = await find(['d/x.jpg'], { 'd/x.png': grey(0, 1) })
  expect(pairs(beside)).toEqual({ 'd/x.jpg': 'd/x.png' })
  const flat = await find(['photos/june/x.jpg', 'photos/july/y.jpg'], {
    'labels/x.png': grey(0),
    'labels/y.png': grey(1),
  })
  expect(pairs(flat)).toEqual({ 'photos/june/x.jpg': 'labels/x.png', 'photos/july/y.jpg': 'labels/y.png' })
})

test('accents that one system writes apart and another together are the same name', async () => {
  const together = (text: string) => text.normalize('NFC')
  const apart = (text: string) => text.normalize('NFD')
  expect(apart('café')).not.toBe(together('café'))
  const generic = await find([together('images/été/café.jpg')], { [apart('labels/été/café.png')]: grey(0) })
  expect(pairs(generic)).toEqual({ [together('images/été/café.jpg')]: apart('labels/été/café.png') })
  const elsewhere = await find([apart('photos/juin/café.jpg')], { [together('labels/café_mask.png')]: grey(0) })
  expect(pairs(elsewhere)).toEqual({ [apart('photos/juin/café.jpg')]: together('labels/café_mask.png') })
  const bdd100k = await find([together('seg/images/train/café.jpg'), apart('seg/labels/train/café_train_id.png')])
  expect([bdd100k.items.length, bdd100k.items[0].mask !== null, bdd100k.problems]).toEqual([1, true, []])
  expect(generic.problems.concat(elsewhere.problems)).toEqual([])
})

test('a mask that two images of equal names could own is reported and given to neither', async () => {
  const dataset = await find(['june/x.jpg', 'july/x.jpg', 'july/y.jpg'], {
    'labels/x.png': grey(0),
    'labels/y.png': grey(1),
  })
  expect(pairs(dataset)).toEqual({ 'july/y.jpg': 'labels/y.png' })
  const sentence = dataset.problems.find(({ path }) => path === 'labels/x.png')?.problem
  expect(sentence).toContain('"labels/x.png" could belong to')
  expect(sentence).toContain('"june/x.jpg"')
  expect(sentence).toContain('"july/x.jpg"')
})

test('generic: every folder that says what its files are is left out where an image and its mask are matched', async () => {
  const dataset = await find(['images/rgb/a.jpg', 'images/rgb/b/a.jpg'], {
    'labels/masks/a.png': grey(0),
    'labels/b/a.png': grey(1),
  })
  expect(pairs(dataset)).toEqual({ 'images/rgb/a.jpg': 'labels/masks/a.png', 'images/rgb/b/a.jpg': 'labels/b/a.png' })
})

test('missing masks, masks without image, unreadable formats: a sentence each, the rest goes on', async () => {
  const paths = [
    'images/a.jpg',
    'images/b.jpg',
    'images/c.jpg',
    'images/e.jpg',
    'images/d.tif',
    'labels/a.jpg',
    'notes.md',
  ]
  const masks = { 'labels/a.jpg': 'text', 'labels/b.png': grey(0), 'labels/c.png': grey(1), 'labels/z.png': grey(1) }
  const dataset = await find(paths, masks, { keepsUnmasked: false })
  expect(Object.keys(pairs(dataset))).toEqual(['images/b.jpg', 'images/c.jpg'])
  expect(Object.fromEntries(dataset.problems.map(({ path, problem }) => [path, problem]))).toEqual({
    'images/a.jpg': expect.stringContaining('its mask "labels/a.jpg" cannot be used'),
    'images/e.jpg': expect.stringContaining('"images/e.jpg" has no mask'),
    'images/d.tif': expect.stringContaining('"images/d.tif" is a TIFF image'),
    'labels/a.jpg': expect.stringContaining('"labels/a.jpg"'),
    'labels/z.png': expect.stringContaining('"labels/z.png" has no image'),
    'notes.md': expect.stringContaining('"notes.md"'),
  })
  for (const { remedy } of dataset.problems) expect(remedy).not.toBe('')
  const kept = await find(paths, masks, { keepsUnmasked: true })
  expect(kept.items.map(({ name }) => name)).toEqual(['images/a', 'images/b', 'images/c', 'images/e'])
})

test('without a val split a fifth is drawn, the same every time; without masks nothing is', async () => {
  const names = Array.from({ length: 10 }, (_, i) => `images/${i}.jpg`)
  const masks = Object.fromEntries(
    names.map((name) => [name.replace('images', 'labels').replace('jpg', 'png'), grey(0, 1)]),
  )
  const first = await find(names, masks)
  const again = await find([...names].reverse(), masks)
  expect(first.items.filter(({ split }) => split === 'val')).toHaveLength(2)
  expect(splits(again)).toEqual(splits(first))
  expect(first.description).toContain('2 of 10 images were drawn')
  const unlabelled = await find(names)
  expect(unlabelled.items.every(({ split, mask }) => split === 'train' && mask === null)).toBe(true)
})

test('two files that differ in nothing but the extension keep their own names', async () => {
  const dataset = await find(['a/x.jpg', 'a/x.webp'])
  expect(dataset.items.map(({ name }) => name)).toEqual(['a/x.jpg', 'a/x.webp'])
})

test('masks of two such files are named after the whole file; one that is not is ambiguous', async () => {
  const images = ['images/x.jpg', 'images/x.webp']
  const dataset = await find(images, { 'labels/x.jpg.png': grey(0), 'labels/x.webp.png': grey(1) })
  expect(pairs(dataset)).toEqual({ 'images/x.jpg': 'labels/x.jpg.png', 'images/x.webp': 'labels/x.webp.png' })
  expect(dataset.problems).toEqual([])
  const { problems } = await find([...images, 'images/y.jpg'], { 'labels/x.png': grey(0), 'labels/y.png': grey(0) })
  expect(problems[0].problem).toContain('could belong to "images/x.jpg" or "images/x.webp"')
})

test('no images: a sentence with the remedy; a format that does not fit is said', async () => {
  await expect(find(['notes.txt', '.DS_Store'])).rejects.toMatchObject({
    code: 'no_images',
    message: expect.stringContaining('among 2 files'),
  })
  const forced = await find(['images/a.jpg'], { 'labels/a.png': grey(0, 1) }, { format: 'cityscapes' })
  expect([forced.format, forced.description]).toEqual([
    'generic',
    expect.stringContaining('not laid out like Cityscapes'),
  ])
})

test('a table of masks and images pairs them before their names are tried', async () => {
  const table =
    'mask,image\n"labels/what_.png","photos/what?.jpg"\n"labels/a.png","photos/b.jpg"\n"labels/b.png","photos/a.jpg"\n'
  const paths = ['photos/what?.jpg', 'photos/what_.jpg', 'photos/a.jpg', 'photos/b.jpg']
  const masks = ['labels/what_.png', 'labels/a.png', 'labels/b.png']
  const found = await find([...paths, ...masks], { 'images.csv': table })
  expect(pairs(found)).toEqual({
    'photos/a.jpg': 'labels/b.png',
    'photos/b.jpg': 'labels/a.png',
    'photos/what?.jpg': 'labels/what_.png',
  })
  expect(found.problems.map(({ path }) => path)).toEqual(['photos/what_.jpg'])
})

test.each([
  ['COCO-Stuff', 'train2017/#.png', 'stuffthingmaps/train2017/#.png', 'val2017'],
  ['a name before the split', 'city_train/seq1/Images/#.png', 'city_train/seq1/Labels/#.png', 'city_val'],
  ['names on both sides', 'X_Training_Input/#.png', 'X_Training_GroundTruth/#_segmentation.png', 'X_Validation'],
])('splits of folders: %s', async (_, image, mask, val) => {
  const files: Record<string, Uint8Array> = {}
  const replaced = (pattern: string, name: string) => pattern.replace('#', name)
  const inVal = (pattern: string) => pattern.replace(/train2017|city_train|X_Training/, val)
  for (const [name, change] of [
    ['a', (pattern: string) => pattern],
    ['b', inVal],
    ['c', inVal],
  ] as const) {
    files[replaced(change(image), name)] = rgb(...Array.from({ length: 600 }, (_, i) => [(i * 97) % 256, i % 251, 7]))
    files[replaced(change(mask), name)] = grey(...Array.from({ length: 600 }, (_, i) => Math.floor(i / 300)))
  }
  const { items } = await find([], files)
  expect(items.map(({ mask: found, split }) => [found !== null, split])).toEqual(
    items.map(({ path }) => [true, /a\.png$/.test(path) ? 'train' : 'val']),
  )
  expect(items).toHaveLength(3)
})

test('a word of splits in the name of one folder alone is no split', async () => {
  const files = { 'crash_test/labels/a.png': grey(0, 1), 'street/labels/b.png': grey(0, 1) }
  const dataset = await find(['crash_test/a.jpg', 'street/b.jpg'], files)
  expect(dataset.description).toContain('1 of 2 images were drawn')
})
