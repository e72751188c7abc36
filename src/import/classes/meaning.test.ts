import { expect, test } from 'vitest'
import { mask, meaningOf, rgb } from '../../../tests/support/mask-meaning'
import type { Color } from '../../domain/color'
import { CAMVID_CODING, CITYSCAPES_LABEL_ID_CODING } from './known'
import type { Scheme } from './meaning'

const TWO: [string, string] = ['classes.txt', 'background\nroad\n']
const BLACK_WHITE: [number, number][] = [
  [0, 1283],
  [255, 253],
]
/** The smoothed disc of a real mask, counted by NumPy: 1380 pixels below 128, 156 from there on. */
const SMOOTH: [number, number][] = [
  [0, 1328],
  [12, 16],
  [28, 4],
  [45, 8],
  [62, 8],
  [79, 8],
  [114, 8],
  [132, 8],
  [169, 8],
  [189, 16],
  [209, 4],
  [250, 8],
  [255, 112],
]

test('black and white: without names, with two, with one, in grey, RGB, palette and one bit', () => {
  const bits = mask(
    [
      [0, 1283],
      [1, 253],
    ],
    { depth: 1 },
  )
  const palette = mask(
    [
      [0, 1283],
      [1, 253],
    ],
    {
      palette: [
        [0, 0, 0],
        [255, 255, 255],
      ],
    },
  )
  for (const one of [mask(BLACK_WHITE), rgb([0, 1283], [0xffffff, 253]), bits, palette]) {
    expect(meaningOf([one, one])).toMatchObject({
      names: ['background', 'foreground'],
      ids: [
        { 0: 1283, 1: 253 },
        { 0: 1283, 1: 253 },
      ],
    })
    expect(meaningOf([one], { file: TWO })).toMatchObject({ names: ['background', 'road'], ids: [{ 0: 1283, 1: 253 }] })
    expect(meaningOf([one], { file: ['classes.txt', 'road\n'] })).toMatchObject({
      names: ['background', 'road'],
      ids: [{ 0: 1283, 1: 253 }],
    })
  }
})

test('black and white with more names than occur: white is kept as a class, and asked', () => {
  const file: [string, string] = ['classes.txt', 'background\nroad\nsky\n']
  const { questions, ids, names } = meaningOf([mask(BLACK_WHITE)], { file })
  expect(names).toEqual(['background', 'road', 'sky', 'value 255'])
  expect(ids).toEqual([{ 0: 1283, 3: 253 }])
  expect(questions.map(({ id }) => id)).toEqual(['value-255'])
  expect(meaningOf([mask(BLACK_WHITE)], { file, answers: { 'value-255': 'class 2' } }).ids).toEqual([
    { 0: 1283, 2: 253 },
  ])
})

test('grey colours of a class file count, in RGB and in grey masks', () => {
  const file: [string, string] = ['class_dict.csv', 'name,r,g,b\nroad,255,255,255\nbackground,0,0,0\n']
  for (const one of [mask(BLACK_WHITE), rgb([0, 1283], [0xffffff, 253]), mask(SMOOTH)]) {
    const { names, ids } = meaningOf([one], { file })
    expect(names).toEqual(['road', 'background'])
    expect(ids[0]).toEqual(one.values && new Set(one.values).size > 2 ? { 1: 1380, 0: 156 } : { 1: 1283, 0: 253 })
  }
})

test('smoothed and compressed black and white masks are cut at the middle, and that is said', () => {
  const found = meaningOf([mask(SMOOTH), mask(BLACK_WHITE)])
  expect(found.ids).toEqual([
    { 0: 1380, 1: 156 },
    { 0: 1283, 1: 253 },
  ])
  expect(found.notes.join()).toMatch(/13 greys; 95 % of the pixels are near 0 or 255: cut at 128/)
  const noise: [number, number][] = [
    [0, 900],
    [2, 40],
    [5, 20],
    [1, 40],
    [251, 30],
    [253, 60],
    [254, 30],
    [255, 400],
  ]
  expect(meaningOf([mask(noise)], { isLossy: true }).ids).toEqual([{ 0: 1000, 1: 520 }])
})

test('a stray value in one of many masks is void and named; the meaning of the others stands', () => {
  const masks = Array.from({ length: 40 }, (_, i) =>
    mask(
      i === 4
        ? [
            [0, 1486],
            [128, 1],
            [255, 49],
          ]
        : [
            [0, 1487],
            [255, 49],
          ],
    ),
  )
  const { names, ids, problems } = meaningOf(masks)
  expect(names).toEqual(['background', 'foreground'])
  expect(ids.reduce((sum, counts) => sum + (counts?.[1] ?? 0), 0)).toBe(1960)
  expect(ids[4]).toEqual({ 0: 1486, 1: 49, 255: 1 })
  expect(problems.map(({ problem }) => problem)).toEqual([
    expect.stringMatching(/"p4\.png".* 128 on 1 pixel, left void/),
  ])
})

test('a mask that mostly holds something else is left out and named; the others stay', () => {
  const photo = rgb(...Array.from({ length: 1500 }, (_, i): [number, number] => [i * 9973, 1]))
  const { ids, problems } = meaningOf([mask(BLACK_WHITE), mask(BLACK_WHITE), photo])
  expect(ids).toEqual([{ 0: 1283, 1: 253 }, { 0: 1283, 1: 253 }, null])
  expect(problems.map(({ path }) => path)).toEqual(['p2.png'])
})

test('levels of grey: 255 is a class among them, and names go by rank', () => {
  for (const levels of [
    [0, 128, 255],
    [0, 127, 255],
    [0, 85, 170, 255],
  ]) {
    const one = mask(levels.map((level): [number, number] => [level, 100]))
    const { ids, names } = meaningOf([one])
    expect(names).toEqual(levels.map((level) => `value ${level}`))
    expect(ids[0]).toEqual(Object.fromEntries(levels.map((_, i) => [i, 100])))
    const file: [string, string] = ['classes.txt', levels.map((_, i) => `name ${i}\n`).join('')]
    expect(meaningOf([one], { file })).toMatchObject({
      names: levels.map((_, i) => `name ${i}`),
      ids: [Object.fromEntries(levels.map((_, i) => [i, 100]))],
    })
  }
})

test('ids from 0, ids with gaps, rare ids, and 255 as void', () => {
  const ids = mask([
    [0, 500],
    [1, 300],
    [4, 100],
    [255, 40],
  ])
  expect(meaningOf([ids])).toMatchObject({
    names: ['class 0', 'class 1', 'class 2', 'class 3', 'class 4'],
    ids: [{ 0: 500, 1: 300, 4: 100, 255: 40 }],
  })
  const many = Array.from({ length: 20 }, (_, i) =>
    mask(
      i === 3
        ? [
            [0, 900],
            [1, 95],
            [2, 5],
          ]
        : [
            [0, 900],
            [1, 100],
          ],
    ),
  )
  expect(meaningOf(many).ids[3]).toEqual({ 0: 900, 1: 95, 2: 5 })
  expect(meaningOf([mask([[255, 1536]])])).toMatchObject({ classes: [], ids: [{ 255: 1536 }] })
})

test('names that count from 1: value 0 is a class of its own, and asked', () => {
  const file: [string, string] = ['classes.txt', 'cat\ndog\n']
  const one = mask([
    [0, 500],
    [1, 300],
    [2, 100],
  ])
  const { names, ids, questions } = meaningOf([one], { file })
  expect(names).toEqual(['cat', 'dog', 'background'])
  expect(ids).toEqual([{ 2: 500, 0: 300, 1: 100 }])
  expect(questions).toHaveLength(1)
  expect(meaningOf([one], { file, answers: { 'value-0': 'void' } }).ids).toEqual([{ 255: 500, 0: 300, 1: 100 }])
})

test('palettes that differ are read by colour, with names by the palette of most masks', () => {
  const [black, red, green]: Color[] = [
    [0, 0, 0],
    [200, 0, 0],
    [0, 160, 0],
  ]
  const runs: [number, number][] = [
    [0, 500],
    [1, 300],
    [2, 200],
  ]
  const first = mask(runs, { palette: [black, red, green] })
  const masks = [first, mask(runs, { palette: [black, green, red] }), first]
  expect(meaningOf(masks).ids).toEqual([
    { 0: 500, 2: 300, 1: 200 },
    { 0: 500, 1: 300, 2: 200 },
    { 0: 500, 2: 300, 1: 200 },
  ])
  const named = meaningOf(masks, { file: ['classes.txt', 'sea\nrose\nleaf\n'] })
  expect(named.names).toEqual(['sea', 'rose', 'leaf'])
  expect(named.ids).toEqual([
    { 0: 500, 1: 300, 2: 200 },
    { 0: 500, 2: 300, 1: 200 },
    { 0: 500, 1: 300, 2: 200 },
  ])
  const short = mask(
    [
      [0, 500],
      [1, 500],
    ],
    { palette: [black, red] },
  )
  expect(meaningOf([first, short]).names).toEqual(['class 0', 'class 1', 'class 2'])
})

test('16 bits: black and white, widened ids, few large values, and ids of objects', () => {
  const deep = (...runs: [number, number][]) => mask(runs, { depth: 16 })
  expect(meaningOf([deep([0, 1339], [65535, 197])])).toMatchObject({
    names: ['background', 'foreground'],
    ids: [{ 0: 1339, 1: 197 }],
  })
  expect(meaningOf([deep([0, 512], [257, 512], [514, 512])])).toMatchObject({
    names: ['class 0', 'class 1', 'class 2'],
    ids: [{ 0: 512, 1: 512, 2: 512 }],
  })
  expect(meaningOf([deep([0, 512], [1000, 512], [2000, 512])])).toMatchObject({
    names: ['value 0', 'value 1000', 'value 2000'],
    ids: [{ 0: 512, 1: 512, 2: 512 }],
  })
  const objects = deep(...Array.from({ length: 200 }, (_, i): [number, number] => [i * 1000, 10]))
  const { ids, problems } = meaningOf([deep([0, 500], [1, 500]), objects])
  expect(ids).toEqual([{ 0: 500, 1: 500 }, null])
  expect(problems[0].remedy).toMatch(/single objects/)
})

test('alpha: the object over one colour; coloured classes on transparent; constant alpha counts for nothing', () => {
  const alpha = Uint8Array.from([...Array<number>(1283).fill(0), ...Array<number>(253).fill(255)])
  for (const one of [mask([[0xffffff, 1536]], { isRgb: true, alpha }), mask([[255, 1536]], { alpha })]) {
    expect(meaningOf([one])).toMatchObject({ names: ['background', 'foreground'], ids: [{ 0: 1283, 1: 253 }] })
  }
  const clear = Uint8Array.from([...Array<number>(500).fill(0), ...Array<number>(500).fill(200)])
  const colored = mask(
    [
      [0xff0000, 700],
      [0x00ff00, 300],
    ],
    { isRgb: true, alpha: clear },
  )
  expect(meaningOf([colored])).toMatchObject({
    names: ['#00ff00', '#ff0000', 'background'],
    ids: [{ 2: 500, 1: 200, 0: 300 }],
  })
  const constant = mask(BLACK_WHITE, { alpha: new Uint8Array(1536).fill(100) })
  expect(meaningOf([constant]).ids).toEqual([{ 0: 1283, 1: 253 }])
})

test('colours by class file or as found; unlisted black is void, and said; the first of equal colours takes the pixels', () => {
  const one = rgb([0, 512], [0x6b8e23, 512], [0x804080, 512])
  expect(meaningOf([one]).names).toEqual(['background', '#6b8e23', '#804080'])
  const file: [string, string] = ['labelmap.txt', 'road:128,64,128::\nvegetation:107,142,35::\nbush:107,142,35::\n']
  const listed = meaningOf([one], { file })
  expect(listed.names.slice(0, 2)).toEqual(['road', 'vegetation'])
  expect(listed.ids).toEqual([{ 255: 512, 1: 512, 0: 512 }])
  expect(listed.notes.join()).toMatch(/Black, 33 % of the masks, is not listed/)
})

test('class files of their own folders are merged by name', () => {
  const one = mask([
    [0, 5],
    [1, 3],
    [2, 2],
  ])
  const files: [string, string][] = [
    ['a/label_names.txt', '_background_\ndog\ncat\n'],
    ['b/label_names.txt', '_background_\ncat\ndog\n'],
  ]
  expect(meaningOf([one, one], { files })).toMatchObject({
    names: ['_background_', 'dog', 'cat'],
    ids: [
      { 0: 5, 1: 3, 2: 2 },
      { 0: 5, 2: 3, 1: 2 },
    ],
  })
})

test('a known scheme is believed where values fit and no class file says otherwise', () => {
  const classes = Array.from({ length: 19 }, (_, i) => ({ name: `known ${i}`, color: [i, 0, 0] as Color }))
  const scheme: Scheme = {
    name: 'Cityscapes',
    classes,
    codingOf: () => CITYSCAPES_LABEL_ID_CODING,
    isCertain: false,
    isChosen: false,
  }
  const own = mask([
    [0, 512],
    [1, 512],
    [2, 512],
  ])
  const foreign = meaningOf([own], { scheme })
  expect(foreign.names).toEqual(['class 0', 'class 1', 'class 2'])
  expect(foreign.notes[0]).toMatch(/laid out like Cityscapes, but/)
  const theirs = meaningOf(
    [
      mask([
        [7, 512],
        [8, 512],
        [0, 100],
      ]),
    ],
    { scheme },
  )
  expect(theirs.classes).toBe(classes)
  expect(theirs.ids).toEqual([{ 0: 512, 1: 512, 255: 100 }])
  expect(meaningOf([own], { scheme, file: ['label_color.txt', 'background\ncat\ndog\n'] }).names).toEqual([
    'background',
    'cat',
    'dog',
  ])
  const camvid: Scheme = {
    name: 'CamVid',
    classes: classes.slice(0, 11),
    codingOf: () => CAMVID_CODING,
    isCertain: true,
    isChosen: false,
  }
  const outside = meaningOf(
    [
      mask([
        [3, 900],
        [40, 100],
      ]),
      mask([[3, 1000]]),
    ],
    { scheme: camvid },
  )
  expect(outside.ids).toEqual([null, { 3: 1000 }])
  expect(outside.problems[0].problem).toMatch(/outside the 11 classes: 40 on 100 pixels/)
})
