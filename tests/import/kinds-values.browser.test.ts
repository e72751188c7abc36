/** More of what values and colours of masks may mean: softened edges, greys in class files, palettes, alpha, 16 bits. */
import { beforeEach, expect, test } from 'vitest'
import { randomStream } from '../../src/math/random'
import { clearDatabase } from '../support/database'
import * as draw from '../support/draw-folder'
import { everything, expectRight, expectRightOrSaid, imageOf, pixelsOf, said, take } from '../support/take-folder'

beforeEach(clearDatabase)

const discs = [9, 10, 11].map((radius) => draw.disc(radius))
const thirds = (count: number) => Array.from({ length: count }, () => draw.bands(3))
const labels = { masks: 'labels/p#.png' }
const greys = (values: number[]) => values.map((value) => [value, value, value])

test('black-and-white masks with soft edges in three channels are cut at the middle', async () => {
  const soft = [8, 9, 10].map((radius) => draw.softDisc(radius, 2))
  const write = (_: Uint8Array, i: number) => draw.colored(soft[i], (value) => [value, value, value])
  const { files, truth } = await draw.drawPairs(soft.map(draw.cut), write)
  const taken = await take(files)
  expectRight(taken, truth)
  expect(taken.classes).toHaveLength(2)
})

test('black-and-white masks that were JPEGs once are cut at the middle, and it is said', async () => {
  const random = randomStream(1, 'noise')
  const noisy = discs.map((ids) => ids.map((id) => (id === 0 ? random.below(9) : 255 - random.below(9))))
  const { files, truth } = await draw.drawPairs(discs, (_, i) => draw.grey(noisy[i]))
  const taken = await take(files)
  expectRight(taken, truth)
  expect(everything(taken)).toMatch(/between|middle|128|noise|greys/i)
})

test('mattes without two clear greys never become dozens of classes without a word', async () => {
  const slope = draw.raster(draw.SMALL, (_, column) => Math.round((column * 255) / 47))
  const { files, truth } = await draw.drawPairs([slope, slope].map(draw.cut), () => draw.grey(slope))
  const taken = await take(files)
  expectRightOrSaid(taken, truth)
  expect(taken.classes.length).toBeLessThanOrEqual(2)
})

test('three greys with soft edges between them are three classes, or named', async () => {
  const soft = [6, 7, 8].map((radius) => {
    const inner = draw.softDisc(radius - 3)
    return draw.softDisc(radius + 3).map((outer, i) => Math.round((outer * 127 + inner[i] * 128) / 255))
  })
  const masks = soft.map((greys) => greys.map((value) => (value < 64 ? 0 : value < 191 ? 1 : 2)))
  const { files, truth } = await draw.drawPairs(masks, (_, i) => draw.grey(soft[i]))
  const taken = await take(files)
  expectRightOrSaid(taken, truth)
  expect(taken.classes.length).toBeLessThanOrEqual(3)
})

test('greys that a label_colors.txt lists are found in palette masks', async () => {
  const write = (ids: Uint8Array) => draw.palette(ids, greys([255, 0, 128]))
  const { files, truth } = await draw.drawPairs(thirds(3), write, labels)
  const list = '255 255 255 sky\n0 0 0 ground\n128 128 128 wall\n'
  const taken = await take({ ...files, 'label_colors.txt': list })
  expectRight(taken, { ...truth, classes: ['sky', 'ground', 'wall'] })
})

test('greys that a class_dict.csv lists are found in grey masks of one channel', async () => {
  const write = (ids: Uint8Array) => draw.grey(draw.coded(ids, { 0: 255, 1: 128, 2: 0 }))
  const { files, truth } = await draw.drawPairs(thirds(3), write, labels)
  const list = 'name,r,g,b\ncar,255,255,255\ntree,128,128,128\nrest,0,0,0\n'
  const taken = await take({ ...files, 'class_dict.csv': list })
  expectRight(taken, { ...truth, classes: ['car', 'tree', 'rest'] })
})

test.each([';', '\t'])('a table of classes is read whose columns are separated by %j', async (separator) => {
  const colors = [
    [10, 20, 30],
    [200, 0, 0],
    [255, 255, 255],
  ]
  const { files, truth } = await draw.drawPairs(thirds(2), (ids) => draw.colored(ids, colors), labels)
  const rows = [['name', 'r', 'g', 'b'], ...['sea', 'buoy', 'foam'].map((name, id) => [name, ...colors[id]])]
  const list = rows.map((row) => `${row.join(separator)}\r\n`).join('')
  expectRight(await take({ ...files, 'class_dict.csv': list }), { ...truth, classes: ['sea', 'buoy', 'foam'] })
})

test('three names and masks of 0 and 255 leave a class over: said, or asked', async () => {
  const write = (ids: Uint8Array) => draw.grey(draw.coded(ids, { 1: 255 }))
  const { files } = await draw.drawPairs(discs, write)
  const taken = await take({ ...files, 'classes.txt': 'background\nroad\ncar\n' })
  const isRead = (pixelsOf(taken, 'images/p0.jpg').void ?? 0) === 0
  expect(isRead || /\b255\b|white/.test(everything(taken)), everything(taken)).toBe(true)
  expect(everything(taken)).toMatch(/road|car|255|white/)
})

test('three names and masks of 0, 127 and 255 are the three classes, or said', async () => {
  const write = (ids: Uint8Array) => draw.grey(draw.coded(ids, { 1: 127, 2: 255 }))
  const { files, truth } = await draw.drawPairs(thirds(3), write)
  const taken = await take({ ...files, 'classes.txt': 'background\nroad\ncar\n' })
  expectRightOrSaid(taken, { ...truth, classes: ['background', 'road', 'car'] })
})

test('255 is void where ids stand beside it', async () => {
  const ids = Array.from({ length: 3 }, () => draw.vocIds())
  const { files, truth } = await draw.drawPairs(ids)
  expectRight(await take({ ...files, 'classes.txt': 'a\nb\nc\n' }), { ...truth, classes: ['a', 'b', 'c'] })
})

const COLORS = [
  [0, 0, 0],
  [200, 0, 0],
  [0, 160, 0],
  [0, 0, 220],
]

test('palettes that hold only the colours of their own file are one class a colour', async () => {
  const used = [
    [0, 1, 2, 3],
    [0, 2, 3],
    [1, 3],
    [2, 0],
  ]
  const masks = used.map((ids) => draw.bands(ids.length).map((band) => ids[band]))
  const write = (ids: Uint8Array, i: number) =>
    draw.palette(
      ids.map((id) => used[i].indexOf(id)),
      used[i].map((id) => COLORS[id]),
    )
  const { files, truth } = await draw.drawPairs(masks, write)
  expectRight(await take(files), truth)
})

test('palettes in several orders with names alone are right, or named', async () => {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [0, 2, 1],
  ]
  const write = (ids: Uint8Array, i: number) =>
    draw.palette(
      ids.map((id) => orders[i].indexOf(id)),
      orders[i].map((id) => COLORS[id]),
    )
  const { files, truth } = await draw.drawPairs(thirds(3), write)
  const taken = await take({ ...files, 'classes.txt': 'background\nrose\nleaf\n' })
  // Which colour has which name is open: the partition must be right, or the files named.
  expectRightOrSaid(taken, truth)
  expect(everything(taken)).toMatch(/palette|colour/i)
})

test('masks with grey and alpha, the labels in the alpha, are read there', async () => {
  const write = (ids: Uint8Array) =>
    draw.colored(ids, [
      [255, 0],
      [255, 255],
    ])
  const { files, truth } = await draw.drawPairs(discs, write, labels)
  expectRight(await take(files), truth)
})

test('palettes of one colour, transparent and not, are background and object', async () => {
  const write = (ids: Uint8Array) =>
    draw.palette(ids, [
      [255, 255, 255, 0],
      [255, 255, 255, 255],
    ])
  const { files, truth } = await draw.drawPairs(discs, write, labels)
  expectRight(await take(files), truth)
})

test('an alpha channel that is opaque throughout says nothing', async () => {
  const write = (ids: Uint8Array) => draw.colored(ids, (id) => [...COLORS[id], 255])
  const { files, truth } = await draw.drawPairs(thirds(3), write, labels)
  expectRight(await take(files), truth)
})

test('16-bit masks whose ids were multiplied by 257 are read as the ids', async () => {
  const write = (ids: Uint8Array) => draw.grey(draw.coded(ids, { 1: 257, 2: 514 }), draw.SMALL, 16)
  const { files, truth } = await draw.drawPairs(thirds(3), write, labels)
  const taken = await take({ ...files, 'classes.txt': 'a\nb\nc\n' })
  expectRight(taken, { ...truth, classes: ['a', 'b', 'c'] })
})

test('16-bit masks of instance ids are right, or named', async () => {
  const write = (ids: Uint8Array) => draw.grey(draw.coded(ids, { 0: 0, 1: 24001, 2: 26007 }), draw.SMALL, 16)
  const { files, truth } = await draw.drawPairs(thirds(3), write, labels)
  expectRightOrSaid(await take(files), truth)
})

test('equal names in a class file are said', async () => {
  const { files } = await draw.drawPairs(thirds(2))
  const taken = await take({ ...files, 'classes.txt': 'road\ncar\nroad\n' })
  expect(everything(taken)).toMatch(/classes\.txt.*road|road.*classes\.txt/s)
  expect(everything(taken)).toMatch(/equal|same|twice|two classes/i)
})

test('equal colours in a class_dict.csv are said, and take no other class along', async () => {
  const colors = [
    [10, 10, 200],
    [200, 10, 10],
    [200, 10, 10],
  ]
  const { files } = await draw.drawPairs(thirds(2), (ids) => draw.colored(ids, colors), labels)
  const list = 'name,r,g,b\nsea,10,10,200\nbuoy,200,10,10\nfloat,200,10,10\n'
  const taken = await take({ ...files, 'class_dict.csv': list })
  expect(pixelsOf(taken, 'images/p0.jpg')).toMatchObject({ sea: 512 })
  expect(everything(taken)).toMatch(/buoy.*float|float.*buoy/s)
})

test('one mask that is void throughout comes without a mask, and it is said', async () => {
  const nothing = draw.raster(draw.SMALL, () => draw.VOID)
  const { files } = await draw.drawPairs([draw.bands(2), draw.bands(2), nothing], undefined, labels)
  const taken = await take(files)
  expect(taken.scan?.unmasked.void === 1 || said(taken, 'labels/p2.png') || /void/.test(taken.notes)).toBe(true)
  expect(imageOf(taken, 'images/p2.jpg')?.mask ?? null).toBeNull()
})

test('a validation set that is void throughout is said before a run', async () => {
  const nothing = draw.raster(draw.SMALL, () => draw.VOID)
  const at = (split: string) => ({ images: `images/${split}/p#.jpg`, masks: `labels/${split}/p#.png` })
  const train = await draw.drawPairs([draw.bands(2), draw.bands(2)], undefined, at('train'))
  const val = await draw.drawPairs([nothing, nothing], undefined, at('val'))
  const taken = await take({ ...train.files, ...val.files })
  const isCounted = taken.scan?.unmasked.void === 2
  expect(isCounted || said(taken, 'labels/val/p0.png') || /void/.test(taken.notes), everything(taken)).toBe(true)
  for (const { name, mask } of taken.images) if (name.startsWith('images/val/')) expect(mask).toBeNull()
})

test('a few pixels of other colours between the colours of RGB masks are void, and their masks named', async () => {
  const write = (ids: Uint8Array, i: number) => {
    const odd = i === 2 ? draw.withPixels(ids, { 100: 9 }) : ids
    return draw.colored(odd, (id) => COLORS[id] ?? [100, 80, 0])
  }
  const { files, truth } = await draw.drawPairs(
    thirds(6).map((ids, i) => (i === 2 ? Uint8Array.from(draw.withPixels(ids, { 100: draw.VOID })) : ids)),
    write,
  )
  const taken = await take(files)
  expectRightOrSaid(taken, truth)
  expect(said(taken, 'masks/p2.png'), everything(taken)).toBe(true)
  expect(taken.images.length).toBeGreaterThanOrEqual(5)
})

test('a value that the class file does not have names its mask, and the others stand', async () => {
  const masks = thirds(6)
  const write = (ids: Uint8Array, i: number) => draw.grey(i === 1 ? draw.withPixels(ids, { 0: 77, 1: 77 }) : ids)
  const { files, truth } = await draw.drawPairs(masks, write)
  const taken = await take({ ...files, 'classes.txt': 'a\nb\nc\n' })
  expectRightOrSaid(taken, { ...truth, classes: ['a', 'b', 'c'] })
  expect(said(taken, 'masks/p1.png'), everything(taken)).toBe(true)
  expect(pixelsOf(taken, 'images/p0.jpg')).toEqual({ a: 512, b: 512, c: 512 })
})

test('stray values in two of many black-and-white masks move nothing in the others', async () => {
  const masks = Array.from({ length: 12 }, (_, i) => discs[i % 3])
  const strays: Record<number, number> = { 3: 17, 7: 200 }
  const write = (ids: Uint8Array, i: number) => {
    const values = draw.coded(ids, { 1: 255 })
    return draw.grey(i in strays ? draw.withPixels(values, { 5: strays[i] }) : values)
  }
  const { files, truth } = await draw.drawPairs(masks, write)
  const taken = await take(files)
  expectRightOrSaid(taken, truth)
  expect(taken.classes).toHaveLength(2)
  for (const i of Object.keys(strays)) expect(said(taken, `masks/p${i}.png`), everything(taken)).toBe(true)
})
