/** What the values and colours of masks mean, in folders as people have them. */
import { beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../support/database'
import * as draw from '../support/draw-folder'
import { everything, expectRight, imageOf, pixelsOf, said, take } from '../support/take-folder'

beforeEach(clearDatabase)

/** Black and white: 253, 317 and 377 pixels of class 1. */
const discs = [9, 10, 11].map((radius) => draw.disc(radius))
const blackAndWhite = { 0: 0, 1: 255 }

test('anti-aliased black-and-white masks are cut at the middle, and it is said', async () => {
  const soft = [7, 8, 9, 10, 11].map((radius) => draw.softDisc(radius))
  const { files, truth } = await draw.drawPairs(soft.map(draw.cut), (_, i) => draw.grey(soft[i]))
  const taken = await take(files)
  expectRight(taken, truth)
  expect(taken.classes).toHaveLength(2)
  expect(Object.values(pixelsOf(taken, 'images/p0.jpg'))).toEqual([1380, 156])
  expect(everything(taken)).toMatch(/between|middle|128|anti-aliased/)
})

const LISTS: Record<string, string> = {
  'class_dict.csv': 'name,r,g,b\nbackground,0,0,0\nroad,255,255,255\n',
  'labelmap.txt': '# label:color_rgb:parts:actions\nbackground:0,0,0::\nroad:255,255,255::\n',
}

test.each(Object.entries(LISTS))(
  'a class that is white in %s is on the white pixels of RGB masks',
  async (name, text) => {
    const drawn = await draw.drawPairs(
      discs,
      (ids) =>
        draw.colored(ids, [
          [0, 0, 0],
          [255, 255, 255],
        ]),
      { masks: 'labels/p#.png' },
    )
    const taken = await take({ ...drawn.files, [name]: text })
    expectRight(taken, { ...drawn.truth, classes: ['background', 'road'] })
    expect(pixelsOf(taken, 'images/p0.jpg')).toEqual({ background: 1283, road: 253 })
    expect(everything(taken)).toContain(name)
  },
)

test('with two names in classes.txt, the white of black-and-white masks is the second class', async () => {
  const { files, truth } = await draw.drawPairs(discs, (ids) => draw.grey(draw.coded(ids, blackAndWhite)))
  const taken = await take({ ...files, 'classes.txt': 'background\nroad\n' })
  expectRight(taken, { ...truth, classes: ['background', 'road'] })
  expect(pixelsOf(taken, 'images/p0.jpg')).toEqual({ background: 1283, road: 253 })
})

test('palettes in another order from file to file are one class a colour', async () => {
  const colors = [
    [0, 0, 0],
    [200, 0, 0],
    [0, 160, 0],
  ]
  const { files, truth } = await draw.drawPairs(
    Array.from({ length: 4 }, () => draw.bands(3)),
    (ids, i) => {
      const order = i % 2 === 0 ? [0, 1, 2] : [0, 2, 1]
      return draw.palette(
        draw.coded(ids, { 1: order[1], 2: order[2] }),
        order.map((id) => colors[id]),
      )
    },
  )
  const taken = await take(files)
  expectRight(taken, truth)
  const rightmost = [0, 1].map((i) => imageOf(taken, `images/p${i}.jpg`)?.mask?.at(-1))
  const { classes = [] } = taken.report?.project ?? {}
  expect(rightmost.map((id) => classes[id ?? -1]?.color)).toEqual([
    [0, 160, 0],
    [0, 160, 0],
  ])
})

test('two classes of one colour are named, and black stays unlabelled', async () => {
  const colors = [
    [128, 64, 128],
    [107, 142, 35],
    [0, 0, 0],
  ]
  const { files } = await draw.drawPairs([draw.bands(3), draw.bands(3)], (ids) => draw.colored(ids, colors), {
    masks: 'labels/p#.png',
  })
  const list = 'road:128,64,128::\nvegetation:107,142,35::\nbush:107,142,35::\nego vehicle:0,0,0::\nstatic:0,0,0::\n'
  const taken = await take({ ...files, 'labelmap.txt': list })
  expect(pixelsOf(taken, 'images/p0.jpg')).toMatchObject({ road: 512, void: 512 })
  expect(everything(taken)).toMatch(/vegetation.*bush|bush.*vegetation/s)
  expect(everything(taken)).toContain('labelmap.txt')
})

test('images whose masks are void throughout come as unlabelled, and it is said', async () => {
  const nothing = Array.from({ length: 3 }, () => draw.raster(draw.SMALL, () => draw.VOID))
  const { files } = await draw.drawPairs(nothing, undefined, { masks: 'labels/p#.png' })
  const taken = await take(files)
  expect(taken.images).toHaveLength(3)
  expect(taken.report?.project.hasGroundTruth).toBe(false)
  const isCounted = taken.scan?.unmasked.void === 3
  expect(isCounted || /no pixel|void|unlabelled/i.test(everything(taken)), everything(taken)).toBe(true)
})

test('masks that lie in the alpha channel of white pictures are read there', async () => {
  const { files, truth } = await draw.drawPairs(
    discs,
    (ids) =>
      draw.colored(ids, [
        [255, 255, 255, 0],
        [255, 255, 255, 255],
      ]),
    { masks: 'labels/p#.png' },
  )
  const taken = await take(files)
  expectRight(taken, truth)
  expect(Object.values(pixelsOf(taken, 'images/p0.jpg')).sort()).toEqual([1283, 253])
  expect(everything(taken)).toMatch(/alpha|transparen/i)
})

test('16-bit masks of 0 and 65535 are background and foreground', async () => {
  const { files, truth } = await draw.drawPairs(
    [8, 9, 10].map((radius) => draw.disc(radius)),
    (ids) => draw.grey(draw.coded(ids, { 1: 65535 }), draw.SMALL, 16),
    { masks: 'labels/p#.png' },
  )
  const taken = await take(files)
  expectRight(taken, truth)
  expect(Object.values(pixelsOf(taken, 'images/p0.jpg'))).toEqual([1339, 197])
})

test('one grey pixel in one of forty black-and-white masks changes no other pixel', async () => {
  const size = { height: 12, width: 16 }
  const square = draw.raster(size, (row, column) => (row < 7 && column < 7 ? 1 : 0))
  const { files, truth } = await draw.drawPairs(
    Array.from({ length: 40 }, (_, i) =>
      i === 4 ? Uint8Array.from(draw.withPixels(square, { 191: draw.VOID })) : square,
    ),
    (ids, i) => {
      const values = draw.coded(ids, blackAndWhite)
      return draw.grey(i === 4 ? draw.withPixels(values, { 191: 128 }) : values, size)
    },
    { size },
  )
  const taken = await take(files)
  const isLeftOut = imageOf(taken, 'images/p4.jpg')?.mask == null
  const { 'images/p4.jpg': _, ...others } = truth.masks
  expectRight(
    taken,
    isLeftOut ? { masks: taken.images.length === 40 ? { ...others, 'images/p4.jpg': null } : others } : truth,
  )
  expect(taken.classes).toHaveLength(2)
  expect(said(taken, 'masks/p4.png'), everything(taken)).toBe(true)
})
