/** More layouts and names of images and masks. */
import { beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../support/database'
import * as draw from '../support/draw-folder'
import { everything, expectRight, expectRightOrSaid, imageOf, pixelsOf, said, take } from '../support/take-folder'

beforeEach(clearDatabase)

const thirds = (count: number) => Array.from({ length: count }, () => draw.bands(3))

/** Where images and masks of the same number lie, by what a person calls it. */
const PLACES: Record<string, { images: string; masks: string }> = {
  'KITTI semantic': { images: 'training/image_2/00000#_10.png', masks: 'training/semantic/00000#_10.png' },
  'nnU-Net': { images: 'imagesTr/cell_00#_0000.png', masks: 'labelsTr/cell_00#.png' },
  'train_images and train_masks': { images: 'train_images/a#.jpg', masks: 'train_masks/a#.png' },
  'images and masks_png': { images: 'images_png/#.png', masks: 'masks_png/#.png' },
  'SegmentationClassAug alone': { images: 'JPEGImages/x#.jpg', masks: 'SegmentationClassAug/x#.png' },
  'folders of names that nobody knows': { images: 'bilder/x#.png', masks: 'umrisse/x#.png' },
  'DeepGlobe, one folder': { images: 'train/10#_sat.jpg', masks: 'train/10#_mask.png' },
  'PNGs beside PNGs under a suffix': { images: 'set/tile#.png', masks: 'set/tile#_seg.png' },
  'masks under a prefix': { images: 'images/#.jpg', masks: 'masks/mask_#.png' },
  'masks beside images under a prefix': { images: 'all/x#.jpg', masks: 'all/gt_x#.png' },
  'the ending of the image in the name of the mask': { images: 'images/x#.jpg', masks: 'masks/x#.jpg.png' },
  'a suffix in capitals': { images: 'data/IMG#.JPG', masks: 'data/IMG#_MASK.PNG' },
  'labels behind a hyphen': { images: 'img/x#.jpg', masks: 'lbl/x#-label.png' },
  'folders in capitals': { images: 'Images/x#.jpg', masks: 'Masks/x#.png' },
  'images under a suffix too': { images: 'photos/x#_rgb.jpg', masks: 'labels/x#_labelIds.png' },
}

test.each(Object.entries(PLACES))('masks are found: %s', async (_, places) => {
  const { files, truth } = await draw.drawPairs(thirds(4), undefined, places)
  const taken = await take(files)
  expectRight(taken, truth)
  expect(taken.classes).toHaveLength(3)
})

test('the names in a dataset.json of nnU-Net are taken', async () => {
  const { files, truth } = await draw.drawPairs(thirds(3), undefined, PLACES['nnU-Net'])
  const list = {
    channel_names: { 0: 'rgb' },
    labels: { background: 0, tumour: 2, organ: 1 },
    numTraining: 3,
    file_ending: '.png',
  }
  const taken = await take({ ...files, 'dataset.json': JSON.stringify(list) })
  expectRight(taken, { ...truth, classes: ['background', 'organ', 'tumour'] })
})

test('names composed and decomposed are the same name', async () => {
  const { files, truth } = await draw.drawPairs(thirds(3), undefined, {
    images: 'images/Stra\u00dfe-f\u00fcr-#.jpg',
    masks: 'masks/Stra\u00dfe-fu\u0308r-#.png',
  })
  expectRight(await take(files), truth)
})

test('masks whose split the images alone say', async () => {
  const part = async (split: 'train' | 'val', from: number) => {
    const at = { images: `images/${split}/${from}#.jpg`, masks: `masks/${from}#.png` }
    return draw.inSplit(await draw.drawPairs(thirds(2), undefined, at), split)
  }
  const { files, truth } = draw.together(await part('train', 1), await part('val', 2))
  expectRight(await take(files), truth)
})

test('images whose split the masks alone say', async () => {
  const part = async (split: 'train' | 'val', from: number) => {
    const at = { images: `images/${from}#.jpg`, masks: `masks/${split}/${from}#.png` }
    return draw.inSplit(await draw.drawPairs(thirds(2), undefined, at), split)
  }
  const { files, truth } = draw.together(await part('train', 1), await part('val', 2))
  expectRight(await take(files), truth)
})

test('one mask an object is never taken for an image, nor for the mask of all', async () => {
  const files: draw.Files = {}
  const masks: draw.Truth['masks'] = {}
  for (const name of ['a', 'b']) {
    files[`images/${name}.png`] = draw.photoPng(name.charCodeAt(0))
    masks[`images/${name}.png`] = { path: `masks/${name}_0.png`, ids: draw.disc(9) }
    for (let i = 0; i < 3; i++) files[`masks/${name}_${i}.png`] = draw.grey(draw.coded(draw.disc(5 + i), { 1: 255 }))
  }
  const taken = await take(files)
  expect(taken.images.map(({ name }) => name)).toEqual(['images/a', 'images/b'])
  expectRightOrSaid(taken, { masks })
})

test('equal names in several folders stay apart', async () => {
  const parts = await Promise.all(
    ['run1', 'run2'].map((run, r) => {
      const masks = [draw.bands(2 + r), draw.bands(3 - r)]
      return draw.drawPairs(masks, undefined, { images: `images/${run}/00#.jpg`, masks: `masks/${run}/00#.png` })
    }),
  )
  const { files, truth } = draw.together(...parts)
  expectRight(await take(files), truth)
})

test("labelme's visualisations and arrays beside the masks are no images and no riddle", async () => {
  const at = { images: 'JPEGImages/s#.jpg', masks: 'SegmentationClass/s#.png' }
  const { files, truth } = await draw.drawPairs(thirds(3), (ids) => draw.palette(ids, draw.VOC_PALETTE), at)
  for (let i = 0; i < 3; i++) {
    files[`SegmentationClassVisualization/s${i}.jpg`] = await draw.photo(20 + i)
    files[`SegmentationClassNpy/s${i}.npy`] = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0, 0)
  }
  const taken = await take({ ...files, 'class_names.txt': '_background_\ncat\ndog\n' })
  expectRight(taken, { ...truth, classes: ['_background_', 'cat', 'dog'] })
})

test('masks of objects beside masks of classes are not mixed with them', async () => {
  const write = (ids: Uint8Array) => draw.palette(ids, draw.VOC_PALETTE)
  const at = { images: 'JPEGImages/s#.jpg', masks: 'SegmentationClass/s#.png' }
  const { files, truth } = await draw.drawPairs(thirds(3), write, at)
  for (let i = 0; i < 3; i++) files[`SegmentationObject/s${i}.png`] = write(draw.bands(5))
  expectRight(await take(files), truth)
})

test('lists of paths in train.txt and val.txt say the split', async () => {
  const { files, truth } = await draw.drawPairs(thirds(5))
  files['train.txt'] = [0, 1].map((i) => `images/p${i}.jpg masks/p${i}.png\n`).join('')
  files['val.txt'] = [2, 3, 4].map((i) => `images/p${i}.jpg masks/p${i}.png\n`).join('')
  const splits = Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`images/p${i}.jpg`, i < 2 ? 'train' : 'val'] as const))
  expectRight(await take(files), { ...truth, splits })
})

test('a list that names validation alone leaves the others to training', async () => {
  const { files, truth } = await draw.drawPairs(thirds(5), undefined, {
    images: 'JPEGImages/x#.jpg',
    masks: 'SegmentationClass/x#.png',
  })
  files['ImageSets/Segmentation/val.txt'] = 'x3\nx4\n'
  const splits = Object.fromEntries(Object.keys(truth.masks).map((path, i) => [path, i < 3 ? 'train' : 'val'] as const))
  expectRight(await take(files), { ...truth, splits })
})

test("SegNet's layout with a class file has its classes", async () => {
  const part = async (split: 'train' | 'val') => {
    const at = { images: `${split}/a#.png`, masks: `${split}annot/a#.png` }
    return draw.inSplit(await draw.drawPairs(thirds(2), undefined, at), split)
  }
  const { files, truth } = draw.together(await part('train'), await part('val'))
  const taken = await take({ ...files, 'classes.txt': 'soil\ncrop\nweed\n' })
  expectRight(taken, { ...truth, classes: ['soil', 'crop', 'weed'] })
  expect(taken.classes).toEqual(['soil', 'crop', 'weed'])
})

test("CamVid's own names and values stay CamVid", async () => {
  const part = async (split: 'train' | 'val', from: number) => {
    const ids = draw.bands(12).map((id) => (id === 11 ? draw.VOID : id))
    const write = (mask: Uint8Array) => draw.grey(draw.coded(mask, { 255: 11 }))
    const name = `0001TP_00${from}#.png`
    const at = { images: `${split}/${name}`, masks: `${split}annot/${name}` }
    return draw.inSplit(await draw.drawPairs([ids, ids], write, at), split)
  }
  const { files, truth } = draw.together(await part('train', 669), await part('val', 795))
  const taken = await take(files)
  expectRight(taken, truth)
  expect(taken.classes).toContain('Bicyclist')
})

test("BDD100K's layout with classes of its own has these", async () => {
  const part = async (split: 'train' | 'val') => {
    const at = { images: `images/10k/${split}/a#.jpg`, masks: `labels/sem_seg/masks/${split}/a#.png` }
    return draw.inSplit(await draw.drawPairs(thirds(2), undefined, at), split)
  }
  const { files, truth } = draw.together(await part('train'), await part('val'))
  const taken = await take({ ...files, 'classes.txt': 'water\nice\nsnow\n' })
  expectRight(taken, { ...truth, classes: ['water', 'ice', 'snow'] })
  expect(taken.classes).toEqual(['water', 'ice', 'snow'])
})

test('ids that Cityscapes does not have are not called by its names without a word', async () => {
  const name = (kind: string) => `train/yard/yard_00000#_000019_${kind}.png`
  const at = { images: `leftImg8bit/${name('leftImg8bit')}`, masks: `gtFine/${name('gtFine_labelTrainIds')}` }
  const { files, truth } = await draw.drawPairs(
    Array.from({ length: 3 }, () => draw.bands(24)),
    undefined,
    at,
  )
  expectRightOrSaid(await take(files), truth)
})

test('a photo that lies in the folder of masks is named, and the other masks stand', async () => {
  const { files, truth } = await draw.drawPairs(thirds(4))
  files['masks/p3.png'] = draw.photoPng(9)
  const taken = await take(files)
  expect(said(taken, 'masks/p3.png'), everything(taken)).toBe(true)
  expect(imageOf(taken, 'masks/p3.png')).toBeNull()
  const { 'images/p3.jpg': _, ...others } = truth.masks
  const image = imageOf(taken, 'images/p3.jpg')
  expectRight(taken, { masks: image ? { ...others, 'images/p3.jpg': null } : others })
})

test('a photo that is there as WebP too is twice an image, or named', async () => {
  const files: draw.Files = {}
  for (const name of ['a.jpg', 'a.webp', 'b.jpg']) files[`trip/${name}`] = await draw.imageAt(`x/${name}`, name.length)
  const masks = Object.fromEntries(Object.keys(files).map((path) => [path, null]))
  expectRightOrSaid(await take(files), { masks })
})

test('an image folder of labelme without its label.png is an image without a mask, or named', async () => {
  const write = (ids: Uint8Array) => draw.palette(ids, draw.VOC_PALETTE.slice(0, 3))
  const at = { images: 'shot#_json/img.png', masks: 'shot#_json/label.png' }
  const { files, truth } = await draw.drawPairs(thirds(3), write, at)
  for (let i = 0; i < 3; i++) files[`shot${i}_json/label_names.txt`] = '_background_\ncat\ndog\n'
  delete files['shot2_json/label.png']
  truth.masks['shot2_json/img.png'] = null
  const taken = await take(files)
  expectRightOrSaid(taken, { ...truth, classes: ['_background_', 'cat', 'dog'] })
  expect(taken.images.length).toBeGreaterThanOrEqual(2)
})

test('a label of labelme whose names lack a value is named', async () => {
  const write = (ids: Uint8Array) => draw.palette(ids, draw.VOC_PALETTE.slice(0, 4))
  const at = { images: 'shot#_json/img.png', masks: 'shot#_json/label.png' }
  const { files, truth } = await draw.drawPairs([...thirds(2), draw.bands(4)], write, at)
  for (let i = 0; i < 3; i++) files[`shot${i}_json/label_names.txt`] = '_background_\ncat\ndog\n'
  const taken = await take(files)
  expectRightOrSaid(taken, { ...truth, classes: ['_background_', 'cat', 'dog', 'value 3'] })
  expect(pixelsOf(taken, 'shot0_json/img.png')).toEqual({ _background_: 512, cat: 512, dog: 512 })
})
