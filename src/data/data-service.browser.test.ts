import { afterEach, beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { halves, mask, photo, pixelsOf, SIZE, sourceFiles, twoGoodPairs } from '../../tests/support/test-files'
import { applyChange } from '../annotation/label-change'
import { emptyRaster } from '../annotation/raster'
import type { ClassDefinition } from '../domain/classes'
import type { FileProblem } from '../domain/dataset'
import { AppError } from '../domain/errors'
import { PROVENANCE } from '../domain/labels'
import type { Progress } from '../domain/progress'
import type { ImportReport } from '../domain/project'
import { labelLockName } from '../domain/project'
import { buildEncoder } from '../model/encoders'
import { connectWorker } from '../rpc/client'
import type { DataApi } from '../rpc/contract'
import { openDatabase } from '../storage/database'
import { writeSafetensors } from '../weights/safetensors'
import { dataService } from './data-service'

const service = dataService()

beforeEach(clearDatabase)
afterEach(clearDatabase)

function importFiles(contents: Record<string, Uint8Array | string>, name = 'Test'): Promise<ImportReport> {
  return service.import({ name, files: sourceFiles(contents) }, () => {}, new AbortController().signal)
}

function sentence(problems: FileProblem[], path: string): string {
  const found = problems.filter((problem) => problem.path === path)
  expect(found).toHaveLength(1)
  expect(found[0].remedy).not.toBe('')
  return found[0].problem
}

test('a folder of pairs becomes a project whose images, masks and thumbnails can be read', async () => {
  const progress: Progress[] = []
  const files = sourceFiles({ ...(await twoGoodPairs()), '.DS_Store': 'x', 'classes.txt': 'left\nright\n' })
  const report = await service.import(
    { name: 'Halves', files },
    (step) => progress.push(step),
    new AbortController().signal,
  )
  expect(report.problems).toEqual([])
  expect(report.project).toMatchObject({
    name: 'Halves',
    format: 'generic',
    counts: { train: 1, val: 1 },
    hasGroundTruth: true,
  })
  expect(report.project.classes.map(({ name }) => name)).toEqual(['left', 'right'])
  expect(progress.at(-1)).toMatchObject({ phase: 'import', done: 2, total: 2 })
  const images = await service.listImages({ projectId: report.project.id })
  expect(images.map(({ name, split, hasGroundTruth, size }) => ({ name, split, hasGroundTruth, size }))).toEqual([
    { name: 'images/train/a', split: 'train', hasGroundTruth: true, size: SIZE },
    { name: 'images/val/b', split: 'val', hasGroundTruth: true, size: SIZE },
  ])
  expect(images[0].thumbnail.type).toBe('image/jpeg')
  const truth = await service.groundTruth({ imageId: images[0].id, size: { height: 1, width: 4 } })
  expect([...(truth ?? [])]).toEqual([0, 0, 1, 1])
  const small = await service.image({ imageId: images[1].id, size: { height: 2, width: 2 } })
  const at = await pixelsOf(small)
  expect([at(0, 0), at(1, 1)]).toEqual([
    [0x20, 0x40, 0x80, 255],
    [0xc0, 0xa0, 0x20, 255],
  ])
})

test('the pixels that the scan counted are stored with each mask, void last', async () => {
  const { project } = await importFiles(await twoGoodPairs())
  const half = (SIZE.width * SIZE.height) / 2
  const truths = await (await openDatabase()).getAllFromIndex('groundTruth', 'projectId', project.id)
  expect(truths.map(({ pixels }) => pixels)).toEqual([
    [half, half, 0],
    [half, half, 0],
  ])
})

test('every bad file is a sentence that names it; the rest goes on', async () => {
  const jpeg = await photo('image/jpeg', SIZE)
  const png = await photo('image/png', { width: 64, height: 64 })
  const good = await twoGoodPairs()
  const bad = {
    'classes.txt': 'left\nright\n',
    'images/train/text.jpg': 'this is a text file',
    'images/train/empty.jpg': '',
    'images/train/cut.jpg': jpeg.subarray(0, jpeg.length - 40),
    'images/train/cut-png.png': png.subarray(0, png.length - 40),
    'images/train/small-mask.jpg': jpeg,
    'images/train/wild-mask.jpg': jpeg,
    'images/train/cut-mask.jpg': jpeg,
    'images/train/no-mask.jpg': jpeg,
    'labels/train/text.png': halves(),
    'labels/train/empty.png': halves(),
    'labels/train/cut.png': halves(),
    'labels/train/cut-png.png': halves({ width: 64, height: 64 }),
    'labels/train/small-mask.png': halves({ width: 16, height: 10 }),
    'labels/train/wild-mask.png': mask(
      Array.from({ length: SIZE.width * SIZE.height }, (_, i) => (i < 12 ? 42 : i < 13 ? 7 : 1)),
      SIZE,
    ),
    'labels/train/cut-mask.png': halves().subarray(0, 60),
  }
  const { project, imported, problems } = await importFiles({ ...good, ...bad })
  expect([imported, project.counts]).toEqual([2, { train: 1, val: 1 }])
  expect(sentence(problems, 'images/train/text.jpg')).toBe(
    '"images/train/text.jpg" is named like an image but is not a JPEG, PNG or WebP file; it was left out.',
  )
  expect(sentence(problems, 'images/train/empty.jpg')).toContain('is empty')
  expect(sentence(problems, 'images/train/cut.jpg')).toContain('is cut off')
  expect(sentence(problems, 'images/train/cut-png.png')).toContain('is cut off')
  expect(sentence(problems, 'labels/train/small-mask.png')).toBe(
    'The mask "labels/train/small-mask.png" is 16 x 10 pixels, but its image "images/train/small-mask.jpg" is 32 x 20; the mask was left out.',
  )
  expect(sentence(problems, 'labels/train/wild-mask.png')).toBe(
    'The mask "labels/train/wild-mask.png" holds label ids outside the 2 classes: 42 on 12 pixels, 7 on 1 pixel; it was left out.',
  )
  expect(sentence(problems, 'labels/train/cut-mask.png')).toContain('is a PNG file that is cut off or damaged')
  expect(sentence(problems, 'images/train/no-mask.jpg')).toContain('has no mask')
  // Images whose mask was left out are named too.
  expect(problems).toHaveLength(11)
})

/** A PNG of a few bytes whose head claims `side` pixels each way. */
function claiming(side: number): Uint8Array {
  const png = halves().slice()
  const head = new DataView(png.buffer)
  head.setUint32(16, side)
  head.setUint32(20, side)
  return png
}

test('what claims to fill the memory, or is a program, is refused by name before it is decoded', async () => {
  const { project, problems } = await importFiles({
    ...(await twoGoodPairs()),
    'images/train/bomb.png': claiming(60_000),
    'labels/train/bomb.png': halves(),
    'images/train/heavy.jpg': await photo('image/jpeg', SIZE),
    'labels/train/heavy.png': claiming(40_000),
    'images/train/script.svg': '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    'images/train/script.png': '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    'labels/train/script.png': halves(),
  })
  expect(project.counts).toEqual({ train: 1, val: 1 })
  expect(sentence(problems, 'images/train/bomb.png')).toBe(
    '"images/train/bomb.png" is 60000 x 60000 pixels, more than the 100 megapixels that a page can label; it was left out.',
  )
  expect(sentence(problems, 'labels/train/heavy.png')).toContain('is 40000 x 40000 pixels')
  expect(sentence(problems, 'images/train/script.svg')).toContain('is a drawing (SVG)')
  expect(sentence(problems, 'images/train/script.png')).toContain('is not a JPEG, PNG or WebP file')
})

test('images without a mask come along when they are asked for', async () => {
  const files = sourceFiles({
    ...(await twoGoodPairs()),
    'images/train/no-mask.jpg': await photo('image/jpeg', SIZE),
  })
  const signal = new AbortController().signal
  const scan = (keepsUnmasked?: boolean) =>
    service.scan({ files, ...(keepsUnmasked !== undefined && { keepsUnmasked }) }, () => {}, signal)
  expect((await scan()).unmasked).toEqual({ images: 1, void: 0, isKept: false })
  const scanned = await scan(true)
  expect(scanned.problems).toEqual([])
  expect(scanned.splits[0]).toEqual({ split: 'train', images: 2, masks: 1 })
  const { project, problems } = await service.import({ name: 'Some', files, keepsUnmasked: true }, () => {}, signal)
  expect(problems).toEqual([])
  expect(project).toMatchObject({ counts: { train: 2, val: 1 }, hasGroundTruth: false })
  const images = await service.listImages({ projectId: project.id })
  expect(images.map(({ hasGroundTruth }) => hasGroundTruth)).toEqual([true, false, true])

  const projectId = project.id
  expect(await service.untakenMasks({ projectId })).toBe(2)
  await service.takeMasks({ projectId }, () => {}, signal)
  expect(await service.untakenMasks({ projectId })).toBe(0)
  const { head, strokes } = await service.labelHistory({ imageId: images[0].id, isWriter: false })
  expect([head, strokes[0].tool]).toEqual([1, 'Mask'])
  const raster = emptyRaster(SIZE)
  applyChange(raster, strokes[0].patch)
  const truth = await service.groundTruth({ imageId: images[0].id, size: SIZE })
  expect([...raster.classes]).toEqual([...(truth ?? [])])
  expect(new Set(raster.provenance)).toEqual(new Set([PROVENANCE.imported]))
})

test('a stored mask that is damaged is named when masks are taken as labels', async () => {
  const { project } = await importFiles(await twoGoodPairs())
  const [image] = await service.listImages({ projectId: project.id })
  const db = await openDatabase()
  const record = await db.get('groundTruth', image.id)
  if (!record) throw new Error('no record')
  await db.put('groundTruth', { ...record, blob: new Blob(['rubbish'], { type: 'image/png' }) })
  const signal = new AbortController().signal
  await expect(service.takeMasks({ projectId: project.id }, () => {}, signal)).rejects.toMatchObject({
    code: 'bad_file',
    message: 'What is stored of "the mask of images/train/a" is not a PNG file.',
  })
})

test('masks are not taken under the brush, and a project is not deleted under it', async () => {
  const { project } = await importFiles(await twoGoodPairs())
  const projectId = project.id
  const signal = new AbortController().signal
  await navigator.locks.request(labelLockName(projectId), async () => {
    const refusal = { code: 'project_locked', message: expect.stringContaining('"Test" is being labelled') }
    await expect(service.takeMasks({ projectId }, () => {}, signal)).rejects.toMatchObject(refusal)
    await expect(service.deleteProject({ projectId })).rejects.toMatchObject(refusal)
    expect(await service.untakenMasks({ projectId })).toBe(2)
  })
  await service.takeMasks({ projectId }, () => {}, signal)
  expect(await service.untakenMasks({ projectId })).toBe(0)
  // The tab that labels may delete what it labels.
  await navigator.locks.request(labelLockName(projectId), () => service.deleteProject({ projectId, isWriter: true }))
  expect(await service.listProjects()).toEqual([])
})

test('a stored image that is damaged is named; its labels and the other images open', async () => {
  const { project } = await importFiles(await twoGoodPairs())
  const [damaged, good] = await service.listImages({ projectId: project.id })
  const db = await openDatabase()
  const record = await db.get('images', damaged.id)
  if (!record) throw new Error('no record')
  await db.put('images', { ...record, blob: new Blob(['rubbish'], { type: 'image/jpeg' }) })
  for (const size of [undefined, SIZE]) {
    await expect(service.image({ imageId: damaged.id, ...(size && { size }) })).rejects.toMatchObject({
      code: 'bad_file',
      message: 'What is stored of "images/train/a" is not an image the browser can read.',
    })
  }
  expect((await service.labelHistory({ imageId: damaged.id, isWriter: true })).problems).toEqual([])
  expect((await service.image({ imageId: good.id })).width).toBe(SIZE.width)
  expect(await service.listImages({ projectId: project.id })).toHaveLength(2)
})

test('a list of more classes than a mask can tell apart is refused before anything is stored', async () => {
  const classes = Array.from({ length: 256 }, (_, id): ClassDefinition => ({ name: `${id}`, color: [id, 0, 0] }))
  const files = sourceFiles({ 'images/a.jpg': await photo('image/jpeg', SIZE) })
  const importing = service.import({ name: 'Many', files, classes }, () => {}, new AbortController().signal)
  await expect(importing).rejects.toMatchObject({ code: 'bad_label' })
  expect(await service.listProjects()).toEqual([])
})

test('equal names in two folders stay two images', async () => {
  const jpeg = await photo('image/jpeg', SIZE)
  const { project, problems } = await importFiles({
    'images/june/1.jpg': jpeg,
    'images/july/1.jpg': jpeg,
    'labels/june/1.png': halves(),
    'labels/july/1.png': mask(new Uint8Array(SIZE.width * SIZE.height).fill(1), SIZE),
  })
  expect(problems).toEqual([])
  const images = await service.listImages({ projectId: project.id })
  expect(images.map(({ name }) => name)).toEqual(['images/july/1', 'images/june/1'])
  const truths = await Promise.all(
    images.map(({ id }) => service.groundTruth({ imageId: id, size: { height: 1, width: 2 } })),
  )
  expect(truths.map((truth) => [...(truth ?? [])])).toEqual([
    [1, 1],
    [0, 1],
  ])
})

test('no images at all, and none that can be used, is no_images; nothing is stored', async () => {
  await expect(importFiles({ 'notes.txt': 'hello' })).rejects.toMatchObject({ code: 'no_images' })
  await expect(importFiles({ 'images/a.jpg': 'text' })).rejects.toMatchObject({
    code: 'no_images',
    message: expect.stringContaining('"images/a.jpg" is named like an image'),
  })
  expect(await service.listProjects()).toEqual([])
  expect(await (await openDatabase()).count('images')).toBe(0)
})

test('an aborted import leaves nothing behind', async () => {
  const contents: Record<string, Uint8Array> = {}
  for (let i = 0; i < 40; i++) contents[`images/${i}.jpg`] = await photo('image/jpeg', SIZE)
  const controller = new AbortController()
  const onProgress = ({ phase }: Progress) => phase === 'import' && controller.abort()
  const importing = service.import({ name: 'Cut', files: sourceFiles(contents) }, onProgress, controller.signal)
  await expect(importing).rejects.toMatchObject({ name: 'AbortError' })
  const db = await openDatabase()
  expect([await db.count('projects'), await db.count('images'), await db.count('thumbnails')]).toEqual([0, 0, 0])
})

test('the same folder twice makes two projects with different names', async () => {
  const pairs = await twoGoodPairs()
  const first = await importFiles(pairs, 'Street')
  const second = await importFiles(pairs, 'Street')
  expect([first.project.name, second.project.name]).toEqual(['Street', 'Street 2'])
  await service.deleteProject({ projectId: first.project.id })
  expect((await service.listProjects()).map(({ name }) => name)).toEqual(['Street 2'])
  expect(await service.listImages({ projectId: second.project.id })).toHaveLength(2)
})

test('a project gets another name: on one line, not too long, and not that of another', async () => {
  const { project } = await importFiles(await twoGoodPairs(), 'First')
  const other = await importFiles(await twoGoodPairs(), 'Second')
  const rename = (name: string) => service.renameProject({ projectId: project.id, name })
  expect(await rename('  Streets\nof Ulm ')).toMatchObject({ id: project.id, name: 'Streets of Ulm' })
  expect((await rename('Second')).name).toBe('Second 2')
  expect((await rename('Second 2')).name).toBe('Second 2')
  expect([...(await rename('ä'.repeat(300))).name]).toHaveLength(200)
  await expect(rename(' \n ')).rejects.toMatchObject({ code: 'bad_config' })
  const names = Object.fromEntries((await service.listProjects()).map(({ id, name }) => [id, name]))
  expect(names).toEqual({ [project.id]: 'ä'.repeat(200), [other.project.id]: 'Second' })
})

test('scanning recognises the folder, counts it, and shows its pairs; a bad file is named', async () => {
  const contents = { ...(await twoGoodPairs()), 'images/train/0.jpg': 'text', 'labels/train/0.png': halves() }
  const report = await service.scan({ files: sourceFiles(contents) }, () => {}, new AbortController().signal)
  expect(report.splits).toEqual([
    { split: 'train', images: 2, masks: 2 },
    { split: 'val', images: 1, masks: 1 },
  ])
  const pairOf = (index: number) => service.previewPair({ plan: report.plan, index })
  await expect(pairOf(0)).rejects.toMatchObject({ message: expect.stringContaining('is named like an image') })
  const pair = await pairOf(1)
  expect([pair.name, pair.maskPath]).toEqual(['images/train/a', 'labels/train/a.png'])
  expect([pair.classIds?.[0], pair.classIds?.[31]]).toEqual([0, 1])
})

test('classes that have changed since they were shown are not written over', async () => {
  const { project } = await importFiles(await twoGoodPairs())
  const { id: projectId, classes: known } = project
  const withClass = (name: string) => {
    const classes = [...known, { name, color: [1, 2, 3] as [number, number, number] }]
    return service.updateClasses({ projectId, known, classes, order: classes.map((_, id) => id) })
  }
  const { classes } = await withClass('tree')
  await expect(withClass('car')).rejects.toMatchObject({ code: 'outdated', remedy: expect.stringContaining('Reload') })
  expect((await service.listProjects())[0].classes).toEqual(classes)
})

test('weights are recognised, kept under their hash and listed', async () => {
  const network = { encoder: 'mobilenetv2', width: 0.25, channels: 8, separable: true, firstExpansion: true } as const
  const names = buildEncoder(network).layers.flatMap(({ conv, norm }) => [`${conv}.weight`, `${norm}.weight`])
  const bytes = writeSafetensors(new Map(names.map((name) => [name, { shape: [1], values: Float32Array.of(1) }])))
  const added = await service.addWeights({ name: 'w.safetensors', bytes })
  expect(added).toEqual({
    key: expect.stringMatching(/^[0-9a-f]{64}$/),
    name: 'w.safetensors',
    byteLength: bytes.byteLength,
    source: null,
    encoder: 'mobilenetv2',
    firstExpansion: true,
    naming: 'torchvision',
  })
  expect(await service.listWeights()).toEqual([added])
  await expect(
    service.addWeights({ name: 'short.safetensors', bytes: bytes.slice(0, bytes.byteLength - 4) }),
  ).rejects.toMatchObject({
    code: 'bad_file',
    message: expect.stringContaining('short.safetensors'),
  })
})

test('the worker answers with transferred bitmaps, progress and errors', async () => {
  const open = () => new Worker(new URL('../../workers/data.worker.ts', import.meta.url), { type: 'module' })
  const { api, terminate } = connectWorker<DataApi>('data', open, () => {})
  const signal = new AbortController().signal
  const files = sourceFiles(await twoGoodPairs())
  const scanned = await api.scan({ files }, () => {}, signal)
  const pair = await api.previewPair({ plan: scanned.plan, index: 0 })
  expect([pair.image.width, pair.classIds?.length]).toEqual([32, 32 * 20])
  const phases = new Set<string>()
  const { project } = await api.import({ name: 'In the worker', files }, ({ phase }) => phases.add(phase), signal)
  expect(phases).toContain('import')
  const [image] = await api.listImages({ projectId: project.id })
  const bitmap = await api.image({ imageId: image.id })
  expect([bitmap.width, bitmap.height]).toEqual([32, 20])
  expect(await api.groundTruth({ imageId: image.id, size: { height: 1, width: 2 } })).toEqual(Uint8Array.of(0, 1))
  await expect(api.scan({ files: [] }, () => {}, signal)).rejects.toMatchObject({ code: 'no_images' })
  expect((await api.quota()).quota).toBeGreaterThan(0)
  terminate(new AppError('internal', 'The test is over.'))
})
