import { encode } from 'fast-png'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pixelLabel } from '../src/annotation/raster'
import { NO_LOCKS } from '../src/annotation/stroke'
import { brush } from '../src/annotation/tools/brush'
import { dataService } from '../src/data/data-service'
import { AppError } from '../src/domain/errors'
import { PROVENANCE } from '../src/domain/labels'
import { labelLockName } from '../src/domain/project'
import type { DataApi } from '../src/rpc/contract'
import type { LabelDocument } from '../src/state/labelling/label-document.svelte'
import { isLabelledHere, LabelLock } from '../src/state/labelling/label-lock.svelte'
import { LabelSession } from '../src/state/labelling/label-session.svelte'
import { SaveQueue } from '../src/state/labelling/save-queue.svelte'
import { Projects } from '../src/state/projects.svelte'
import { openDatabase } from '../src/storage/database'

const data = dataService()
const size = { height: 8, width: 16 }
const png = new Blob([new Uint8Array(encode({ ...size, data: new Uint8Array(128 * 3), channels: 3, depth: 8 }))])
let isFull = false
const store: DataApi = {
  ...data,
  appendStroke: async (request) => {
    if (isFull) throw new AppError('quota_exceeded', 'The disk is full.', 'Free some room.')
    await data.appendStroke(request)
  },
}
const sessions: LabelSession[] = []

beforeEach(async () => {
  isFull = false
  const db = await openDatabase()
  for (const name of db.objectStoreNames) await db.clear(name)
  for (const projectId of ['p', 'q']) {
    await db.put('projects', { id: projectId, name: projectId, createdAt: 1, classes: [] } as never)
    for (const [order, name] of ['a', 'b'].entries()) {
      const id = `${projectId}/${name}`
      await db.put('images', { id, projectId, name, split: 'train', order, size, blob: png, orientation: 1 })
    }
  }
})

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()))
  await expect.poll(() => isLabelledHere('p')).toBe(false)
})

function sessionOf(saves = new SaveQueue(), api = store): LabelSession {
  const session = new LabelSession({ data: api, compute: {}, superpixel: {} } as never, saves, 'p', null)
  sessions.push(session)
  return session
}

async function openTable(imageId: string, saves?: SaveQueue, api?: DataApi): Promise<LabelSession> {
  const session = sessionOf(saves, api)
  await session.load()
  await session.show(imageId)
  return session
}

const documentOf = (session: LabelSession): LabelDocument => {
  if (!session.open) throw new Error('no image lies on the table')
  return session.open.document
}

function paintRow(session: LabelSession, y: number, classId: number) {
  const stroke = documentOf(session).begin(NO_LOCKS)
  stroke.fill(y, 0, 16, pixelLabel(classId, PROVENANCE.human))
  session.commit(stroke, 'Brush')
}

const rowsOf = (session: LabelSession) =>
  Array.from({ length: 8 }, (_, y) => documentOf(session).raster.classes[16 * y])

/** What another tab writes: row `y` of the image gets class 9, as the stroke behind `head`. */
async function strokeElsewhere(imageId: string, head: number, y: number) {
  const patch = {
    starts: Uint32Array.of(16 * y),
    lengths: Uint32Array.of(16),
    before: Uint16Array.of(255),
    after: Uint16Array.of(pixelLabel(9, PROVENANCE.human)),
  }
  await data.appendStroke({ imageId, head, stroke: { id: crypto.randomUUID(), at: 1, tool: 'Brush', patch } })
}

/** The label lock as another tab holds it. */
async function lockElsewhere(): Promise<() => void> {
  const { promise: held, resolve } = Promise.withResolvers<() => void>()
  void navigator.locks.request(labelLockName('p'), () => new Promise<void>((release) => resolve(release)))
  return await held
}

/** Images that `isSlow` speaks of come when they are let in. */
function slowStore(isSlow: (imageId: string) => boolean): { slow: DataApi; letIn: () => void } {
  const { promise, resolve: letIn } = Promise.withResolvers<void>()
  const image: DataApi['image'] = async (request) => {
    if (isSlow(request.imageId)) await promise
    return data.image(request)
  }
  return { slow: { ...store, image }, letIn }
}

test('a tab that takes over paints only once it has read what the other has left', async () => {
  const release = await lockElsewhere()
  let isSlow = false
  const { slow, letIn } = slowStore(() => isSlow)
  const session = await openTable('p/a', new SaveQueue(), slow)
  expect(session.isReadOnly).toBe(true)
  await strokeElsewhere('p/a', 0, 0)
  isSlow = true
  release()
  await expect.poll(() => session.lock.isHeld).toBe(true)
  expect([session.isReadOnly, session.begin(brush, () => {})]).toEqual([true, null])
  letIn()
  await expect.poll(() => session.isReadOnly).toBe(false)
  expect(rowsOf(session)[0]).toBe(9)
  paintRow(session, 1, 2)
  await session.saves.settled()
  expect([session.saves.status, session.saves.refusal]).toEqual(['saved', null])
})

test('a tab that takes over while an image is being opened ends with that image', async () => {
  const release = await lockElsewhere()
  const { slow, letIn } = slowStore((imageId) => imageId === 'p/b')
  const session = await openTable('p/a', new SaveQueue(), slow)
  const showing = session.show('p/b')
  release()
  await expect.poll(() => session.lock.isHeld).toBe(true)
  letIn()
  await showing
  await expect.poll(() => session.isReadOnly).toBe(false)
  expect(session.open?.image.id).toBe('p/b')
})

test('going back before the next image has come leaves the first on the table', async () => {
  const { slow, letIn } = slowStore((imageId) => imageId === 'p/b')
  const session = await openTable('p/a', new SaveQueue(), slow)
  const toNext = session.show('p/b')
  await session.show('p/a')
  letIn()
  await toNext
  expect([session.open?.image.id, session.opening.error]).toEqual(['p/a', null])
})

test('strokes that are not on the disk keep the lock from other tabs, not from this one', async () => {
  const saves = new SaveQueue()
  const first = await openTable('p/a', saves)
  isFull = true
  paintRow(first, 0, 1)
  paintRow(first, 1, 1)
  await saves.settled()
  await first.close()
  const isFree = () => navigator.locks.request(labelLockName('p'), { ifAvailable: true }, (lock) => lock !== null)
  expect(await isFree()).toBe(false)
  const second = sessionOf(saves)
  await second.load()
  expect(second.isReadOnly).toBe(false)
  isFull = false
  saves.retry()
  await saves.settled()
  expect(await isFree()).toBe(false)
  await second.show('p/a')
  expect(rowsOf(second).slice(0, 3)).toEqual([1, 1, 255])
  await second.close()
  await expect.poll(isFree).toBe(true)
})

test('a lock that is given up before it is granted is free', async () => {
  const lock = new LabelLock('p')
  const asked = lock.request(async () => {})
  lock.release()
  await asked
  const next = new LabelLock('p')
  await next.request(async () => {})
  await expect.poll(() => next.isWriter).toBe(true)
  expect(lock.isHeld).toBe(false)
  next.release()
})

test('strokes on labels that have changed elsewhere are dropped with a sentence; other images are saved', async () => {
  const session = await openTable('p/a')
  const { saves } = session
  await strokeElsewhere('p/a', 0, 0)
  isFull = true
  paintRow(session, 1, 1)
  await saves.settled()
  paintRow(session, 2, 1)
  const elsewhere: string[] = []
  saves.add(elsewhere, async () => void elsewhere.push('written'))
  isFull = false
  saves.retry()
  await saves.settled()
  expect([saves.status, saves.pending, saves.error, elsewhere]).toEqual(['saved', 0, null, ['written']])
  expect(saves.refusal).toMatchObject({
    changes: 2,
    error: { code: 'outdated', message: expect.stringContaining('"a"') },
  })
  paintRow(session, 3, 1)
  expect(saves.refusal?.changes).toBe(3)
  await session.reread()
  expect(rowsOf(session).slice(0, 4)).toEqual([9, 255, 255, 255])
  paintRow(session, 1, 1)
  await saves.settled()
  expect([saves.status, saves.refusal?.changes]).toEqual(['saved', 3])
})

test('a project goes with the strokes that had no room, and others can be labelled', async () => {
  const saves = new SaveQueue()
  const session = await openTable('p/a', saves)
  isFull = true
  paintRow(session, 0, 1)
  await saves.settled()
  await session.close()
  isFull = false
  const projects = new Projects(data, saves)
  await projects.delete('p')
  expect([projects.deleting.error, projects.list.map(({ id }) => id)]).toEqual([null, ['q']])
  await saves.settled()
  expect([saves.status, saves.pending, saves.refusal]).toMatchObject([
    'saved',
    0,
    { changes: 1, error: { code: 'not_found' } },
  ])
  const other = new LabelSession({ data: store, compute: {}, superpixel: {} } as never, saves, 'q', null)
  sessions.push(other)
  await other.load()
  await other.show('q/a')
  expect(other.open?.image.id).toBe('q/a')
})

test('how far one has come is known at every stroke, and where to go on', async () => {
  const session = await openTable('p/a')
  const { labelled } = session
  expect([labelled.count, labelled.nextWithout('p/a')?.id]).toEqual([0, 'p/b'])
  paintRow(session, 0, 1)
  paintRow(session, 1, 255)
  expect([labelled.count, documentOf(session).labelledPixels]).toEqual([1, 32])
  expect(documentOf(session).undo()).not.toBeNull()
  expect(documentOf(session).labelledPixels).toBe(16)
  await session.show('p/b')
  expect([labelled.has('p/a'), labelled.has('p/b'), labelled.nextWithout('p/b')]).toEqual([true, false, null])

  // Strokes that were undone count neither here nor after a reload.
  await session.show('p/a')
  documentOf(session).undo()
  expect([labelled.count, labelled.nextWithout('p/b')?.id]).toEqual([0, 'p/a'])
  documentOf(session).redo()
  await session.saves.settled()
  await session.close()
  const again = await openTable('p/b')
  expect([again.labelled.count, again.labelled.nextWithout('p/b')]).toEqual([1, null])
  await again.show('p/a')
  expect(documentOf(again).labelledPixels).toBe(16)
})
