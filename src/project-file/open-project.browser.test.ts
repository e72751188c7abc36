import { unzipSync, zipSync } from 'fflate'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { makeTestProject } from '../../tests/support/test-project'
import { defaultConfig, factsOf } from '../cpral/presets'
import { dataService } from '../data/data-service'
import type { ProjectRecord } from '../domain/project'
import type { JournalRecord } from '../domain/strokes'
import type { WeightsRecord } from '../domain/weights'
import { type Database, openDatabase } from '../storage/database'
import { recordFromBlob, recordToBlob } from '../storage/record-bytes'
import { sha256 } from '../storage/sha256'
import { importProject } from './open-project'
import { isProjectFile } from './project-file'
import { exportProject } from './save-project'

const service = dataService()
const signal = new AbortController().signal
let db: Database
let projectId: string
let imageId: string

beforeEach(async () => {
  db = await openDatabase()
  await clearDatabase()
  const made = await makeTestProject(db, service)
  projectId = made.projectId
  imageId = made.imageId
})

afterEach(clearDatabase)

// biome-ignore lint/suspicious/noExplicitAny: what is done to records here is what their types forbid.
type Records = Record<string, any>

/** The project's file after `change` was made to its records; the first of a store goes by the store's name. */
async function tampered(change: (records: Records) => void): Promise<File> {
  const { file: zip } = await exportProject(db, projectId, () => {}, signal)
  const records: Records = {}
  const firstOf = new Set<string>()
  for (const [name, bytes] of Object.entries(unzipSync(new Uint8Array(await zip.arrayBuffer())))) {
    const store = name.split('/')[0]
    records[firstOf.has(store) ? name : store] = await recordFromBlob(new Blob([new Uint8Array(bytes)]), (text) => text)
    firstOf.add(store)
  }
  change(records)
  const head = records['project.json']
  if (head?.head) head.head.records = Object.keys(records).length - 1
  const files: Record<string, Uint8Array> = {}
  for (const [name, record] of Object.entries(records)) {
    const path = name.includes('/') || name === 'project.json' ? name : `${name}/first`
    files[path] = new Uint8Array(await recordToBlob(record).arrayBuffer())
  }
  return new File([new Uint8Array(zipSync(files, { level: 0 }))], 'mine.zip')
}

/** Expects a refusal that names the file, after which the database is as it was. */
async function expectRefused(file: File, reason = ''): Promise<void> {
  const before = await contents()
  await expect(importProject(db, file, () => {}, signal)).rejects.toMatchObject({
    code: 'bad_file',
    message: expect.stringContaining(`"mine.zip" ${reason}`),
    remedy: expect.stringMatching(/./),
  })
  expect(await contents()).toEqual(before)
}

async function contents() {
  const stores = [...db.objectStoreNames]
  const keys = await Promise.all(stores.map((name) => db.getAllKeys(name)))
  const small = await Promise.all((['projects', 'journals', 'weights'] as const).map((name) => db.getAll(name)))
  return { keys, small }
}

test('the file that the tests tamper with opens when nothing is done to it', async () => {
  const project = await importProject(db, await tampered(() => {}), () => {}, signal)
  expect(await service.listImages({ projectId: project.id })).toHaveLength(4)
})

const malformed: Record<string, (records: Records) => void> = {
  'a project of its name alone': (records) => {
    records['project.json'].project = { name: 'hi' }
  },
  'a class without a colour': ({ 'project.json': { project } }) => {
    project.classes[0] = { name: 'road' }
  },
  'an order that names a class twice': ({ 'project.json': { project } }) => {
    project.classOrder = project.classes.map(() => 0)
  },
  'missing things that are text': ({ 'project.json': { project } }) => {
    project.missing = { images: 'a' }
  },
  'an image without a file': ({ images }) => {
    images.blob = 'photo'
  },
  'a run without a config': ({ runs }) => {
    delete runs.config
  },
  'a run of an unknown preset': ({ runs }) => {
    runs.config.preset = 'huge'
  },
  'a round without regions': ({ rounds }) => {
    delete rounds.regions
  },
  'maps that are text': ({ layers }) => {
    layers.entropy.values = 'none'
  },
}

for (const [name, change] of Object.entries(malformed)) {
  test(`a file with ${name} is refused`, async () => expectRefused(await tampered(change)))
}

const foreign: Record<string, [(config: Records) => void, string]> = {
  'by a method of another version': [
    ({ selection }) => Object.assign(selection, { method: 'best-of-all' }),
    'holds a run by the method "best-of-all", which this version of the studio does not know.',
  ],
  'by a recipe of another version': [
    (config) => Object.assign(config, { recipe: 'haste' }),
    'holds a run by the recipe "haste", which this version of the studio does not know.',
  ],
  'with a rule out of its range': [
    ({ training }) => Object.assign(training, { rateRise: 3 }),
    'holds a run whose setting training.rateRise is 3, and it must be a number from 0 to 1.',
  ],
  'with a rule of another type': [
    ({ training }) => Object.assign(training, { schedule: 'cosine' }),
    'holds a run whose setting training.schedule is "cosine", and it must be one of drop, poly.',
  ],
  'with the largest scale below the least': [
    ({ training }) => Object.assign(training, { scaleMost: 0.5 }),
    'holds a run whose setting training.scaleLeast is 1, and it must be at most training.scaleMost, which is 0.5.',
  ],
  'that takes half a region of an image': [
    ({ selection }) => Object.assign(selection, { method: 'balanced-entropy', regionsPerImage: 0.5 }),
    'holds a run whose setting selection.regionsPerImage is 0.5, and it must be a whole number of at least 1.',
  ],
  'whose labels spread perhaps': [
    ({ extension }) => Object.assign(extension, { spreads: 'perhaps' }),
    'holds a run whose setting extension.spreads is "perhaps", and it must be true or false.',
  ],
}

for (const [name, [change, sentence]] of Object.entries(foreign)) {
  test(`a file with a run ${name} is refused in a sentence`, async () =>
    expectRefused(await tampered(({ runs }) => change(runs.config)), sentence))
}

test("a run by this version's recipe and method opens as it was saved", async () => {
  const [run] = await db.getAll('runs')
  const project = (await service.listProjects()).find(({ id }) => id === projectId) as ProjectRecord
  const facts = factsOf(project, run.config.size)
  const config = defaultConfig(facts, 'tiny', { recipe: 'studio', extension: { spreads: true } })
  await db.put('runs', { ...run, config })
  const opened = await importProject(db, await tampered(() => {}), () => {}, signal)
  expect((await service.listRuns({ projectId: opened.id })).map((copy) => copy.config)).toEqual([config])
})

test("a file with a record under another project's ids is refused, and that project stays as it is", async () => {
  const other = { projectId: 'demo-1-1-1', imageId: 'demo-1-1-1/train/scene-0001' }
  await db.put('journals', { ...other, size: { height: 1, width: 1 }, first: 1, head: 9, last: 9, annotatedPixels: 1 })
  for (const change of [
    ({ journals }: Records) => Object.assign(journals, other),
    ({ journals }: Records) => Object.assign(journals, { imageId: other.imageId }),
    ({ strokes }: Records) => Object.assign(strokes, { imageId: other.imageId }),
    ({ images }: Records) => Object.assign(images, { id: other.imageId }),
    ({ runs }: Records) => Object.assign(runs, { projectId: other.projectId }),
    ({ rounds }: Records) => Object.assign(rounds, { runId: 'run-2' }),
    ({ labels }: Records) => Object.assign(labels, { imageId: other.imageId }),
  ]) {
    await expectRefused(await tampered(change))
  }
})

test('labels of an image that is not in the file are refused', async () => {
  await expectRefused(await tampered(({ journals }) => Object.assign(journals, { imageId: `${projectId}/train/none` })))
})

test('weights under a hash that is not theirs are refused', async () => {
  await expectRefused(await tampered(({ weights }) => Object.assign(weights, { bytes: new ArrayBuffer(8) })))
})

test('weights that are here already stay as they are', async () => {
  const [weights] = await db.getAll('weights')
  const file = await tampered(({ weights }) => Object.assign(weights, { name: 'another name' }))
  await importProject(db, file, () => {}, signal)
  expect(await db.getAll('weights')).toEqual([weights])
})

test('a file that is refused, and one whose opening is stopped, leave no weights', async () => {
  const bytes = new ArrayBuffer(16)
  const more = { ...((await db.getAll('weights'))[0] as WeightsRecord), key: await sha256(bytes), bytes }
  const { file: zip } = await exportProject(db, projectId, () => {}, signal)
  const damaged = await tampered((records) => {
    records['weights/more'] = more
    delete records.rounds.regions
  })
  await expectRefused(damaged)
  await db.clear('weights')
  const controller = new AbortController()
  const stop = () => controller.abort()
  const opening = importProject(db, new File([zip], 'mine.zip'), stop, controller.signal)
  await expect(opening).rejects.toMatchObject({ name: 'AbortError' })
  expect(await db.count('weights')).toBe(0)
})

test('what is made to unpack to much more than its size is refused before it is unpacked', async () => {
  const { file: zip } = await exportProject(db, projectId, () => {}, signal)
  const files = unzipSync(new Uint8Array(await zip.arrayBuffer()))
  for (const name of ['project.json', 'labels/1']) {
    const bomb = zipSync({ ...files, [name]: new Uint8Array(64 * 2 ** 20) }, { level: 9 })
    const file = new File([new Uint8Array(bomb)], 'mine.zip')
    expect(await isProjectFile(file)).toBe(false)
    await expectRefused(file, `holds "${name}", which unpacks to`)
  }
})

test('labels of one class, which would pack to next to nothing, open like any others', async () => {
  const [run] = await db.getAll('runs')
  const size = { height: 2048, width: 1024 }
  const empty = new Uint8Array(size.height * size.width)
  await db.put('labels', { runId: run.id, imageId, size, classes: empty, provenance: empty })
  const file = new File([(await exportProject(db, projectId, () => {}, signal)).file], 'mine.zip')
  expect(await isProjectFile(file)).toBe(true)
  const project = await importProject(db, file, () => {}, signal)
  const [copy] = await service.listRuns({ projectId: project.id })
  const labels = await service.labels({ runId: copy.id, imageId: imageId.replace(projectId, project.id) })
  expect(labels?.classes).toHaveLength(empty.length)
})

test('damaged strokes do not keep the rest of a project from being opened', async () => {
  const journal = (await db.get('journals', imageId)) as JournalRecord
  await db.put('strokes', { imageId, seq: journal.last, id: 'x', at: 1, tool: 'Brush', patch: null as never })
  const file = new File([(await exportProject(db, projectId, () => {}, signal)).file], 'mine.zip')
  const project = await importProject(db, file, () => {}, signal)
  const copy = imageId.replace(projectId, project.id)
  expect((await service.labelHistory({ imageId: copy, isWriter: false })).problems).toHaveLength(1)
})

test("another tool's archive with a project.json is no project file", async () => {
  const file = (text: string) =>
    new File([new Uint8Array(zipSync({ 'project.json': new TextEncoder().encode(text) }))], 'backup.zip')
  for (const text of ['{"name":"streets","labels":[],"tasks":["task_0"]}', '', '[]', 'null']) {
    expect(await isProjectFile(file(text))).toBe(false)
  }
  expect(await isProjectFile(await tampered(() => {}))).toBe(true)
})
