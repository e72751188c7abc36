/** Sets whose masks, or whose class file, do not all count alike. */
import { expect, test } from 'vitest'
import { mask, meaningOf } from '../../../tests/support/mask-meaning'

const halves = (...values: number[]) => mask(values.map((value) => [value, 60]))
const many = (count: number, ...values: number[]) => Array.from({ length: count }, () => halves(...values))

test('a mask of 0 and 255 among masks of 0 and 1 is named, with a class file and without', () => {
  const masks = [...many(9, 0, 1), halves(0, 255)]
  const file: [string, string] = ['classes.txt', 'a\nb\n']
  for (const options of [{}, { file }]) {
    const { notes, ids } = meaningOf(masks, options)
    expect(ids[9]).toEqual({ 0: 60, 255: 60 })
    expect(notes.join(' ')).toContain('255 is void in "p9.png"')
  }
})

test('a mask of 0 and 1 among black-and-white masks is left out and named', () => {
  const { ids, problems } = meaningOf([...many(9, 0, 255), halves(0, 1)])
  expect(ids[9]).toBeNull()
  expect(problems.map(({ path }) => path)).toEqual(['p9.png'])
  expect(ids[0]).toEqual({ 0: 60, 1: 60 })
})

test('small objects of value 1 are a class where borders of 255 hold more', () => {
  const bordered = mask([
    [0, 900],
    [1, 2],
    [255, 98],
  ])
  const { ids, names } = meaningOf([bordered, bordered, bordered])
  expect(names).toEqual(['class 0', 'class 1'])
  expect(ids[0]).toEqual({ 0: 900, 1: 2, 255: 98 })
})

test('names of a class file are those of masks in alpha', () => {
  const alpha = Uint8Array.from({ length: 120 }, (_, i) => (i < 60 ? 0 : 255))
  const cutOut = mask([[255, 120]], { alpha })
  const { names, ids } = meaningOf([cutOut, cutOut], { file: ['classes.txt', 'background\ncat\n'] })
  expect(names).toEqual(['background', 'cat'])
  expect(ids[0]).toEqual({ 0: 60, 1: 60 })
})

test('names that begin with the background count from 1 where no mask holds 0, else it is asked', () => {
  const file: [string, string] = ['classes.txt', 'background\nbuilding\nroad\n']
  expect(meaningOf(many(3, 1, 2, 3), { file }).ids[0]).toEqual({ 0: 60, 1: 60, 2: 60 })
  const withZero = many(3, 0, 1, 2, 3)
  expect(meaningOf(withZero, { file }).questions.map(({ id }) => id)).toContain('first-line')
  const { ids, names } = meaningOf(withZero, { file, answers: { 'first-line': 'value 1' } })
  expect(names).toEqual(['background', 'building', 'road'])
  expect(ids[0]).toEqual({ 0: 60, 1: 60, 2: 60, 255: 60 })
})

test('two ids and a far value in one mask are no levels: the mask is named, and the ids keep their names', () => {
  const { names, ids, problems } = meaningOf(
    [
      mask([
        [0, 320],
        [1, 320],
      ]),
      mask([
        [0, 320],
        [1, 320],
      ]),
      mask([
        [1, 627],
        [42, 12],
        [7, 1],
      ]),
    ],
    { file: ['classes.txt', 'left\nright\n'] },
  )
  expect(names).toEqual(['left', 'right'])
  expect(ids).toEqual([{ 0: 320, 1: 320 }, { 0: 320, 1: 320 }, null])
  expect(problems[0].problem).toContain('42 on 12 pixels')
})

test('levels of even steps have the names of their places, where one of them does not occur', () => {
  const { names, ids } = meaningOf(many(3, 0, 63, 126, 252), { file: ['classes.txt', 'rest\nlv\nmyo\nla\nra\n'] })
  expect(names).toEqual(['rest', 'lv', 'myo', 'la', 'ra'])
  expect(ids[0]).toEqual({ 0: 60, 1: 60, 2: 60, 4: 60 })
})

test.each(['0xff8000 0x0040ff 0x000000', 'ff8000 0040ff 000000'])(
  'hexadecimal colours such as %s are read',
  (texts) => {
    const colors = mask(
      [0xff8000, 0x0040ff, 0].map((color) => [color, 60]),
      { isRgb: true },
    )
    const rows = texts.split(' ').map((text, i) => `${'abc'[i]},${text}\n`)
    const { names, ids } = meaningOf([colors, colors], { file: ['classes.csv', `name,hex\n${rows.join('')}`] })
    expect(names).toEqual(['a', 'b', 'c'])
    expect(ids[0]).toEqual({ 0: 60, 1: 60, 2: 60 })
  },
)

test('names without colours take no colour of the masks for void, and it is said', () => {
  const colors = mask(
    [0, 0xff0000, 0x00ff00].map((color) => [color, 60]),
    { isRgb: true },
  )
  const { ids, notes } = meaningOf([colors, colors], { file: ['classes.txt', 'rest\ncat\ndog\n'] })
  expect(ids[0]?.[255]).toBeUndefined()
  expect(notes.join(' ')).toContain('without colours')
})

test('values of JPEGs that are not black and white are said to be unsure', () => {
  const { notes } = meaningOf([halves(0, 1, 2), halves(0, 1, 2)], { isLossy: true })
  expect(notes.join(' ')).toMatch(/JPEG.*p0\.png/)
})
