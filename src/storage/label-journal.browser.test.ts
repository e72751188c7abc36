import { afterEach, beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { labelledDelta } from '../annotation/label-change'
import { emptyRaster, type LabelRaster, pixelLabel, UNLABELLED } from '../annotation/raster'
import { Stroke } from '../annotation/stroke'
import { PROVENANCE } from '../domain/labels'
import type { ProjectRecord } from '../domain/project'
import type { LabelChange } from '../domain/strokes'
import { randomStream } from '../math/random'
import type { Database } from './database'
import { appendStroke, listJournals, moveHead, rasterOf, readJournal, readLabels } from './label-journal'
import { deleteProject, putProject } from './projects'

let db: Database
const image = { id: 'p/a', projectId: 'p', name: 'a', size: { height: 60, width: 90 } }
const random = randomStream(1, 'journal')

beforeEach(async () => {
  db = await clearDatabase()
  await db.put('images', { ...image, split: 'train', order: 0, blob: new Blob(['x']), orientation: 1 })
})

afterEach(clearDatabase)

/** Paints something at random on the raster; never nothing. */
function paint(raster: LabelRaster): LabelChange {
  for (;;) {
    const stroke = new Stroke(raster)
    const label = random.next() < 0.2 ? UNLABELLED : pixelLabel(random.below(5), PROVENANCE.human)
    const [x, y] = [random.below(80), random.below(50)]
    for (let row = y; row < y + 12; row++) stroke.fill(row, x, x + 15, label)
    const patch = stroke.finish()
    if (patch) return patch
  }
}

let made = 0
const append = (head: number, patch: LabelChange, id = `stroke-${++made}`) =>
  appendStroke(db, image.id, head, { id, at: 1, tool: 'Brush', patch })
const stored = async () => rasterOf(await readJournal(db, image))
const isSame = (a: LabelRaster, b: LabelRaster) =>
  a.classes.every((id, i) => id === b.classes[i]) && a.provenance.every((source, i) => source === b.provenance[i])
const labelled = ({ provenance }: LabelRaster) => provenance.reduce((sum, source) => sum + (source === 0 ? 0 : 1), 0)

test('an image nobody has painted on has no labels', async () => {
  expect(await readLabels(db, image)).toBeNull()
  expect(await listJournals(db, 'p')).toEqual([])
})

test('strokes are read back, with the count of what is labelled', async () => {
  const raster = emptyRaster(image.size)
  for (let head = 0; head < 5; head++) await append(head, paint(raster))
  expect(isSame(await stored(), raster)).toBe(true)
  expect(await readLabels(db, image)).toEqual({ raster, isDamaged: false })
  expect(await listJournals(db, 'p')).toMatchObject([{ head: 5, last: 5, annotatedPixels: labelled(raster) }])
})

test('undo and redo are on disk, and a new stroke drops what was undone', async () => {
  const raster = emptyRaster(image.size)
  const states = [structuredClone(raster)]
  for (let head = 0; head < 3; head++) {
    await append(head, paint(raster))
    states.push(structuredClone(raster))
  }
  await moveHead(db, image.id, 3, 2)
  await moveHead(db, image.id, 2, 1)
  expect(isSame(await stored(), states[1])).toBe(true)
  await moveHead(db, image.id, 1, 2)
  expect(isSame(await stored(), states[2])).toBe(true)
  expect((await listJournals(db, 'p'))[0].annotatedPixels).toBe(labelled(states[2]))
  const branch = structuredClone(states[2])
  await append(2, paint(branch))
  const journal = await readJournal(db, image)
  expect([journal.journal.head, journal.journal.last, journal.strokes.length]).toEqual([3, 3, 3])
  expect(isSame(rasterOf(journal), branch)).toBe(true)
})

test('a write that is tried again is made once', async () => {
  const raster = emptyRaster(image.size)
  const patch = paint(raster)
  await append(0, patch, 'same')
  await append(0, patch, 'same')
  await moveHead(db, image.id, 1, 0)
  await moveHead(db, image.id, 1, 0)
  const [journal] = await listJournals(db, 'p')
  expect(journal).toMatchObject({ head: 0, last: 1, annotatedPixels: 0 })
})

test('a page that does not know the last stroke cannot write over it', async () => {
  const raster = emptyRaster(image.size)
  const first = paint(raster)
  await append(0, first)
  const before = await stored()
  await expect(append(0, paint(structuredClone(raster)))).rejects.toMatchObject({ code: 'outdated' })
  await expect(moveHead(db, image.id, 4, 3)).rejects.toMatchObject({ code: 'outdated' })
  expect(isSame(await stored(), before)).toBe(true)
})

test('five hundred strokes can be undone; older ones are folded, and nothing changes by it', async () => {
  const raster = emptyRaster(image.size)
  for (let head = 0; head < 650; head++) await append(head, paint(raster))
  const journal = await readJournal(db, image)
  expect(isSame(rasterOf(journal), raster)).toBe(true)
  expect(journal.journal.last - journal.journal.first + 1).toBeGreaterThanOrEqual(500)
  expect(await db.count('strokes')).toBeLessThan(600)
  const kept = journal.strokes.reduce((sum, { patch }) => sum + labelledDelta(patch), 0)
  const folded = journal.base ? labelledDelta(journal.base) : 0
  expect(kept + folded).toBe(labelled(raster))
})

test('deleting a project deletes its labels', async () => {
  await putProject(db, { id: 'p' } as ProjectRecord)
  await append(0, paint(emptyRaster(image.size)))
  await db.put('bases', { imageId: image.id, patch: (await readJournal(db, image)).strokes[0].patch })
  await deleteProject(db, 'p')
  for (const name of db.objectStoreNames) expect([name, await db.count(name)]).toEqual([name, 0])
})

test('a stroke that comes while its project is deleted leaves nothing behind', async () => {
  await putProject(db, { id: 'p' } as ProjectRecord)
  const patch = paint(emptyRaster(image.size))
  const outcomes = await Promise.allSettled([deleteProject(db, 'p'), append(0, patch)])
  expect(outcomes).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'not_found' } }])
  for (const name of db.objectStoreNames) expect([name, await db.count(name)]).toEqual([name, 0])
})
