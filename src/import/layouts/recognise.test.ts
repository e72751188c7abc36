import { encode } from 'fast-png'
import { expect, test } from 'vitest'
import type { FileRole } from '../../domain/dataset'
import { FileFault } from '../../domain/errors'
import { decodeLabelPng } from '../../image/label-png'
import type { FolderReader } from './dataset'
import { parsePath } from './paths'
import { recognise } from './recognise'

const SIZE = { width: 24, height: 16 }
const PIXELS = SIZE.width * SIZE.height

/** Noise, as in a photo. */
const photo = () =>
  encode({
    ...SIZE,
    channels: 3,
    depth: 8,
    data: Uint8Array.from({ length: 3 * PIXELS }, (_, i) => (i * 2654435761) >>> 24),
  })
/** Three flat areas. */
const areas = () =>
  encode({
    ...SIZE,
    channels: 1,
    depth: 8,
    data: Uint8Array.from({ length: PIXELS }, (_, i) => Math.floor((3 * (i % SIZE.width)) / SIZE.width)),
  })

type Content = 'photo' | 'mask'

/** Recognises files of these contents; a JPEG is a photo that Node cannot decode, unless it is said to be a mask. */
async function layoutOf(files: Record<string, Content>, roles: Record<string, FileRole> = {}, answers = {}) {
  const reader: FolderReader = {
    text: () => Promise.reject(new Error('no text was asked for')),
    bytes: () => Promise.reject(new Error('no bytes were asked for')),
    picture: async (path) => {
      if (/\.jpe?g$/i.test(path) && files[path] === 'photo') throw new FileFault('is a JPEG', '')
      return { mask: decodeLabelPng(files[path] === 'photo' ? photo() : areas()), isLossy: /\.jpe?g$/i.test(path) }
    },
  }
  const layout = await recognise(Object.keys(files).map(parsePath), reader, { roles, answers, listed: new Map() })
  const pairs = Object.fromEntries(layout.images.map(({ path }) => [path, layout.masks.get(path)?.path ?? null]))
  return { ...layout, pairs }
}

/** Files by their contents: "P images/a.jpg" is a photo, "M masks/a.png" a mask. */
function files(...lines: string[]): Record<string, Content> {
  return Object.fromEntries(lines.map((line) => [line.slice(2), line[0] === 'P' ? 'photo' : 'mask']))
}

test.each([
  ['folders of known names', ['P images/a.jpg', 'P images/b.jpg', 'M labels/a.png', 'M labels/b.png']],
  [
    'folders of mmsegmentation',
    ['P img_dir/train/a.jpg', 'P img_dir/val/a.jpg', 'M ann_dir/train/a.png', 'M ann_dir/val/a.png'],
  ],
  ['folders of unknown names', ['P erste/a.png', 'P erste/b.png', 'M zweite/a.png', 'M zweite/b.png']],
  [
    'masks beside photos under a suffix',
    [
      'P train/a_jpg.rf.01.jpg',
      'P train/b_jpg.rf.02.jpg',
      'M train/a_jpg.rf.01_mask.png',
      'M train/b_jpg.rf.02_mask.png',
    ],
  ],
  [
    'PNGs beside PNGs under an unknown suffix',
    ['P d/a.png', 'P d/b.png', 'P d/c.png', 'M d/a_umriss.png', 'M d/b_umriss.png', 'M d/c_umriss.png'],
  ],
  ['pairs of PNGs beside each other', ['P a.png', 'P b.png', 'M a_seg.png', 'M b_seg.png']],
  [
    'a suffix of masks',
    [
      'P images/ISIC_000.jpg',
      'P images/ISIC_001.jpg',
      'M masks/ISIC_000_segmentation.png',
      'M masks/ISIC_001_segmentation.png',
    ],
  ],
  ['two words as suffix', ['P images/a.jpg', 'P images/b.jpg', 'M masks/a_seg_mask.png', 'M masks/b_seg_mask.png']],
  ['an unknown suffix', ['P images/a.jpg', 'P images/b.jpg', 'M masks/a_manual1.png', 'M masks/b_manual1.png']],
  [
    'unknown suffixes on both sides',
    ['P fotos/a_orto.jpg', 'P fotos/b_orto.jpg', 'M masken/a_klassen.png', 'M masken/b_klassen.png'],
  ],
  [
    'a word before a number',
    ['P images/image1.jpg', 'P images/image12.jpg', 'M masks/mask1.png', 'M masks/mask12.png'],
  ],
  ['a prefix', ['P images/img_001.jpg', 'P images/img_002.jpg', 'M masks/mask_001.png', 'M masks/mask_002.png']],
  ['another case', ['P images/IMG_0000.JPG', 'P images/IMG_0001.JPG', 'M masks/img_0000.png', 'M masks/img_0001.png']],
  ['satellite images', ['P train/104_sat.jpg', 'P train/105_sat.jpg', 'M train/104_mask.png', 'M train/105_mask.png']],
  [
    'channels of nnU-Net',
    [
      'P imagesTr/case_001_0000.png',
      'P imagesTr/case_002_0000.png',
      'M labelsTr/case_001.png',
      'M labelsTr/case_002.png',
    ],
  ],
  [
    'splits in the names of both folders',
    ['P train_images/a.png', 'P val_images/b.png', 'M train_masks/a.png', 'M val_masks/b.png'],
  ],
  [
    'a split that only the images say',
    ['P images/train/a.jpg', 'P images/val/b.jpg', 'M masks/a.png', 'M masks/b.png'],
  ],
  [
    'a folder for each image',
    ['P shot0_json/img.png', 'P shot1_json/img.png', 'M shot0_json/label.png', 'M shot1_json/label.png'],
  ],
  [
    'sequences with equal names',
    ['P seq1/rgb/0001.png', 'P seq2/rgb/0001.png', 'M seq1/semantic/0001.png', 'M seq2/semantic/0001.png'],
  ],
  [
    'Kitti',
    [
      'P training/image_2/000_10.png',
      'P training/image_2/001_10.png',
      'M training/semantic/000_10.png',
      'M training/semantic/001_10.png',
    ],
  ],
  [
    "masks named after the image's whole file",
    ['P images/a.jpg', 'P images/b.jpg', 'M labels/a.jpg.png', 'M labels/b.jpg.png'],
  ],
  [
    'DRIVE',
    ['P training/images/21_training.png', 'P test/images/01_test.png'].concat([
      'M training/1st_manual/21_manual1.png',
      'M test/1st_manual/01_manual1.png',
    ]),
  ],
  ['SegNet', ['P train/a.png', 'P val/b.png', 'M trainannot/a.png', 'M valannot/b.png']],
  ['JPEG masks', ['P images/a.jpg', 'P images/b.jpg', 'M masks/a.jpg', 'M masks/b.jpg']],
  ['images called im in unknown folders', ['P A/img_1.jpg', 'P A/img_2.jpg', 'M B/img_1.png', 'M B/img_2.png']],
])('pairs %s', async (_, lines) => {
  const half = lines.length / 2
  const { pairs, problems, questions, notes } = await layoutOf(files(...lines))
  const expected = lines.slice(0, half).map((line, i) => [line.slice(2), lines[half + i].slice(2)])
  expect(pairs).toEqual(Object.fromEntries(expected))
  expect([problems, questions]).toEqual([[], []])
  expect(notes.filter((note) => !/taken for masks/.test(note))).toEqual([])
})

const rolesOf = ({ groups }: Awaited<ReturnType<typeof layoutOf>>) =>
  Object.fromEntries(groups.map(({ pattern, role }) => [pattern, role]))

test('a photo that is there twice stays two images', async () => {
  const { pairs, problems } = await layoutOf(files('P holiday/p0.jpg', 'P holiday/p1.jpg', 'P holiday/p1.png'))
  expect(pairs).toEqual({ 'holiday/p0.jpg': null, 'holiday/p1.jpg': null, 'holiday/p1.png': null })
  expect(problems).toEqual([])
})

test('of two sets of masks the one for more images is used, the person is asked, and every other file is named', async () => {
  const lines = ['P JPEGImages/a.jpg', 'P JPEGImages/b.jpg', 'M SegmentationClass/a.png']
  const voc = files(...lines, 'M SegmentationClassAug/a.png', 'M SegmentationClassAug/b.png')
  const layout = await layoutOf(voc)
  expect(layout.pairs).toEqual({
    'JPEGImages/a.jpg': 'SegmentationClassAug/a.png',
    'JPEGImages/b.jpg': 'SegmentationClassAug/b.png',
  })
  expect(layout.problems.map(({ path }) => path)).toEqual(['SegmentationClass/a.png'])
  const [question] = layout.questions
  expect(question.options.map(({ label }) => label)).toEqual([
    'SegmentationClassAug/*.png (for 2 images)',
    'SegmentationClass/*.png (for 1 image)',
  ])
  const other = await layoutOf(voc, {}, { [question.id]: question.options[1].value })
  expect(other.pairs).toEqual({ 'JPEGImages/a.jpg': 'SegmentationClass/a.png', 'JPEGImages/b.jpg': null })
})

test('ids come before colours; instances, and pictures of labels, are no masks and are named', async () => {
  const scene = 'aachen_000000_000019'
  const layout = await layoutOf(
    files(
      `P leftImg8bit/train/aachen/${scene}_leftImg8bit.png`,
      `M gtFine/train/aachen/${scene}_gtFine_color.png`,
      `M gtFine/train/aachen/${scene}_gtFine_labelIds.png`,
      `M gtFine/train/aachen/${scene}_gtFine_labelTrainIds.png`,
      `M gtFine/train/aachen/${scene}_gtFine_instanceIds.png`,
    ),
  )
  expect(Object.values(layout.pairs)).toEqual([`gtFine/train/aachen/${scene}_gtFine_labelTrainIds.png`])
  expect(layout.problems).toHaveLength(3)
  const labelme = await layoutOf(
    files(
      'P s0/img.png',
      'P s1/img.png',
      'M s0/label.png',
      'M s1/label.png',
      'P s0/label_viz.png',
      'P s1/label_viz.png',
    ),
  )
  expect(labelme.pairs).toEqual({ 's0/img.png': 's0/label.png', 's1/img.png': 's1/label.png' })
  expect(labelme.problems.map(({ path }) => path)).toEqual(['s0/label_viz.png', 's1/label_viz.png'])
})

test('masks without any image are masks that have none; pictures that only look like masks are images, and it is said', async () => {
  const lonely = await layoutOf(files('M labels/a.png', 'M labels/b.png'))
  expect([lonely.images, lonely.problems.length]).toEqual([[], 2])
  const flat = await layoutOf(files('M drawings/a.png', 'M drawings/b.png'))
  expect(flat.images).toHaveLength(2)
  expect(flat.notes.join()).toContain('"drawings/*.png" were taken for images. They look like masks')
})

test('a person may give a group another role', async () => {
  const flat = files('M drawings/a.png', 'M other/a.png')
  const layout = await layoutOf(flat)
  expect(rolesOf(layout)).toEqual({ 'drawings/*.png': 'image', 'other/*.png': 'image' })
  expect(layout.notes).toHaveLength(2)
  const turned = await layoutOf(flat, { 'drawings/*.png': 'mask', 'other/*.png': 'image' })
  expect(turned.pairs).toEqual({ 'other/a.png': 'drawings/a.png' })
  const left = await layoutOf(flat, { 'other/*.png': 'ignored' })
  expect([left.pairs, left.problems[0].path]).toEqual([{ 'drawings/a.png': null }, 'other/a.png'])
})

test('several masks of one image are named, and none is used', async () => {
  const layout = await layoutOf(files('P images/a.jpg', 'M masks/a_1.png', 'M masks/a_2.png', 'M masks/a_3.png'))
  expect(layout.pairs).toEqual({ 'images/a.jpg': null })
  expect(layout.problems.map(({ path }) => path)).toEqual(['masks/a_1.png', 'masks/a_2.png', 'masks/a_3.png'])
})

test('photos under the name of masks are images when there are no others', async () => {
  const layout = await layoutOf(files('P labels/a.png', 'P labels/b.png'))
  expect(layout.images).toHaveLength(2)
  expect(layout.notes.join()).toContain('although their names speak of masks')
})

test('a mask of another sequence takes no image whose own mask is there, nor one whose mask is missing', async () => {
  const runs = ['P images/run0/1.jpg', 'P images/run0/2.jpg', 'P images/run1/1.jpg']
  const both = await layoutOf(files(...runs, 'M masks/run0/1.png', 'M masks/run0/2.png', 'M masks/run1/2.png'))
  expect(both.pairs['images/run0/2.jpg']).toBe('masks/run0/2.png')
  for (const images of [
    ['P images/run0/1.jpg', 'P images/run0/2.jpg', 'P images/run1/1.jpg'],
    ['P images/run0/1.jpg', 'P images/run0/2.jpg'],
  ]) {
    const masks = ['M masks/run0/1.png', 'M masks/run1/1.png', 'M masks/run1/2.png']
    const { pairs, problems } = await layoutOf(files(...images, ...masks))
    expect(pairs['images/run0/2.jpg']).toBeNull()
    expect(problems.map(({ path }) => path)).toContain('masks/run1/2.png')
  }
  const near = await layoutOf(files('P images/a.jpg', 'M masks/a.png', 'M masks/old/a.png'))
  expect([near.pairs, near.problems.map(({ path }) => path)]).toEqual([
    { 'images/a.jpg': 'masks/a.png' },
    ['masks/old/a.png'],
  ])
})

test.each([
  ['camera_objects/#.png', 'masks/#.png'],
  ['labels/#_object.png', 'labels/#_mask.png'],
  ['masks_human/#.png', 'masks_machine/#.png'],
])('%s is used where it is alone, which is said, and not beside %s', async (last, first) => {
  const of = (pattern: string) => ['a', 'b'].map((name) => `M ${pattern.replace('#', name)}`)
  const images = ['P images/a.jpg', 'P images/b.jpg']
  const alone = await layoutOf(files(...images, ...of(last)))
  expect(alone.pairs['images/a.jpg']).toBe(last.replace('#', 'a'))
  expect(alone.notes.join().includes('maybe of single objects')).toBe(last.includes('object'))
  const beside = await layoutOf(files(...images, ...of(last), ...of(first)))
  expect(beside.pairs['images/a.jpg']).toBe(first.replace('#', 'a'))
  expect([beside.problems.length, beside.questions.length, beside.notes]).toEqual([2, 1, []])
})

test('masks in folders of two versions are two sets; semantic masks come before those of instances', async () => {
  const images = ['P training/images/a.jpg', 'P training/images/b.jpg']
  const versions = ['v1.2/labels/a.png', 'v2.0/labels/a.png', 'v2.0/labels/b.png'].map((path) => `M training/${path}`)
  const mapillary = await layoutOf(files(...images, ...versions))
  expect(Object.values(mapillary.pairs)).toEqual(['training/v2.0/labels/a.png', 'training/v2.0/labels/b.png'])
  expect([mapillary.questions.length, mapillary.problems.length]).toEqual([1, 1])
  const classes = await layoutOf(files('P images/a.jpg', 'M masks/road/a.png', 'M masks/car/a.png'))
  expect([classes.pairs, classes.problems.length]).toEqual([{ 'images/a.jpg': null }, 2])
  const isaid = await layoutOf(
    files(
      'P train/images/P1.png',
      'M train/Semantic_masks/images/P1_instance_color_RGB.png',
      'M train/Instance_masks/images/P1_instance_id_RGB.png',
    ),
  )
  expect(isaid.pairs).toEqual({ 'train/images/P1.png': 'train/Semantic_masks/images/P1_instance_color_RGB.png' })
})

test('a number behind the name of an image makes no pair where other masks have the names of theirs', async () => {
  const frames = ['P images/frame_1.jpg', 'P images/frame_2.jpg', 'M masks/frame_2.png', 'M masks/frame_1_5.png']
  const { pairs, problems } = await layoutOf(files(...frames))
  expect(pairs).toEqual({ 'images/frame_1.jpg': null, 'images/frame_2.jpg': 'masks/frame_2.png' })
  expect(problems.map(({ path }) => path)).toEqual(['masks/frame_1_5.png'])
})

test('masks of instances, and pictures of depth, are not used beside masks of classes', async () => {
  const kinds = ['ins_seg/bitmasks', 'pan_seg/bitmasks', 'sem_seg/masks'].map((kind) => `M labels/${kind}/a.png`)
  const { pairs } = await layoutOf(files('P images/a.jpg', ...kinds))
  expect(pairs).toEqual({ 'images/a.jpg': 'labels/sem_seg/masks/a.png' })
  const depth = await layoutOf(files('P left/a_left.png', 'P rgb/b.png', 'M disparity/b_disparity.png'))
  expect(depth.problems.map(({ path }) => path)).toEqual(['disparity/b_disparity.png'])
})

test('masks of objects in folders of their images are said to be that', async () => {
  const named = ['P images/a.jpg', 'P images/b.jpg', 'M masks/a/1.png', 'M masks/a/2.png', 'M masks/b/1.png']
  const cells = ['aa', 'bb', 'cc'].flatMap((id) => [
    `P train/${id}/images/${id}.png`,
    `M train/${id}/masks/${id}f0.png`,
    `M train/${id}/masks/0e${id}.png`,
  ])
  for (const lines of [named, cells]) {
    const { masks, problems } = await layoutOf(files(...lines))
    expect(masks.size).toBe(0)
    expect(problems.map(({ problem }) => problem.includes('is of one class or object of'))).toEqual(
      lines.filter((line) => line[0] === 'M').map(() => true),
    )
  }
  const scenes = [1, 2, 3].flatMap((n) => [`P s${n}/photo_${7 * n}ab.jpg`, `M s${n}/labels_v2.png`])
  expect((await layoutOf(files(...scenes))).masks.size).toBe(3)
})

test('masks of classes or objects are said to be that, and none is used', async () => {
  for (const suffixes of [
    ['road', 'car'],
    ['0', '1'],
    ['1', 'tree 2'],
  ]) {
    const masks = ['a', 'b'].flatMap((name) => suffixes.map((suffix) => `M masks/${name}_${suffix}.png`))
    const { pairs, problems } = await layoutOf(files('P images/a.jpg', 'P images/b.jpg', ...masks, 'M masks/c.png'))
    expect(pairs).toEqual({ 'images/a.jpg': null, 'images/b.jpg': null })
    expect(problems.filter(({ problem }) => problem.includes('is of one class or object of'))).toHaveLength(4)
  }
  const mixed = await layoutOf(files('P images/a.jpg', 'P images/b.jpg', 'M masks/a_road.png', 'M masks/b_car.png'))
  expect(mixed.pairs).toEqual({ 'images/a.jpg': null, 'images/b.jpg': null })
  const one = await layoutOf(files('P a.png', 'M a_umriss.png'))
  expect(one.pairs).toEqual({ 'a.png': 'a_umriss.png' })
})

test('thousands of files in hundreds of folders are paired in seconds', async () => {
  const many = Array.from({ length: 250 }, (_, run) => {
    return Array.from({ length: 8 }, (_, i) => [`P images/run${run}/${i}.png`, `M masks/run${run}/${i}.png`]).flat()
  })
  const start = performance.now()
  const { masks } = await layoutOf(files(...many.flat()))
  expect(masks.size).toBe(2000)
  // It takes a quarter of a second alone on a slow machine; what grows with the square of the folders takes minutes.
  expect(performance.now() - start).toBeLessThan(20_000)
})

test('masks whose names say it come before pictures that only look like masks; fine ones before coarse ones', async () => {
  const isic = ['P data/i1.jpg', 'M data/i1_cells.png', 'M truth/i1_segmentation.png']
  expect((await layoutOf(files(...isic))).pairs).toEqual({ 'data/i1.jpg': 'truth/i1_segmentation.png' })
  const scene = 'aachen_000000_000019'
  const city = ['gtCoarse', 'gtFine'].map((kind) => `M ${kind}/train/aachen/${scene}_${kind}_labelIds.png`)
  const image = `leftImg8bit/train/aachen/${scene}_leftImg8bit.png`
  expect((await layoutOf(files(`P ${image}`, ...city))).pairs[image]).toContain('gtFine/')
})

test('photos with words of masks in their names are images', async () => {
  const names = ['no_mask', 'mask_on', 'label 1', 'object', 'objects_3', 'plain']
  const { images, problems } = await layoutOf(files(...names.map((name) => `P faces/${name}.png`)))
  expect([images.length, problems]).toEqual([6, []])
  const drawn = files('P images/a.png', 'M images/mask-a.png', 'M labels/a.png', 'M labels/mask-a.png')
  expect((await layoutOf(drawn)).pairs).toEqual({
    'images/a.png': 'labels/a.png',
    'images/mask-a.png': 'labels/mask-a.png',
  })
  const folders = await layoutOf(files('P objects/a.png', 'P no masks/b.png', 'P covid masks/c.png'))
  expect([folders.images.length, folders.problems]).toEqual([3, []])
})
