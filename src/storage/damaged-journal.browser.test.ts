import { beforeEach, expect, test, vi } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { CUT_OFF, GONE, loseRecord } from '../../tests/support/lost-records'
import { emptyRaster, pixelLabel } from '../annotation/raster'
import { Stroke } from '../annotation/stroke'
import { openRunStore } from '../compute/indexed-run-store'
import { PROVENANCE } from '../domain/labels'
import type { RunRecord } from '../domain/run'
import type { LabelChange } from '../domain/strokes'
import type { Database } from './database'
import { appendStroke, rasterOf, readJournal, readLabels, repairJournal } from './label-journal'
import { listLabelShares } from './labels'

let db: Database
const image = { id: 'p/a', projectId: 'p', name: 'a', size: { height: 8, width: 16 } }

beforeEach(async () => {
  db = await clearDatabase()
  await db.put('images', { ...image, split: 'train', order: 0, blob: new Blob(['x']), orientation: 1 })
  // Stroke n paints row n - 1 with class n; the last two rows are left.
  const raster = emptyRaster(image.size)
  for (let head = 0; head < 6; head++) await appendStroke(db, image.id, head, strokeOf(raster, head))
})

function strokeOf(raster: ReturnType<typeof emptyRaster>, row: number) {
  const stroke = new Stroke(raster)
  stroke.fill(row, 0, 16, pixelLabel(row + 1, PROVENANCE.human))
  const patch = stroke.finish()
  if (!patch) throw new Error('nothing was painted')
  return { id: `stroke-${row}`, at: 1, tool: 'Brush', patch }
}

const rows = async () => {
  const { classes } = rasterOf(await readJournal(db, image))
  return Array.from({ length: 6 }, (_, y) => classes[16 * y])
}

async function damageStroke(seq: number) {
  const stroke = await db.get('strokes', [image.id, seq])
  if (!stroke) throw new Error(`stroke ${seq} is not there`)
  await db.put('strokes', { ...stroke, patch: { ...stroke.patch, lengths: Uint32Array.of(1e9) } })
}

const foldOldest = (patch: LabelChange | null) => async () => {
  const journal = await db.get('journals', image.id)
  if (!journal) throw new Error('no journal')
  for (const seq of [1, 2]) await db.delete('strokes', [image.id, seq])
  await db.put('journals', { ...journal, first: 3 })
  if (patch) await db.put('bases', { imageId: image.id, patch })
}

test.each([
  ['a damaged stroke', () => damageStroke(2), [1, 255, 3, 4, 5, 6], 'Of 6 strokes on "a", 1 cannot be read'],
  [
    'missing strokes',
    () => db.delete('strokes', IDBKeyRange.bound([image.id, 1], [image.id, 2])),
    [255, 255, 3, 4, 5, 6],
    '2 cannot be read',
  ],
  ['no journal', () => db.delete('journals', image.id), [1, 2, 3, 4, 5, 6], 'strokes on "a" were undone is lost'],
  ['no base', foldOldest(null), [255, 255, 3, 4, 5, 6], 'The oldest labels of "a" are damaged'],
  [
    'a damaged base',
    foldOldest('rubbish' as unknown as LabelChange),
    [255, 255, 3, 4, 5, 6],
    'The oldest labels of "a"',
  ],
])('%s is told; all other labels are there, and one can go on', async (_, damage, left, sentence) => {
  await damage()
  const damaged = await readJournal(db, image)
  expect(damaged.problems).toEqual([expect.stringContaining(sentence)])
  expect(await rows()).toEqual(left)
  await repairJournal(db, damaged)
  const repaired = await readJournal(db, image)
  expect([repaired.problems, await rows()]).toEqual([[], left])
  expect(repaired.journal.annotatedPixels).toBe(16 * left.filter((id) => id !== 255).length)
  await appendStroke(db, image.id, repaired.journal.head, strokeOf(rasterOf(repaired), 6))
  expect([await rows(), (await readLabels(db, image))?.raster.classes[96]]).toEqual([left, 7])
})

test('an undone stroke that is damaged is told; nothing else changes', async () => {
  const journal = await db.get('journals', image.id)
  if (!journal) throw new Error('no journal')
  await db.put('journals', { ...journal, head: 3, annotatedPixels: 48 })
  await damageStroke(5)
  const damaged = await readJournal(db, image)
  expect(damaged.problems).toEqual(['Undone strokes on "a" are damaged and cannot be made again.'])
  await repairJournal(db, damaged)
  const repaired = await readJournal(db, image)
  expect([repaired.problems, repaired.journal]).toMatchObject([[], { first: 1, head: 3, last: 4, annotatedPixels: 48 }])
})

test('strokes without their journal do not give way to a new one', async () => {
  await db.delete('journals', image.id)
  const stroke = { ...strokeOf(emptyRaster(image.size), 0), id: 'other' }
  await expect(appendStroke(db, image.id, 0, stroke)).rejects.toMatchObject({ code: 'outdated' })
  expect(await rows()).toEqual([1, 2, 3, 4, 5, 6])
})

test.each([
  ['strokes', [image.id, 3], GONE, [1, 2, 255, 4, 5, 6]],
  ['strokes', [image.id, 3], CUT_OFF, [1, 2, 255, 4, 5, 6]],
  ['bases', image.id, GONE, [255, 255, 3, 4, 5, 6]],
])('of %s that the browser has lost one, the others are read', async (store, key, error, left) => {
  if (store === 'bases') await foldOldest((await readJournal(db, image)).strokes[0].patch)()
  using _lost = loseRecord(store, key, error)
  const { problems } = await readJournal(db, image)
  expect([problems.length, await rows()]).toEqual([1, left])
  expect((await readLabels(db, image))?.raster.classes[0]).toBe(left[0])
})

test.each([
  ['some', 1],
  ['all', 6],
])('a run is told that %s labels of an image are lost', async (_, count) => {
  const run = { id: 'r', projectId: 'p', config: { size: image.size } } as RunRecord
  const store = await openRunStore(db, run, { rgb: vi.fn(), groundTruth: vi.fn() })
  expect((await store.personLabels(image.id))?.isDamaged).toBe(false)
  for (let seq = 1; seq <= count; seq++) await damageStroke(seq)
  const labels = await store.personLabels(image.id)
  expect(labels).toMatchObject({ isDamaged: true })
  expect(labels?.classes.filter((id) => id !== 255)).toHaveLength((6 - count) * 16)
})

test('the label shares of a run leave out the image whose record is lost', async () => {
  for (const imageId of ['i', 'j', 'k']) {
    const pixels = { classes: new Uint8Array(4), provenance: new Uint8Array(4).fill(PROVENANCE.human) }
    await db.put('labels', { runId: 'r', imageId, size: { height: 2, width: 2 }, ...pixels })
  }
  using _lost = loseRecord('labels', ['r', 'j'])
  expect((await listLabelShares(db, 'r')).map(({ imageId }) => imageId)).toEqual(['i', 'k'])
})
