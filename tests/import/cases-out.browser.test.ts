/** Names of classes and files as people have them, on their way in and out again; weights files. */
import { beforeEach, expect, test } from 'vitest'
import { EXPORT_FORMATS } from '../../src/domain/export'
import { clearDatabase } from '../support/database'
import * as draw from '../support/draw-folder'
import { expectRight, pixelsOf, service, take } from '../support/take-folder'
import { exported, linesOf, takeLabelled, unfitPaths, weightsFile } from '../support/take-out'

beforeEach(clearDatabase)

test('names in a class_dict.csv as a spreadsheet quotes it are without the quotes', async () => {
  const colors = [
    [1, 2, 3],
    [128, 64, 128],
    [107, 142, 35],
  ]
  const write = (ids: Uint8Array) => draw.colored(ids, colors)
  const { files, truth } = await draw.drawPairs([draw.bands(3), draw.bands(3)], write, { masks: 'labels/p#.png' })
  const list = 'name,r,g,b\n"sky, clouds",1,2,3\n"road ""wet""",128,64,128\n树 木,107,142,35\n'
  const taken = await take({ ...files, 'class_dict.csv': list })
  const classes = ['sky, clouds', 'road "wet"', '树 木']
  expectRight(taken, { ...truth, classes })
  expect(taken.classes).toEqual(classes)
  expect(pixelsOf(taken, 'images/p0.jpg')).toEqual(Object.fromEntries(classes.map((name) => [name, 512])))
})

const NAMES = ['2026-01-02T03:04:05', 'what?', 'aux', 'IMG', 'img', '100% sure #1', 'end.']

test.each(EXPORT_FORMATS)(
  'images of any name are exported as %s under names that every system can unpack',
  async (format) => {
    const files: draw.Files = {}
    for (const [i, name] of NAMES.entries()) {
      files[`images/${name}.png`] = draw.photoPng(i)
      files[`labels/${name}.png`] = draw.grey(draw.bands(2))
    }
    const taken = await takeLabelled(files)
    expect(taken.images).toHaveLength(NAMES.length)
    const zip = await exported(taken, format)
    expect(unfitPaths(Object.keys(zip))).toEqual([])
    if (format === 'coco') return
    // The table says which is which.
    const rows = linesOf(zip['images.csv']).slice(1)
    const images = rows.map((row) => row.slice(row.indexOf('",') + 2))
    expect(images.sort()).toEqual(NAMES.map((name) => `"images/${name}.png"`).sort())
    for (const row of rows) expect(Object.keys(zip)).toContain(row.slice(1, row.indexOf('",')))
  },
)

/** Bytes that a tensor of these types takes for one number. */
const OTHER_TYPES = { U16: 2, U32: 4, U64: 8, F8_E4M3: 1 }

test.each(Object.entries(OTHER_TYPES))('weights with one more tensor, of type %s, are taken', async (type, bytes) => {
  const file = weightsFile(['step_counter', type, 1, new Uint8Array(bytes)])
  expect(await service.addWeights({ name: 'extra.safetensors', bytes: file })).toMatchObject({ encoder: 'mobilenetv2' })
})

test('a number that is not finite is named when the weights are added', async () => {
  const nan = new Uint8Array(Float32Array.of(Number.NaN).buffer)
  const bytes = weightsFile(['features.0.0.weight', 'F32', 1, nan])
  await expect(service.addWeights({ name: 'nan.safetensors', bytes })).rejects.toMatchObject({
    code: 'bad_file',
    message: expect.stringMatching(
      /nan\.safetensors.*(not finite.*features\.0\.0\.weight|features\.0\.0\.weight.*not finite)/s,
    ),
  })
  expect(await service.listWeights()).toEqual([])
})

test('a class name of two lines is a line of every list that is written', async () => {
  const { files } = await draw.drawPairs([draw.bands(2), draw.bands(2)])
  const taken = await takeLabelled({ ...files, 'classes.txt': 'a\nb\n' })
  if (!taken.report) throw new Error('no project')
  const { id: projectId, classes: known } = taken.report.project
  const text = JSON.stringify([
    { name: 'two\nlines', color: '#010203' },
    { name: 'car', color: '#0a0b0c' },
  ])
  const listed = await service.readClasses({ file: new File([text], 'classes.json') })
  const classes = listed.map(({ name, color }) => ({ name, color: color ?? [0, 0, 0] }) as (typeof known)[number])
  const stored = await service.updateClasses({ projectId, known, classes, order: [0, 1] })
  expect(stored.classes.map(({ name }) => name)).toEqual(['two lines', 'car'])
  const lists: [(typeof EXPORT_FORMATS)[number], string, number][] = [
    ['index', 'classes.txt', 0],
    ['camvid', 'label_colors.txt', 1],
  ]
  for (const [format, name, more] of lists) {
    const zip = await exported(taken, format)
    expect(linesOf(zip[name])).toHaveLength(2 + more)
  }
})
