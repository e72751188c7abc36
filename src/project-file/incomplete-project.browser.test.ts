/** Projects of which the disk has lost something: a file takes the rest, says what it lacks, and opens. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loseFile, loseRecord } from '../../tests/support/lost-records'
import { makeTestProject } from '../../tests/support/test-project'
import { dataService } from '../data/data-service'
import type { ProjectRecord } from '../domain/project'
import { type Database, openDatabase } from '../storage/database'
import { exportProject } from './save-project'

const service = dataService()
const signal = new AbortController().signal
let db: Database
let projectId: string
/** The last one, which is labelled and in the run. */
let imageId: string
/** The first one. */
let otherId: string

beforeEach(async () => {
  db = await openDatabase()
  await clear()
  const made = await makeTestProject(db, service)
  projectId = made.projectId
  imageId = made.imageId
  otherId = (await service.listImages({ projectId }))[0].id
})

afterEach(clear)

async function clear(): Promise<void> {
  for (const name of db.objectStoreNames) await db.clear(name)
}

const nameOf = (id: string) => id.slice(projectId.length + 1)
const run = { method: 'cpral', createdAt: 3 }
const nothing = { images: [], pictures: [], groundTruth: [], labels: [], runs: [], runParts: [] }

/** The project in a file, opened where nothing else is. */
async function savedAndOpened() {
  const { file, missing } = await exportProject(db, projectId, () => {}, signal)
  await clear()
  const project = await service.openProject({ file: new File([file], 'mine.zip') }, () => {}, signal)
  expect(project.missing).toEqual(missing ?? undefined)
  return { missing, project }
}

const countOf = async (store: 'images' | 'groundTruth' | 'strokes' | 'runs' | 'rounds' | 'labels' | 'layers') =>
  db.count(store)

test('a whole project lacks nothing', async () => {
  expect((await savedAndOpened()).missing).toBeNull()
})

test.each([
  ['stroke', () => loseRecord('strokes', [imageId, 2])],
  ['journal', () => loseRecord('journals', imageId)],
])('of an image that has lost a %s the other labels are saved', async (_, lose) => {
  using _lost = lose()
  const { missing, project } = await savedAndOpened()
  expect(missing).toEqual({ ...nothing, labels: [nameOf(imageId)] })
  const copy = `${project.id}/${nameOf(imageId)}`
  const { base, strokes, problems } = await service.labelHistory({ imageId: copy, isWriter: false })
  expect([base !== null || strokes.length > 0, problems.length]).toEqual([true, 1])
})

test('an image with a stroke that makes no sense is named', async () => {
  await db.put('strokes', { imageId, seq: 2, id: 'x', at: 1, tool: 'Brush', patch: null as never })
  expect((await savedAndOpened()).missing).toEqual({ ...nothing, labels: [nameOf(imageId)] })
})

test('an image whose picture is lost is saved with its labels', async () => {
  using _lost = loseFile('images', imageId)
  const { missing, project } = await savedAndOpened()
  expect(missing).toEqual({ ...nothing, pictures: [nameOf(imageId)] })
  const copy = `${project.id}/${nameOf(imageId)}`
  expect((await service.labelHistory({ imageId: copy, isWriter: false })).strokes).toHaveLength(3)
  await expect(service.image({ imageId: copy })).rejects.toMatchObject({ code: 'bad_file' })
  expect([await countOf('images'), await countOf('runs')]).toEqual([4, 1])
})

test.each([
  ['record', () => loseRecord('groundTruth', otherId)],
  ['file', () => loseFile('groundTruth', otherId)],
])('a training image that has lost the %s of its ground truth keeps the oracle from answering', async (_, lose) => {
  using _lost = lose()
  const { missing, project } = await savedAndOpened()
  expect(missing).toEqual({ ...nothing, groundTruth: [nameOf(otherId)] })
  expect([project.hasGroundTruth, await countOf('groundTruth'), await countOf('images')]).toEqual([false, 3, 4])
})

test('a lost thumbnail is no loss', async () => {
  using _lost = loseRecord('thumbnails', otherId)
  const { missing, project } = await savedAndOpened()
  expect(missing).toBeNull()
  expect(await service.listImages({ projectId: project.id })).toHaveLength(4)
})

test('an image whose record is lost is left out, and what runs have of it', async () => {
  const labels = { classes: new Uint8Array(2), provenance: new Uint8Array(2), size: { height: 1, width: 2 } }
  await db.put('labels', { runId: 'run-1', imageId: otherId, ...labels })
  using _lost = loseRecord('images', otherId)
  const { missing, project } = await savedAndOpened()
  expect(missing).toEqual({ ...nothing, images: [nameOf(otherId)], runParts: [run] })
  expect(project.counts).toEqual({ train: 2, val: 1 })
  expect([await countOf('images'), await countOf('groundTruth'), await countOf('labels')]).toEqual([3, 3, 1])
})

test('with an image that a round of a run has chosen the run is left out', async () => {
  using _lost = loseRecord('images', imageId)
  const { missing } = await savedAndOpened()
  expect(missing).toEqual({ ...nothing, images: [nameOf(imageId)], runs: [run] })
  expect([await countOf('images'), await countOf('runs'), await countOf('strokes')]).toEqual([3, 0, 0])
})

test.each([
  ['its record', () => loseRecord('runs', 'run-1'), null],
  ['a round', () => loseRecord('rounds', ['run-1', 1]), run],
])('a run that has lost %s is left out', async (_, lose, named) => {
  using _lost = lose()
  expect((await savedAndOpened()).missing).toEqual({ ...nothing, runs: [named] })
  expect([await countOf('images'), await countOf('runs'), await countOf('labels')]).toEqual([4, 0, 0])
})

test.each([
  ['labels', () => loseRecord('labels', ['run-1', imageId])],
  ['a checkpoint', () => loseRecord('checkpoints', ['run-1', 1])],
  ['a map', () => loseRecord('layers', ['run-1', 1, imageId])],
  ['its first weights', async () => loseRecord('weights', (await db.getAllKeys('weights'))[0])],
])('a run that has lost %s is saved without them', async (_, lose) => {
  using _lost = await lose()
  expect((await savedAndOpened()).missing).toEqual({ ...nothing, runParts: [run] })
  expect([await countOf('runs'), await countOf('rounds')]).toEqual([1, 1])
})

test('what a file lacked is still said of a file that its project is saved in again', async () => {
  const lacking = async () => {
    using _stroke = loseRecord('strokes', [imageId, 2])
    using _map = loseRecord('layers', ['run-1', 1, imageId])
    return await savedAndOpened()
  }
  const { project } = await lacking()
  const { file } = await service.saveProject({ projectId: project.id }, () => {}, signal)
  const again: ProjectRecord = await service.openProject({ file: new File([file], 'mine.zip') }, () => {}, signal)
  expect(again.missing).toEqual({ ...nothing, labels: [nameOf(imageId)], runParts: [run] })
})
