import { afterEach, beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { makeTestProject, nextMillisecond, putRound, strokeOf } from '../../tests/support/test-project'
import { dataService } from '../data/data-service'
import type { ImageRecord } from '../domain/project'
import type { JournalRecord } from '../domain/strokes'
import { type Database, openDatabase } from '../storage/database'
import { appendStroke } from '../storage/label-journal'
import { importProject } from './open-project'
import { exportProject } from './save-project'

const service = dataService()
const signal = new AbortController().signal
let db: Database
let projectId: string
let image: ImageRecord

beforeEach(async () => {
  db = await openDatabase()
  await clearDatabase()
  const made = await makeTestProject(db, service)
  projectId = made.projectId
  image = (await db.get('images', made.imageId)) as ImageRecord
})

afterEach(clearDatabase)

/** Saves the project while `change` happens; its transaction begins when the first records are in the file. */
async function fileSavedDuring(change: () => Promise<void>): Promise<File> {
  let changing: Promise<void> | null = null
  const { file: zip } = await exportProject(
    db,
    projectId,
    () => {
      changing ??= change()
    },
    signal,
  )
  expect(changing).not.toBeNull()
  await changing
  return new File([zip], 'mine.zip')
}

async function openedHistory(file: File) {
  const project = await importProject(db, file, () => {}, signal)
  return service.labelHistory({ imageId: `${project.id}${image.id.slice(projectId.length)}`, isWriter: false })
}

/** As if `last` strokes had been painted, none of them undone. */
async function storeStrokes(last: number): Promise<void> {
  const transaction = db.transaction(['journals', 'strokes'], 'readwrite')
  const journals = transaction.objectStore('journals')
  const journal = (await journals.get(image.id)) as JournalRecord
  void journals.put({ ...journal, head: last, last })
  for (let seq = 1; seq <= last; seq++) {
    void transaction.objectStore('strokes').put({ imageId: image.id, seq, ...strokeOf(seq) })
  }
  await transaction.done
}

test('a stroke that drops undone ones while the project is saved leaves a file that opens whole', async () => {
  for (const from of [2, 1]) await service.moveHead({ imageId: image.id, from, to: from - 1 })
  const file = await fileSavedDuring(() => appendStroke(db, image.id, 0, strokeOf(7)))
  const { head, strokes, problems } = await openedHistory(file)
  expect([head, strokes.map(({ id }) => id), problems]).toEqual([1, ['s7'], []])
})

test('one more stroke while the project is saved is in the file or is not, and nothing is damaged', async () => {
  await service.moveHead({ imageId: image.id, from: 2, to: 3 })
  const file = await fileSavedDuring(() => appendStroke(db, image.id, 3, strokeOf(7)))
  const { head, strokes, problems } = await openedHistory(file)
  expect(problems).toEqual([])
  expect([3, 4]).toContain(head)
  expect(strokes).toHaveLength(head)
})

test('strokes that are folded while the project is saved leave a file that opens whole', async () => {
  await storeStrokes(599)
  const file = await fileSavedDuring(() => appendStroke(db, image.id, 599, strokeOf(600)))
  const { base, first, head, strokes, problems } = await openedHistory(file)
  expect(problems).toEqual([])
  expect(head - first + 1).toBe(strokes.length)
  expect(base !== null).toBe(first > 1)
})

test('a run that goes on while the project is saved is in the file as it was at one moment', async () => {
  const file = await fileSavedDuring(async () => {
    await putRound(db, 2, image.id)
    await putRound(db, 3, image.id)
  })
  const project = await importProject(db, file, () => {}, signal)
  const [run] = await db.getAllFromIndex('runs', 'projectId', project.id)
  const rounds = await db.getAllFromIndex('rounds', 'runId', run.id)
  const upToRound = Array.from({ length: run.round }, (_, i) => i + 1)
  expect(rounds.map(({ index }) => index)).toEqual(upToRound)
  const layers = await db.getAllFromIndex('layers', 'runId', run.id)
  expect(layers.map(({ round }) => round)).toEqual(upToRound)
  const [labels] = await db.getAllFromIndex('labels', 'runId', run.id)
  expect(labels.classes[0]).toBe(run.round)
  const checkpoints = await db.getAllFromIndex('checkpoints', 'runId', run.id)
  expect(Math.max(...checkpoints.map(({ round }) => round))).toBe(run.round)
})

test('a project that is deleted while it is saved gives no file', async () => {
  await expect(fileSavedDuring(() => service.deleteProject({ projectId }))).rejects.toMatchObject({ code: 'not_found' })
})

test('labels that change while the project is saved are still counted as being in this browser only', async () => {
  let changing: Promise<void> | null = null
  const paint = () => {
    changing ??= appendStroke(db, image.id, 2, strokeOf(7))
  }
  await service.saveProject({ projectId }, paint, signal)
  await changing
  expect(await service.countUnsavedImages({ projectId })).toBe(1)
  await nextMillisecond()
  await service.saveProject({ projectId }, () => {}, signal)
  expect(await service.countUnsavedImages({ projectId })).toBe(0)
})
