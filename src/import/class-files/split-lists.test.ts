import { expect, test } from 'vitest'
import { matchSplits, splitOf } from './match-splits'
import { isSplitList, parseSplitList } from './split-lists'

const list = (path: string, ...lines: string[]) => parseSplitList(path, lines.join('\n'))
const read = (path: string, ...lines: string[]) => {
  return list(path, ...lines).entries.map(({ name, split }) => `${name} ${split}`)
}
/** "train/a.jpg: train" for each image that a list names. */
const matched = (images: string[], ...lists: ReturnType<typeof list>[]) => {
  return [...matchSplits(images, lists).splits].map(([path, split]) => `${path}: ${split}`)
}

test('files that list splits, by their paths', () => {
  const lists = [
    'VOC2012/ImageSets/Segmentation/train.txt',
    'ImageSets/Main/trainval.txt',
    'train.txt',
    'splits/val.txt',
  ]
    .concat([
      'lists/test.lst',
      'train.csv',
      'Valid.csv',
      'splits.csv',
      'metadata.csv',
      'splits_final.json',
      'split.json',
    ])
    .concat([
      'trainList.txt',
      'val_images.txt',
      'list_train.txt',
      'train_val.txt',
      'ImageSets/Segmentation/default.txt',
    ])
  expect(lists.filter((path) => !isSplitList(path))).toEqual([])
  const others = [
    'classes.txt',
    'train/a.txt',
    'train_001.txt',
    'train.png',
    'ImageSets/Main/car_train.txt',
    'metadata.txt',
  ].concat(['default.txt', 'trainer.txt', 'readme.txt', 'labels.csv', 'train', 'train.json.png'])
  expect(others.filter(isSplitList)).toEqual([])
})

test.each([
  ['names', 'train.txt', ['2007_000', '2007_001'], ['2007_000 train', '2007_001 train']],
  ['comments and empty lines', 'val.txt', ['# mine', '', 'a.b.c ', ''], ['a.b.c val']],
  ['image and mask', 'test.txt', ['/SegNet/train/x.png /SegNet/trainannot/x.png'], ['/SegNet/train/x.png test']],
  ['image and mask by a comma', 'train.txt', ['a/x.jpg,b/x.png'], ['a/x.jpg train']],
  ['image and mask without extensions', 'train.txt', ['a/x b/x'], ['a/x train']],
  [
    'names with blanks',
    'train.txt',
    ['street 12.JPG', 'old town', 'a b.jpg c d.png'],
    ['street 12.JPG train', 'old town train', 'a b.jpg train'],
  ],
  [
    'with a number behind',
    'ImageSets/Main/train.txt',
    ['2007_000  1', '2007_001 -1'],
    ['2007_000 train', '2007_001 train'],
  ],
  ['both halves', 'trainval.txt', ['a'], ['a train']],
  ['no split', 'ImageSets/Segmentation/default.txt', ['a'], ['a null']],
  ['a table with a header', 'train.csv', ['id,filename,mask', '7,x.jpg,x.png'], ['x.jpg train']],
  ['a table without a header', 'val.csv', ['a/x.jpg,b/x.png', 'a/y.jpg,b/y.png'], ['a/x.jpg val', 'a/y.jpg val']],
  ['one column with a header', 'val.csv', ['image', 'x.jpg'], ['x.jpg val']],
  ['one column without a header', 'val.csv', ['x.jpg', 'y.jpg'], ['x.jpg val', 'y.jpg val']],
  [
    'a column of splits',
    'splits.csv',
    ['name;split', 'x;train', 'y;Validation', '"z;1";TEST', 'u;'],
    ['x train', 'y val', 'z;1 test', 'u null'],
  ],
  ['splits without a header', 'split.csv', ['x.jpg,train', 'y.jpg,val'], ['x.jpg train', 'y.jpg val']],
  [
    'metadata of DeepGlobe',
    'metadata.csv',
    ['image_id,split,sat_image_path,mask_path', '7,train,train/7_sat.jpg,train/7_mask.png'],
    ['train/7_sat.jpg train'],
  ],
  [
    'folds of nnU-Net',
    'splits_final.json',
    ['[{"train": ["a", "b"], "val": ["c"]}, {"train": ["c"], "val": ["a"]}]'],
    ['a train', 'b train', 'c val'],
  ],
  [
    'one JSON',
    'split.json',
    ['{"train": [{"file_name": "a.jpg"}], "valid": ["b"], "note": "x"}'],
    ['a.jpg train', 'b val'],
  ],
  ['a JSON of images', 'split.json', ['{"a.jpg": "train", "b.jpg": "test"}'], ['a.jpg train', 'b.jpg test']],
  ['damaged JSON', 'split.json', ['{"a'], []],
])('%s', (_name, path, lines, entries) => {
  expect(read(path, ...lines)).toEqual(entries)
})

test('the split of a whole list', () => {
  expect(list('train.txt', 'a').split).toBe('train')
  expect(list('splits.csv', 'name,split', 'a,train', 'b,val').split).toBeNull()
})

test('matched by whole and trailing path, by name, without case, in one Unicode form', () => {
  expect(matched(['JPEGImages/2007_000.jpg'], list('train.txt', '2007_000'))).toEqual([
    'JPEGImages/2007_000.jpg: train',
  ])
  expect(matched(['train/X.JPG'], list('val.txt', '/data/train/x.png'))).toEqual(['train/X.JPG: val'])
  expect(matched(['set/images/x.jpg'], list('val.txt', 'images\\x.jpg'))).toEqual(['set/images/x.jpg: val'])
  expect(matched(['caf\u00e9.jpg'], list('val.txt', './cafe\u0301'))).toEqual(['caf\u00e9.jpg: val'])
  expect(matched(['a.b.jpg'], list('val.txt', 'a.b'))).toEqual(['a.b.jpg: val'])
  expect(matched(['imagesTr/road_001_0000.png'], list('val.txt', 'road_001'))).toEqual([
    'imagesTr/road_001_0000.png: val',
  ])
  expect(splitOf('a.jpg', [list('val.txt', 'a')])).toBe('val')
  expect(splitOf('b.jpg', [list('val.txt', 'a')])).toBeNull()
})

test('an entry is that of the images that it fits best', () => {
  const images = ['train/x.jpg', 'val/x.jpg', 'val/x.png']
  expect(matched(images, list('train.txt', 'train/x.jpg'))).toEqual(['train/x.jpg: train'])
  expect(matched(images, list('train.txt', 'train/x.jpg'), list('val.txt', 'val/x.png'))).toEqual([
    'train/x.jpg: train',
    'val/x.png: val',
  ])
  expect(matched(['a/x.jpg', 'b/x.jpg'], list('train.txt', 'x'))).toEqual(['a/x.jpg: train', 'b/x.jpg: train'])
})

test('train and val together count only where there is neither; lists for segmentation before others', () => {
  const joint = list('ImageSets/Segmentation/trainval.txt', 'a', 'b')
  expect(matched(['a.jpg', 'b.jpg'], joint)).toEqual(['a.jpg: train', 'b.jpg: train'])
  const segmentation = [list('ImageSets/Segmentation/train.txt', 'a'), list('ImageSets/Segmentation/val.txt', 'b')]
  const main = list('ImageSets/Main/val.txt', 'a')
  expect(matched(['a.jpg', 'b.jpg'], joint, main, ...segmentation)).toEqual(['a.jpg: train', 'b.jpg: val'])
  expect(matched(['a.jpg', 'b.jpg'], joint, list('ImageSets/Segmentation/test.txt', 'b'))).toEqual([
    'a.jpg: train',
    'b.jpg: train',
  ])
})

test('what no list names, and what is no image, can be counted', () => {
  const { unlisted, unmatched } = matchSplits(
    ['a.jpg', 'b.jpg'],
    [list('train.txt', 'a', 'c', 'd'), list('val.txt', 'e')],
  )
  expect(unlisted).toEqual(['b.jpg'])
  expect([...unmatched]).toEqual([
    ['train.txt', ['c', 'd']],
    ['val.txt', ['e']],
  ])
})

test('an image of two splits is named, and never learned from', () => {
  const { splits, problems } = matchSplits(['a.jpg', 'b.jpg'], [list('train.txt', 'a', 'b'), list('val.txt', 'a')])
  expect([...splits]).toEqual([
    ['a.jpg', 'val'],
    ['b.jpg', 'train'],
  ])
  expect(problems.map(({ problem }) => problem)).toEqual([
    '"a.jpg" is in "val.txt" and in "train.txt"; it is taken for val.',
  ])
  const many = matchSplits(
    ['a.jpg', 'b.jpg'],
    [list('splits.csv', 'name,split', 'a,train', 'a,val', 'b,val', 'b,train')],
  )
  expect(many.problems.map(({ problem }) => problem)).toEqual([
    '2 images, such as "a.jpg", are in more than one split in "splits.csv"; they are taken for val.',
  ])
})
