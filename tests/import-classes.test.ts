import { expect, test } from 'vitest'
import { find, grey, idsOf, palette, rgb } from './support/test-folder'

test('classes: palette colours, class files by line and by colour, black and white, grey levels', async () => {
  const voc = await find(['images/a.jpg'], {
    'labels/a.png': palette(
      [
        [0, 0, 0],
        [128, 0, 0],
        [0, 128, 0],
      ],
      2,
      0,
    ),
  })
  expect(voc.classes).toEqual([
    { name: 'class 0', color: [0, 0, 0] },
    { name: 'class 1', color: [128, 0, 0] },
    { name: 'class 2', color: [0, 128, 0] },
  ])
  const named = await find(['images/a.jpg'], {
    'labels/a.png': grey(1, 3),
    'labels.txt': '__ignore__\n_background_\ncat\nvoid\ndog\n',
  })
  expect(named.classes.map(({ name }) => name)).toEqual(['_background_', 'cat', 'dog'])
  const values = { 'labels/a.png': grey(0, 1, 2, 3, 255), 'labels.txt': '__ignore__\n_background_\ncat\nvoid\ndog\n' }
  const all = await find(['images/a.jpg'], values)
  expect(idsOf('images/a', all.items[0].mask, values)).toEqual([0, 1, 255, 2, 255])
  const cvat = {
    'labels/a.png': palette(
      [
        [9, 9, 9],
        [8, 8, 8],
        [250, 50, 83],
      ],
      2,
      2,
    ),
    'labelmap.txt': '# label:color_rgb:parts:actions\nbackground:0,0,0::\ncar:250,50,83::\n',
  }
  const mapped = await find(['images/a.jpg'], cvat)
  expect(mapped.classes.map(({ name }) => name)).toEqual(['background', 'car'])
  expect(idsOf('images/a', mapped.items[0].mask, cvat)).toEqual([1, 1])
  const binary = await find(['images/a.jpg'], { 'labels/a.png': grey(0, 255) })
  expect(binary.classes.map(({ name }) => name)).toEqual(['background', 'foreground'])
  const levels = await find(['images/a.jpg'], { 'labels/a.png': grey(0, 80, 160) })
  expect(levels.classes.map(({ name }) => name)).toEqual(['value 0', 'value 80', 'value 160'])
})

const VOC_COLORS = [
  [0, 0, 0],
  [128, 0, 0],
  [0, 128, 0],
]
/** A palette of 256 colours with that of Pascal VOC's void at 255. */
const VOC_PALETTE = Array.from({ length: 256 }, (_, i) => (i === 255 ? [224, 224, 192] : (VOC_COLORS[i] ?? [0, 0, 0])))

test('palette masks are read by index where their colours stand in the lines of the class file', async () => {
  const masks = { 'labels/a.png': palette(VOC_PALETTE, 0, 1, 2), 'labels/b.png': palette(VOC_PALETTE, 255, 2, 0) }
  const inOrder = await find(['images/a.jpg', 'images/b.jpg'], {
    ...masks,
    'label_colors.txt': '0 0 0 sea\n128 0 0 sand\n0 128 0 wood\n',
  })
  expect(inOrder.items.map(({ name, mask }) => idsOf(name, mask, masks))).toEqual([
    [0, 1, 2],
    [255, 2, 0],
  ])
  expect(inOrder.problems).toEqual([])
  // Written by another tool in another order: only the colours say which class is meant.
  const byColor = await find(['images/a.jpg', 'images/b.jpg'], {
    ...masks,
    'labelmap.txt': 'wood:0,128,0::\nsea:0,0,0::\nsand:128,0,0::\nvoid:224,224,192::\n',
  })
  expect(byColor.items.map(({ name, mask }) => idsOf(name, mask, masks))).toEqual([
    [1, 2, 0],
    [255, 0, 1],
  ])
})

test('greys met before the first colour are among the colours of the set', async () => {
  const masks = { 'labels/a.png': rgb([0, 0, 0], [0, 0, 0]), 'labels/b.png': rgb([255, 0, 0], [0, 0, 255]) }
  const dataset = await find(['images/a.jpg', 'images/b.jpg'], masks)
  expect(dataset.classes.map(({ name }) => name)).toEqual(['background', '#0000ff', '#ff0000'])
  expect(dataset.items.map(({ name, mask }) => idsOf(name, mask, masks))).toEqual([
    [0, 0],
    [2, 1],
  ])
})

test('colour masks without a class file: every colour is a class; a photo in the mask folder is named, and its image stays', async () => {
  const dataset = await find(['images/a.jpg'], { 'labels/a.png': rgb([0, 0, 0], [255, 0, 0], [0, 0, 255]) })
  expect(dataset.classes.map(({ name }) => name)).toEqual(['background', '#0000ff', '#ff0000'])
  const photo = rgb(...Array.from({ length: 100 }, (_, i) => [i, 2 * i, 3]))
  const refused = await find(['images/a.jpg'], { 'labels/a.png': photo })
  expect(refused.problems).toMatchObject([
    { path: 'labels/a.png', problem: expect.stringContaining('100 different colours') },
  ])
  expect(refused.items.map(({ path, mask }) => [path, mask])).toEqual([['images/a.jpg', null]])
})

test('a class file with more classes than a mask can tell apart is refused by name, whatever the masks hold', async () => {
  const colors = Array.from({ length: 300 }, (_, id) => [id >> 4, id & 15, 9])
  const table = colors.map((color, id) => `${color.join(' ')} class ${id}\n`)
  for (const mask of [rgb(colors[256]), grey(0, 1)]) {
    const folder = { 'labels/a.png': mask, 'label_colors.txt': table.join('') }
    await expect(find(['images/a.jpg'], folder)).rejects.toMatchObject({
      code: 'bad_label',
      message: '"label_colors.txt" has 300 classes, more than the 255 that a mask can tell apart.',
    })
  }
  const most = { 'labels/a.png': rgb(colors[254]), 'label_colors.txt': table.slice(0, 255).join('') }
  const dataset = await find(['images/a.jpg'], most)
  expect(idsOf('images/a', dataset.items[0].mask, { 'labels/a.png': rgb(colors[254]) })).toEqual([254])
})
