import { decode } from 'fast-png'
import { expect, test } from 'vitest'
import { CAMVID_CLASSES, CITYSCAPES_CLASSES, generatedColor } from '../domain/classes'
import { distinctColors, type ExportedImage, type ExportFile, imageTable, UNLABELLED_COLOR } from './export-format'
import { createExporter } from './formats'

const SIZE = { height: 3, width: 5 }
// Column by column: 0 0 255, 0 1 255, 1 1 255, 255 255 255, 2 255 0.
const CLASSES = Uint8Array.of(0, 0, 1, 255, 2, 0, 1, 1, 255, 255, 255, 255, 255, 255, 0)
const image: ExportedImage = {
  name: 'images/day/a',
  fileName: 'images/day/a.jpg',
  split: 'train',
  size: SIZE,
  classes: CLASSES,
}

function exported(format: Parameters<typeof createExporter>[0], palette = CAMVID_CLASSES, one = image) {
  const exporter = createExporter(format, palette, [one])
  const files = [...exporter.image(one), ...exporter.finish()]
  return new Map(files.map(({ path, content }) => [path, content]))
}

const text = (files: Map<string, ExportFile['content']>, path: string) => {
  const content = files.get(path)
  return typeof content === 'string' ? content : `no text at ${path}`
}
const png = (files: Map<string, ExportFile['content']>, path: string) => decode(files.get(path) as Uint8Array)

test('the table of images quotes what a path may hold', () => {
  const { path, content } = imageTable([['labels/a.png', 'images/a, "b".jpg']])
  expect([path, content]).toEqual(['images.csv', 'mask,image\n"labels/a.png","images/a, ""b"".jpg"\n'])
})

test('index masks hold class ids under the palette of the classes, 255 where nothing is labelled', () => {
  const files = exported('index')
  const mask = png(files, 'labels/day/a.png')
  expect([...mask.data]).toEqual([...CLASSES])
  expect(mask.palette?.[1]).toEqual(CAMVID_CLASSES[1].color)
  expect(mask.palette?.[255]).toEqual(UNLABELLED_COLOR)
  expect(text(files, 'classes.txt').split('\n').slice(0, 3)).toEqual(['Sky', 'Building', 'Pole'])
  const table = text(files, 'label_colors.txt').trim().split('\n')
  expect([table[1], table.at(-1)]).toEqual(['128 0 0 Building', '224 224 192 unlabelled'])
})

test('Cityscapes: train ids, label ids by name, colours; cities are the folders', () => {
  const name = 'leftImg8bit/train/ulm/ulm_000001_000019_leftImg8bit'
  const files = exported('cityscapes', CITYSCAPES_CLASSES, { ...image, name })
  const path = 'gtFine/train/ulm/ulm_000001_000019_gtFine_'
  expect([...png(files, `${path}labelTrainIds.png`).data]).toEqual([...CLASSES])
  // road, sidewalk and building are 7, 8 and 11; "unlabeled" is 0.
  const labelIds = [...CLASSES].map((id) => [7, 8, 11][id] ?? 0)
  expect([...png(files, `${path}labelIds.png`).data]).toEqual(labelIds)
  expect([...png(files, `${path}color.png`).data.subarray(0, 3)]).toEqual([128, 64, 128])
  expect([...exported('cityscapes').keys()]).toContain('gtFine/train/images/a_gtFine_labelTrainIds.png')
})

test('BDD100K, CamVid and VOC: masks where their tools look, with their lists', () => {
  expect([...png(exported('bdd100k'), 'labels/sem_seg/masks/train/a.png').data]).toEqual([...CLASSES])
  const camvid = exported('camvid')
  expect([...png(camvid, 'trainannot/a.png').data]).toEqual([...CLASSES])
  expect(text(camvid, 'train.txt')).toBe('train/a.jpg trainannot/a.png\n')
  const voc = exported('voc')
  expect([...png(voc, 'SegmentationClass/a.png').data]).toEqual([...CLASSES])
  expect(text(voc, 'ImageSets/Segmentation/train.txt')).toBe('a\n')
})

test('CVAT: every colour of a mask is in the label map', () => {
  const files = exported('cvat')
  const named = new Set(
    text(files, 'labelmap.txt')
      .split('\n')
      .flatMap((line) => /^[^#:]+:([\d,]+)::$/.exec(line)?.[1] ?? []),
  )
  const { data } = png(files, 'SegmentationClass/a.png')
  for (let i = 0; i < data.length; i += 3) expect(named).toContain([...data.subarray(i, i + 3)].join(','))
  expect(named.size).toBe(CAMVID_CLASSES.length + 1)
  // Objects 1, 2 and 3 of Pascal VOC for the classes 0, 1 and 2.
  const objects = png(files, 'SegmentationObject/a.png').data
  const colorAt = (pixel: number) => [...objects.subarray(3 * pixel, 3 * pixel + 3)]
  expect([0, 2, 4, 3].map(colorAt)).toEqual([
    [128, 0, 0],
    [0, 128, 0],
    [128, 128, 0],
    [0, 0, 0],
  ])
})

test('classes.json has every class as it is, beside the files of each format', () => {
  const names = ['void', '__ignore__', '#hash', 'a, "b"', 'sign: stop']
  const classes = names.map((name, id) => ({ name, color: generatedColor(id) }))
  for (const format of ['index', 'cityscapes', 'bdd100k', 'camvid', 'voc', 'cvat', 'coco'] as const) {
    expect(JSON.parse(text(exported(format, classes), 'classes.json')), format).toEqual({
      format: 'cpral-studio classes',
      classes: classes.map(({ name, color }, id) => ({ id, name, color })),
      void: 255,
    })
  }
})

test('classes of equal colours, and of the colour of what is not labelled, stay apart in colour masks', () => {
  const grey: [number, number, number] = [70, 70, 70]
  const classes = [
    { name: 'wall', color: grey },
    { name: 'tower', color: grey },
    { name: 'sand', color: UNLABELLED_COLOR },
    { name: 'sky', color: generatedColor(1) },
  ]
  const colors = distinctColors(classes).map(({ color }) => color)
  expect(new Set([...colors, UNLABELLED_COLOR].map(String)).size).toBe(5)
  expect([colors[0], colors[3]]).toEqual([grey, generatedColor(1)])
  // Pixel 1 is of class 0, pixel 6 of class 1, pixel 4 of class 2, pixel 3 of none.
  const { data } = png(exported('cvat', classes), 'SegmentationClass/a.png')
  const colorAt = (pixel: number) => [...data.subarray(3 * pixel, 3 * pixel + 3)]
  expect([1, 6, 4, 3].map(colorAt)).toEqual([...colors.slice(0, 3), UNLABELLED_COLOR])
})

test('label maps: no name is taken for a comment, a colour or another name', () => {
  const names = ['#ff0000', 'sign: stop', 'sign stop', 'unlabelled', '#']
  const classes = names.map((name, id) => ({ name, color: generatedColor(id) }))
  const lines = text(exported('cvat', classes), 'labelmap.txt').trim().split('\n')
  expect(lines.map((line) => line.split(':')[0])).toEqual([
    '# label',
    'ff0000',
    'sign stop',
    'sign stop_2',
    'class_unlabelled',
    'class',
    'unlabelled',
  ])
  for (const line of lines) expect(line.split(':')).toHaveLength(4)
})
