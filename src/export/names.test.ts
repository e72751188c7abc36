import { expect, test } from 'vitest'
import { CAMVID_CLASSES, generatedColor } from '../domain/classes'
import type { Split } from '../domain/dataset'
import type { ExportFormat } from '../domain/export'
import { isVoidName } from '../import/class-files/names'
import { createExporter } from './formats'
import { distinctNames, fileKey, portablePath, withoutCommonFolders } from './names'

/** Where each of these images, all labelled, has the mask that a reader takes first. */
function maskPaths(format: ExportFormat, names: string[], splits: Split[] = []): string[] {
  const images = names.map((name, i) => {
    const size = { height: 1, width: 1 }
    return { name, fileName: `${name}.jpg`, split: splits[i] ?? 'train', size, classes: Uint8Array.of(0) }
  })
  const exporter = createExporter(format, CAMVID_CLASSES, images)
  return images.map((image) => exporter.image(image)[0].path)
}

test('names are without their folders; those that are then equal have their whole path, and stay apart', () => {
  const images = ['a/b', 'a_b', 'a_b_2', 'a/c/b', 'c', 'd/e'].map((name) => ({ name }))
  expect(images.map(distinctNames(images))).toEqual(['a_b_3', 'a_b', 'a_b_2', 'a_c_b', 'c', 'e'])
})

test('the folders that all names begin with are left out, never a name itself', () => {
  const without = (...names: string[]) => {
    const images = names.map((name) => ({ name }))
    return images.map(withoutCommonFolders(images))
  }
  expect(without('set/images/day/a', 'set/images/night/a')).toEqual(['day/a', 'night/a'])
  expect(without('set/day/a', 'set/day')).toEqual(['day/a', 'day'])
  expect(without('set/day/a')).toEqual(['a'])
  expect(without('a', 'b/a')).toEqual(['a', 'b/a'])
  expect(without()).toEqual([])
})

test('Cityscapes, BDD100K and CamVid: names are distinct in the folder of their split', () => {
  const names = ['train/x/1', 'train/y/1', 'train/y/2', 'val/x/1']
  const distinct = ['train/train_x_1', 'train/train_y_1', 'train/2', 'val/1']
  expect(maskPaths('bdd100k', names)).toEqual(distinct.map((name) => `labels/sem_seg/masks/${name}.png`))
  expect(maskPaths('camvid', names)).toEqual(distinct.map((name) => `${name.replace('/', 'annot/')}.png`))
  expect(maskPaths('cityscapes', names)).toEqual(
    distinct.map((name) => `gtFine/${name.replace('/', '/images/')}_gtFine_labelTrainIds.png`),
  )
})

test('VOC has one folder of masks for all splits', () => {
  expect(maskPaths('voc', ['train/1', 'train/2', 'val/1'])).toEqual([
    'SegmentationClass/train_1.png',
    'SegmentationClass/2.png',
    'SegmentationClass/val_1.png',
  ])
})

test('a mask lies in the split of the folder of its image, and in that of the project where there is none', () => {
  const masks = (names: string[]) => maskPaths('camvid', names, ['train', 'train', 'val'])
  expect(masks(['val/a', 'train/b', 'train/c'])).toEqual(['valannot/a.png', 'trainannot/b.png', 'trainannot/c.png'])
  expect(masks(['a', 'b', 'c'])).toEqual(['trainannot/a.png', 'trainannot/b.png', 'valannot/c.png'])
})

test('index: the folders that call an image one are left out; images whose masks would have one path stay apart', () => {
  expect(maskPaths('index', ['images/rgb/day/a', 'images/a', 'JPEGImages/val/b'])).toEqual([
    'labels/day/a.png',
    'labels/a.png',
    'labels/val/b.png',
  ])
  expect(maskPaths('index', ['a', 'images/IMG/a', 'images/a'])).toEqual([
    'labels/a.png',
    'labels/images_IMG_a.png',
    'labels/images_a.png',
  ])
})

test('Cityscapes: cities, wherever the folder lies and without it; equal scenes stay apart', () => {
  const scene = 'train/ulm/ulm_000001_000019_leftImg8bit'
  const names = [`2016/leftImg8bit/${scene}`, `2020/leftImg8bit/${scene}`, scene.replace('000019', '000020')]
  expect(maskPaths('cityscapes', names)).toEqual(
    ['ulm_000001_000019', 'ulm_000001_000019_2', 'ulm_000001_000020'].map(
      (stem) => `gtFine/train/ulm/${stem}_gtFine_labelTrainIds.png`,
    ),
  )
})

test('every part of a path can be unpacked on Windows, macOS and Linux; those that can be already stay', () => {
  const paths = [
    'T03:04:05',
    'what?',
    'aux',
    'b/COM1.x',
    'nul/a',
    ' a',
    'a.',
    'a /b',
    'a\\b',
    '..',
    'a\nb',
    'auxiliary',
    'é',
  ]
  expect(paths.map(portablePath)).toEqual([
    'T03_04_05',
    'what_',
    '_aux',
    'b/_COM1.x',
    '_nul/a',
    '_a',
    'a_',
    'a_/b',
    'a_b',
    '._',
    'a_b',
    'auxiliary',
    'é',
  ])
  expect(new TextEncoder().encode(portablePath('🌲'.repeat(90))).length).toBe(200)
})

test('in every format that writes masks, names differ on systems that know no case and one Unicode form', () => {
  const names = ['IMG', 'img', '\u00e9', 'e\u0301', 'what?', 'what_', 'day/x', 'Day/X', 'CON']
  for (const format of ['index', 'cityscapes', 'bdd100k', 'camvid', 'voc', 'cvat'] as const) {
    const paths = maskPaths(format, names)
    expect(new Set(paths.map(fileKey)).size, format).toBe(names.length)
    expect(paths.map(portablePath), format).toEqual(paths)
    expect(
      paths.some((path) => /what__gt|what_\.png/.test(path)),
      format,
    ).toBe(true)
  }
})

const ODD_NAMES = [
  'two\r\nlines ',
  '__ignore__',
  '#hash',
  '# ',
  '// x',
  'void',
  'Un-labelled',
  'unlabelled',
  '',
  ':',
].concat(['a, b', 'sign: stop', 'Road', 'road', '12 road', 'class_void', '_', '128 64 128'])

test('every list of a tool has one line for each class, in the order of the ids, with a name of its own', () => {
  const classes = ODD_NAMES.map((name, id) => ({ name, color: generatedColor(id) }))
  let count = 0
  for (const format of ['index', 'cityscapes', 'bdd100k', 'camvid', 'voc', 'cvat', 'coco'] as const) {
    for (const { path, content } of createExporter(format, classes, []).finish()) {
      if (!/class|color|labelmap/.test(path) || path === 'classes.json') continue
      count++
      const found = listed(String(content).split('\n').slice(0, -1), path)
      const known = found.names.slice(0, classes.length)
      expect(found.names, `${format} ${path}`).toHaveLength(classes.length + (found.colors ? 1 : 0))
      expect(new Set(found.names).size, `${format} ${path}`).toBe(found.names.length)
      expect(found.colors ?? classes.map(({ color }) => color.join()).concat(''), `${format} ${path}`).toEqual([
        ...classes.map(({ color }) => color.join()),
        found.colors ? '224,224,192' : '',
      ])
      expect(known.filter((name) => /^\s|\s$|^#|^\/\/|^$|[\n:]|^__/.test(name) || isVoidName(name))).toEqual([])
      expect([known[0], ...known.slice(12, 15)]).toEqual(['two lines', 'Road', 'road', '12 road'])
    }
  }
  expect(count).toBe(8)
})

/** Names, and colours where there are any, of the lines of a list; a comment is the first line of a label map alone. */
function listed(lines: string[], path: string): { names: string[]; colors: string[] | null } {
  if (path === 'labelmap.txt') {
    const parts = lines.slice(1).map((line) => line.split(':'))
    expect(parts.filter(({ length }) => length !== 4)).toEqual([])
    return { names: parts.map(([name]) => name), colors: parts.map(([, color]) => color) }
  }
  if (!path.includes('color')) return { names: lines, colors: null }
  const parts = lines.map((line) => /^(\d+) (\d+) (\d+) (.*)$/.exec(line) ?? [])
  return { names: parts.map((part) => part[4]), colors: parts.map((part) => part.slice(1, 4).join()) }
}
