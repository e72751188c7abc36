/**
 * Every export of an awkward project, read back by independent readers. `KEEP_EXPORTS=<folder>` keeps the zips, the pictures and what
 * has to be in them, for `tests/readers/read_exports.py`.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConfigOverrides } from '../../src/cpral/presets.ts'
import type { ExportRequest } from '../../src/domain/export.ts'
import { EXPORT_FORMATS, type ExportFormat } from '../../src/domain/export.ts'
import { PROVENANCE } from '../../src/domain/labels.ts'
import type { RunRecord } from '../../src/domain/run.ts'
import {
  ADDED_CLASSES,
  type AwkwardImage,
  type Box,
  CLASSES,
  cornerBoxes,
  IMAGES,
  imageAt,
  KnownLabels,
  sceneAt,
  sideBoxes,
  writeProject,
} from './awkward-project.ts'
import { type Files, imageTable, type Mask, READERS, UNLABELLED, unzip } from './export-readers.ts'
import { importFolder } from './label-table.ts'
import { openSession, type Session } from './session.ts'

const FIRST = imageAt('images/train/a/b/0001.png')
const REFUSED = imageAt('images/train/a/c/0001.png')
const UNDONE = imageAt('images/train/undone.png')
const VOID_ONLY = imageAt('images/train/void.png')
const NOTHING = imageAt('images/train/nothing.png')

/** One round that asks and extends. Flat colours are easy: the network has no say in it. */
const CONFIG: ConfigOverrides = {
  annotator: 'person',
  seed: 5,
  size: { height: 64, width: 96 },
  training: { epochs: 1 },
  monteCarlo: { passes: 2 },
  selection: { rounds: 2, initialImages: 2, panopticSize: 2, budgetImages: 0.25, regionSide: 16 },
  extension: { vetoConfidence: 2 },
}

const CLASS_NAMES = [...CLASSES, ...ADDED_CLASSES].map(({ name }) => name)

let session: Session
let folder: string
let projectId: string
const known = new Map(IMAGES.map((image) => [image, new KnownLabels(image)]))
/** What label extension added, at the size of the image. */
const added = new Map<AwkwardImage, Uint8Array>()

const labelsOf = (image: AwkwardImage) => known.get(image) as KnownLabels
const addedTo = (image: AwkwardImage) => added.get(image) as Uint8Array
const idOf = ({ name }: AwkwardImage) => `${projectId}/${name}`

async function paint(image: AwkwardImage, box: Box, classId: number, provenance: number = PROVENANCE.human) {
  await labelsOf(image).paint(session.page, idOf(image), box, classId, provenance)
}

async function run(runId: string): Promise<RunRecord> {
  return await session.page.evaluate(
    (runId) => studio.compute.run({ runId }, () => {}, new AbortController().signal),
    runId,
  )
}

/** What extension has added to the image, enlarged pixel by pixel. */
async function readAdded(runId: string, image: AwkwardImage): Promise<Uint8Array> {
  const request = { runId, imageId: idOf(image) }
  const labels = await session.page.evaluate((request) => studio.data.labels(request), request)
  const { width, height } = image
  return Uint8Array.from({ length: width * height }, (_, i) => {
    if (!labels) return UNLABELLED
    const x = Math.floor((((i % width) + 0.5) * labels.size.width) / width)
    const y = Math.floor(((Math.floor(i / width) + 0.5) * labels.size.height) / height)
    const at = y * labels.size.width + x
    return labels.provenance[at] === PROVENANCE.extended ? labels.classes[at] : UNLABELLED
  })
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cpral-studio-exports-'))
  session = await openSession()
  const { page } = session
  page.setDefaultTimeout(30_000)
  await writeProject(folder, page)
  const project = await importFolder(page, folder)
  projectId = project.id
  const { id: runId } = await page.evaluate(
    async ({ project, overrides }) => {
      const facts = studio.factsOf(project, { height: 80, width: 120 })
      const config = studio.defaultConfig(facts, 'tiny', overrides)
      return await studio.compute.createRun({ projectId: project.id, config })
    },
    { project, overrides: CONFIG },
  )
  for (const { box, classId } of sideBoxes(FIRST)) await paint(FIRST, box, classId)
  expect((await run(runId)).status).toBe('waiting')

  // Now there are more classes, and they are shown the other way round.
  const classes = [...CLASSES, ...ADDED_CLASSES]
  const change = { projectId, known: project.classes, classes, order: classes.map((_, id) => classes.length - 1 - id) }
  await page.evaluate((request) => studio.data.updateClasses(request), change)
  for (const image of IMAGES.filter((each) => each !== NOTHING && each !== VOID_ONLY)) {
    for (const { box, classId } of image === FIRST ? [] : sideBoxes(image)) {
      await paint(image, box, classId, image === UNDONE ? PROVENANCE.imported : PROVENANCE.accepted)
    }
    for (const { box, classId } of cornerBoxes(image)) await paint(image, box, classId)
  }
  await paint(VOID_ONLY, [10, 10, 30, 20], UNLABELLED)
  expect((await run(runId)).status).toBe('done')
  for (const image of IMAGES) added.set(image, await readAdded(runId, image))

  // People go on after the run: they refuse some of what it added, and take labels back from which it had spread.
  await paint(REFUSED, [30, 61, 40, 8], UNLABELLED, PROVENANCE.rejected)
  await labelsOf(UNDONE).undoAll(page, idOf(UNDONE))
  keepExpectations()
  // The page is still where the import led, and the run was not started on it.
  await page.reload()
  await page.getByTestId('export').click()
  await page.getByTestId('export-extended').waitFor()
})

afterAll(async () => {
  await session?.close()
  rmSync(folder, { recursive: true, force: true })
})

function given(image: AwkwardImage): Uint8Array {
  return labelsOf(image).classes
}

/** People's labels, and extended ones where they neither gave nor refused any. */
function extended(image: AwkwardImage): Uint8Array {
  const { classes, provenance } = labelsOf(image)
  return classes.map((id, i) => (provenance[i] === PROVENANCE.none ? addedTo(image)[i] : id))
}

test('the rotated photo was imported upright, and extension spread along what is in the pictures', async () => {
  const images = await session.page.evaluate((projectId) => studio.data.listImages({ projectId }), projectId)
  expect(images.map(({ id, split, size }) => ({ id, split, ...size }))).toEqual(
    IMAGES.map((image) => ({ id: idOf(image), split: image.split, width: image.width, height: image.height })).sort(
      (a, b) => (a.id < b.id ? -1 : 1),
    ),
  )
  for (const image of IMAGES.filter(({ split }) => split === 'train')) {
    const { width, edge } = image
    const wrong = [...addedTo(image)].filter((id, i) => {
      return id !== UNLABELLED && Math.abs((i % width) - edge) > 4 && id !== sceneAt(image, i % width)
    })
    expect([image.path, wrong.length]).toEqual([image.path, 0])
  }
  const grown = IMAGES.filter((image) => addedTo(image).filter((id) => id !== UNLABELLED).length > 300)
  expect(grown).toEqual(IMAGES.filter((image) => image.split === 'train' && image !== VOID_ONLY && image !== NOTHING))
  // What was refused had been added, so that filling it in again would show.
  const refused = labelsOf(REFUSED).provenance
  expect(
    [...addedTo(REFUSED)].filter((id, i) => refused[i] === PROVENANCE.rejected && id !== UNLABELLED).length,
  ).toBeGreaterThan(50)
  expect(new Set(given(UNDONE))).toEqual(new Set([UNLABELLED]))
})

/** Where a layout keeps the mask of an image; COCO names the image itself. */
const MASK_PATHS: Record<ExportFormat, (image: AwkwardImage) => string> = {
  index: ({ name }) => `labels/${name.slice('images/'.length)}.png`,
  cityscapes: ({ split, inSplit }) => `gtFine/${split}/images/${inSplit}_gtFine_labelTrainIds.png`,
  bdd100k: ({ split, inSplit }) => `labels/sem_seg/masks/${split}/${inSplit}.png`,
  camvid: ({ split, inSplit }) => `${split}annot/${inSplit}.png`,
  voc: ({ inAll }) => `SegmentationClass/${inAll}.png`,
  // CVAT compares paths, and knows the folder that all of them begin with.
  cvat: ({ name }) => `SegmentationClass/${name.slice('images/'.length)}.png`,
  coco: ({ path }) => path,
}

/** What a reader has to find: the images with labels, each with the names of its pixels. */
function expected(format: ExportFormat, labels: (image: AwkwardImage) => Uint8Array): Map<string, Mask> {
  const labelled = IMAGES.filter((image) => labels(image).some((id) => id !== UNLABELLED))
  return new Map(
    labelled.map((image) => {
      const { width, height } = image
      return [
        MASK_PATHS[format](image),
        { width, height, names: [...labels(image)].map((id) => CLASS_NAMES[id] ?? null) },
      ]
    }),
  )
}

function expectMasks(format: ExportFormat, files: Files, labels: (image: AwkwardImage) => Uint8Array) {
  const found = READERS[format](files, CLASS_NAMES)
  const wanted = expected(format, labels)
  expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort())
  for (const [path, mask] of wanted) expect([path, found.get(path)]).toEqual([path, mask])
  if (format === 'coco') return
  const table = IMAGES.map((image) => [MASK_PATHS[format](image), image.path] as const)
  expect([...imageTable(files)].sort()).toEqual(table.filter(([path]) => wanted.has(path)).sort())
}

/** Exports as people do, and reads the download. */
async function download(format: ExportFormat, choice: ExportRequest['extended'], count: number): Promise<Files> {
  const { page } = session
  await page.getByTestId('export-format').selectOption(format)
  await page.getByTestId('export-extended').selectOption(choice)
  const saved = page.waitForEvent('download')
  await page.getByTestId('export-start').click()
  const bytes = new Uint8Array(readFileSync(await (await saved).path()))
  await expect
    .poll(() => page.getByTestId('export-result').textContent())
    .toMatch(new RegExp(`^\\s*${count}\\simages,`))
  keep(`${format}-${choice}.zip`, bytes)
  return unzip(bytes)
}

for (const format of EXPORT_FORMATS) {
  test(`${format}: every pixel comes back, with what extension added left out, filled in, and beside`, async () => {
    // Nine images have labels by people, all but the one that has void alone and the one that has none. One lost them again.
    const out = await download(format, 'out', 8)
    expectMasks(format, out, given)
    const filled = await download(format, 'in', 9)
    expectMasks(format, filled, extended)
    // Beside each other are just these two sets.
    const beside = await download(format, 'beside', 9)
    const second = new Map([...filled].map(([path, bytes]) => [`extended/${path}`, bytes]))
    expect([...beside.keys()].sort()).toEqual([...out.keys(), ...second.keys()].sort())
    for (const [path, bytes] of beside) {
      expect([path, Buffer.compare(bytes, (second.get(path) ?? out.get(path)) as Uint8Array)]).toEqual([path, 0])
    }
  })
}

test('nothing was asked for from anywhere else', () => {
  expect(session.strangers).toEqual([])
})

/** Puts a file into the folder that `KEEP_EXPORTS` names. */
function keep(name: string, content: Uint8Array | string): void {
  const place = process.env.KEEP_EXPORTS
  if (!place) return
  mkdirSync(dirname(join(place, name)), { recursive: true })
  writeFileSync(join(place, name), content)
}

/** The pictures as they were imported, and the labels that have to be in the exports. */
function keepExpectations(): void {
  const images = IMAGES.map((image) => {
    const { path, split, width, height } = image
    const base64 = (labels: Uint8Array) => Buffer.from(labels).toString('base64')
    return { path, split, width, height, given: base64(given(image)), extended: base64(extended(image)) }
  })
  keep('expected.json', JSON.stringify({ classes: [...CLASSES, ...ADDED_CLASSES], images }))
  for (const { path } of IMAGES) keep(join('pictures', path), readFileSync(join(folder, path)))
}
