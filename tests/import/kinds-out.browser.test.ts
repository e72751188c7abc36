/** More odd names on their way in and out; class lists in the class editor; weights files. */
import { beforeEach, expect, test } from 'vitest'
import type { ClassDefinition } from '../../src/domain/classes'
import type { ExportFormat } from '../../src/domain/export'
import { clearDatabase } from '../support/database'
import * as draw from '../support/draw-folder'
import { expectRight, service, take } from '../support/take-folder'
import { exported, label, linesOf, takeLabelled, unfitPaths, weightsFile } from '../support/take-out'

beforeEach(clearDatabase)

const ODD_NAMES = ['COM1', 'tail ', 'tab\there', 'caf\u00e9', 'cafe\u0301', 'LPT9.x', 'a|b', 'Aux']

test.each(['index', 'voc', 'cityscapes'] as const)(
  'more names are exported as %s under names for every system',
  async (format) => {
    const files: draw.Files = {}
    for (const [i, name] of ODD_NAMES.entries()) {
      files[`images/${name}.png`] = draw.photoPng(i)
      files[`labels/${name}.png`] = draw.grey(draw.bands(2))
    }
    const taken = await takeLabelled(files)
    const zip = await exported(taken, format)
    expect(unfitPaths(Object.keys(zip))).toEqual([])
    expect(linesOf(zip['images.csv'])).toHaveLength(1 + taken.images.length)
  },
)

/** For each format, where its readers look for images. */
const PLACES: Record<ExportFormat, (split: 'train' | 'val') => string> = {
  index: (split) => `images/${split}/a#.jpg`,
  cityscapes: (split) => `leftImg8bit/${split}/ulm/ulm_00000#_000019_leftImg8bit.png`,
  bdd100k: (split) => `images/10k/${split}/a#.jpg`,
  camvid: (split) => `${split}/a#.png`,
  voc: (split) => `JPEGImages/${split === 'train' ? 'a' : 'b'}#.jpg`,
  cvat: (split) => `images/${split}/a#.jpg`,
  coco: (split) => `images/${split}/a#.jpg`,
}

const NAMES = ['sky, clouds', 'say "x"', '# 5', 'r=g:b', '树']

test.each(Object.entries(PLACES))(
  'what is exported as %s is imported with the same pixels and classes',
  async (format, place) => {
    const ids = draw.bands(6).map((id) => (id === 5 ? draw.VOID : id))
    const images: draw.Files = {}
    const truth: draw.Truth = { masks: {} }
    for (const [i, split] of (['train', 'train', 'val'] as const).entries()) {
      const path = place(split).replaceAll('#', `${i}`)
      images[path] = await draw.imageAt(path, i)
      truth.masks[path] = { path, ids }
    }
    const colors: ClassDefinition['color'][] = NAMES.map((_, id) => [10 * id, 200 - id, 30])
    const first = await take(images, { classes: NAMES.map((name, id) => ({ name, color: colors[id] })) })
    if (!first.report) throw new Error('no project')
    const { id: projectId, classes: known } = first.report.project
    const classes = NAMES.map((name, id): ClassDefinition => ({ name, color: colors[id] }))
    const all = [...classes, ...known.slice(NAMES.length)]
    await service.updateClasses({ projectId, known, classes: all, order: all.map((_, id) => id) })
    await label(first, () => ids)
    const zip = await exported(first, format as ExportFormat)
    const again = await take({ ...images, ...zip })
    expectRight(again, { ...truth, classes: NAMES })
  },
)

test('a class called __ignore__ moves no other class', async () => {
  const { files } = await draw.drawPairs([draw.bands(3), draw.bands(3)])
  const taken = await takeLabelled({ ...files, 'classes.txt': 'a\nb\nc\n' })
  if (!taken.report) throw new Error('no project')
  const { id: projectId, classes: known } = taken.report.project
  const classes = known.map(({ color }, id): ClassDefinition => ({ name: ['__ignore__', '#b', 'c'][id], color }))
  await service.updateClasses({ projectId, known, classes, order: [0, 1, 2] })
  for (const [format, list] of [
    ['index', 'classes.txt'],
    ['voc', 'class_names.txt'],
  ] as const) {
    const zip = await exported(taken, format)
    expect(linesOf(zip[list])).toHaveLength(3)
    const listed = await service.readClasses({ file: new File([new Uint8Array(zip[list])], list) })
    expect(listed[2]?.name, `${format}: ${listed.map(({ name }) => name).join()}`).toBe('c')
  }
})

const LISTS: Record<string, string> = {
  'classes.csv': 'Pixel Value, Class\n0, background\n1, kerb\n2, road\n',
  'names.csv': 'name;r;g;b\nbackground;0;0;0\nkerb;1;2;3\nroad;255;255;255\n',
  'ids.txt': '0: background\n1: kerb\n2: road\n',
  'quoted.csv': 'name,r,g,b\n"background",0,0,0\n"kerb",1,2,3\n"road",9,9,9\n',
}

test.each(Object.entries(LISTS))('the class editor reads the names of %s', async (name, text) => {
  const listed = await service.readClasses({ file: new File([text], name) })
  expect(listed.map((entry) => entry.name)).toEqual(['background', 'kerb', 'road'])
})

test.each([
  ['F16', Uint8Array.of(0, 0x7c)],
  ['BF16', Uint8Array.of(0xc0, 0x7f)],
  ['F64', new Uint8Array(Float64Array.of(1e300).buffer)],
])('a %s number that float32 cannot hold, or that is none, is named when it is added', async (type, bytes) => {
  const file = weightsFile(['features.0.0.weight', type, 1, bytes])
  await expect(service.addWeights({ name: 'w.safetensors', bytes: file })).rejects.toMatchObject({
    code: 'bad_file',
    message: expect.stringContaining('features.0.0.weight'),
  })
})

test.each(['F8_E5M2', 'F4', 'C64', 'BOOL'])('a tensor of type %s that nobody needs is left out', async (type) => {
  const file = weightsFile(['more.counter', type, type === 'F4' ? 2 : 1, new Uint8Array({ C64: 8 }[type] ?? 1)])
  expect(await service.addWeights({ name: 'w.safetensors', bytes: file })).toMatchObject({ encoder: 'mobilenetv2' })
})

test('a pointer of git-lfs says what it is', async () => {
  const text = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 14212972\n`
  const bytes = new TextEncoder().encode(text).buffer
  await expect(service.addWeights({ name: 'model.safetensors', bytes })).rejects.toMatchObject({
    code: 'bad_file',
    message: expect.stringMatching(/git[- ]lfs/i),
  })
})
