import { beforeEach, expect, test } from 'vitest'
import { pixelLabel } from '../src/annotation/raster'
import { NO_LOCKS } from '../src/annotation/stroke'
import { dataService } from '../src/data/data-service'
import { AppError } from '../src/domain/errors'
import { PROVENANCE } from '../src/domain/labels'
import { LabelDocument } from '../src/state/labelling/label-document.svelte'
import { SaveQueue } from '../src/state/labelling/save-queue.svelte'
import { clearDatabase } from './support/database'

const data = dataService()
const image = {
  id: 'p/a',
  projectId: 'p',
  name: 'a',
  split: 'train' as const,
  order: 0,
  size: { height: 8, width: 16 },
}

beforeEach(async () => {
  const db = await clearDatabase()
  await db.put('projects', { id: 'p' } as never)
  await db.put('images', { ...image, blob: new Blob(['x']), orientation: 1 })
})

function paintRow(document: LabelDocument, y: number, classId: number) {
  const stroke = document.begin(NO_LOCKS)
  stroke.fill(y, 0, 16, pixelLabel(classId, PROVENANCE.human))
  document.commit(stroke, 'Brush')
}

const rows = (document: LabelDocument) => Array.from({ length: 8 }, (_, y) => document.raster.classes[16 * y])

test('strokes, undo and redo are there when the image is opened again', async () => {
  const queue = new SaveQueue()
  const document = await LabelDocument.open(data, queue, image, true)
  expect([document.canUndo, document.canRedo]).toEqual([false, false])
  paintRow(document, 0, 1)
  paintRow(document, 1, 2)
  paintRow(document, 2, 3)
  expect(document.undo()).toEqual({ x: 0, y: 2, width: 16, height: 1 })
  expect(queue.status).toBe('saving')
  await queue.settled()
  expect([queue.status, queue.pending]).toEqual(['saved', 0])
  const again = await LabelDocument.open(data, new SaveQueue(), image, true)
  expect(rows(again)).toEqual([1, 2, 255, 255, 255, 255, 255, 255])
  expect([again.canUndo, again.canRedo]).toEqual([true, true])
  again.redo()
  expect(rows(again)).toEqual([1, 2, 3, 255, 255, 255, 255, 255])
  for (let k = 0; k < 3; k++) again.undo()
  expect([rows(again), again.undo(), again.canUndo]).toEqual([Array(8).fill(255), null, false])
})

test('a stroke after undo drops what was undone', async () => {
  const queue = new SaveQueue()
  const document = await LabelDocument.open(data, queue, image, true)
  paintRow(document, 0, 1)
  paintRow(document, 1, 2)
  document.undo()
  paintRow(document, 2, 3)
  expect([document.canRedo, document.redo()]).toEqual([false, null])
  await queue.settled()
  const again = await LabelDocument.open(data, new SaveQueue(), image, true)
  expect(rows(again).slice(0, 3)).toEqual([1, 255, 3])
})

test('more strokes than can be undone: the oldest stay, the last five hundred go one by one', async () => {
  const queue = new SaveQueue()
  const document = await LabelDocument.open(data, queue, image, true)
  for (let k = 0; k < 640; k++) paintRow(document, k % 8, k % 11)
  let undone = 0
  while (document.undo()) undone++
  expect(undone).toBe(500)
  await queue.settled()
  expect([queue.status, queue.pending]).toEqual(['saved', 0])
  const again = await LabelDocument.open(data, new SaveQueue(), image, true)
  expect(rows(again)).toEqual(rows(document))
  // Row y was last painted by stroke k = 132 + y of the first 140.
  expect(rows(again)).toEqual([136, 137, 138, 139, 132, 133, 134, 135].map((k) => k % 11))
})

test('opened again with more strokes than can be undone, it undoes no more than the disk keeps once a stroke folds them', async () => {
  const queue = new SaveQueue()
  const before = await LabelDocument.open(data, queue, image, true)
  for (let k = 0; k < 599; k++) paintRow(before, k % 8, k % 11)
  await queue.settled()
  const document = await LabelDocument.open(data, queue, image, true)
  paintRow(document, 0, 3)
  let undone = 0
  while (document.undo()) undone++
  expect(undone).toBe(500)
  paintRow(document, 5, 5)
  await queue.settled()
  expect([queue.status, queue.pending]).toEqual(['saved', 0])
  expect(rows(await LabelDocument.open(data, new SaveQueue(), image, true))).toEqual(rows(document))
})

test('a write that fails keeps everything behind it, and trying again saves it all in order', async () => {
  const queue = new SaveQueue()
  let isFull = true
  const store = {
    ...data,
    appendStroke: async (request: Parameters<typeof data.appendStroke>[0]) => {
      if (isFull) throw new AppError('quota_exceeded', 'The disk is full.', 'Free some room.')
      await data.appendStroke(request)
    },
  }
  const document = await LabelDocument.open(store, queue, image, true)
  paintRow(document, 0, 1)
  await expect.poll(() => queue.status).toBe('failed')
  paintRow(document, 1, 2)
  document.undo()
  paintRow(document, 3, 4)
  expect([queue.status, queue.pending, queue.error?.message]).toEqual(['failed', 4, 'The disk is full.'])
  queue.retry()
  await queue.settled()
  expect([queue.status, queue.pending]).toEqual(['failed', 4])
  isFull = false
  queue.retry()
  await queue.settled()
  expect([queue.status, queue.pending, queue.error]).toEqual(['saved', 0, null])
  const again = await LabelDocument.open(data, new SaveQueue(), image, true)
  expect(rows(again).slice(0, 4)).toEqual([1, 255, 255, 4])
})
