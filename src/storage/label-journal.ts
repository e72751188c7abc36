/**
 * People's labels on disk: a journal of strokes for each image. A stroke is written ahead of everything else, in one strict
 * transaction; undo and redo move the journal's head; strokes too old to be undone are folded into a base.
 */
import { annotatedDelta, applyPatch, isPatch, type Patch, patchOfRaster } from '../annotation/patch'
import { emptyRaster, type LabelRaster } from '../annotation/raster'
import { UNDO_DEPTH } from '../annotation/stroke'
import type { NewStroke } from '../rpc/contract'
import { AppError } from '../rpc/errors'
import { type Studio, strictWrite, type WriteTransaction } from './database'
import type { ImageRecord, JournalRecord, StrokeRecord } from './schema'

const STORES = ['journals', 'strokes', 'bases'] as const
type Stores = [...typeof STORES]

/** How many more strokes than can be undone may pile up before the oldest are folded. */
const FOLDED_AT_ONCE = 100

/** The journal of an image as it lies on disk. */
export interface StoredJournal {
  journal: JournalRecord
  base: Patch | null
  /** Strokes `first` to `last`. */
  strokes: StrokeRecord[]
  /** Sentences about what could not be read; everything before it is there. */
  problems: string[]
}

type JournalledImage = Pick<ImageRecord, 'id' | 'projectId' | 'size' | 'name'>

function emptyJournal({ id, projectId, size }: JournalledImage): JournalRecord {
  return { imageId: id, projectId, size, first: 1, head: 0, last: 0, annotatedPixels: 0 }
}

/** Strokes `from` to `to` of an image. */
function strokeRange(imageId: string, from: number, to: number): IDBKeyRange {
  return IDBKeyRange.bound([imageId, from], [imageId, to])
}

/**
 * Reads an image's journal and checks all of it. Where a stroke is damaged the journal ends before it: what comes later was
 * painted on what it changed.
 */
export async function readJournal(db: Studio, image: JournalledImage): Promise<StoredJournal> {
  const transaction = db.transaction(STORES, 'readonly')
  const [stored, base, strokes] = await Promise.all([
    transaction.objectStore('journals').get(image.id),
    transaction.objectStore('bases').get(image.id),
    transaction.objectStore('strokes').getAll(IDBKeyRange.bound([image.id], [image.id, []])),
  ])
  const journal = stored ?? emptyJournal(image)
  const pixels = image.size.height * image.size.width
  const problems: string[] = []
  const isBaseGood = base === undefined || isPatch(base.patch, pixels)
  if (!isBaseGood) problems.push(`The oldest labels of "${image.name}" are damaged; later strokes are kept.`)
  const kept = strokes.filter(({ seq }) => seq >= journal.first && seq <= journal.last)
  const firstBad = kept.findIndex(({ seq, patch }, i) => seq !== journal.first + i || !isPatch(patch, pixels))
  const good = firstBad < 0 ? kept : kept.slice(0, firstBad)
  const last = journal.first + good.length - 1
  if (last < journal.last) {
    const lost = journal.last - last
    problems.push(
      `Of the last ${lost} strokes on "${image.name}", the first is damaged; its labels are those before it.`,
    )
  }
  return {
    journal: { ...journal, last, head: Math.min(journal.head, last) },
    base: isBaseGood ? (base?.patch ?? null) : null,
    strokes: good,
    problems,
  }
}

/** The raster at the journal's head. */
export function rasterOf({ journal, base, strokes }: StoredJournal): LabelRaster {
  const raster = emptyRaster(journal.size)
  if (base) applyPatch(raster, base)
  for (const { seq, patch } of strokes) if (seq <= journal.head) applyPatch(raster, patch)
  return raster
}

/** An image's labels at its own size; null when nobody has labelled any. */
export async function readLabels(db: Studio, image: JournalledImage): Promise<LabelRaster | null> {
  const stored = await readJournal(db, image)
  return stored.journal.annotatedPixels > 0 ? rasterOf(stored) : null
}

/**
 * Adds a stroke behind stroke `head`; undone strokes behind it are dropped. Durable when the promise resolves.
 * @throws AppError `project_locked` when the journal's head is elsewhere: another page has labelled the image
 */
export async function appendStroke(db: Studio, image: JournalledImage, head: number, stroke: NewStroke): Promise<void> {
  await strictWrite(db, [...STORES], async (transaction) => {
    const journal = (await transaction.objectStore('journals').get(image.id)) ?? emptyJournal(image)
    const strokes = transaction.objectStore('strokes')
    const isThere = (await strokes.get([image.id, head + 1]))?.id === stroke.id
    if (isThere && journal.last > head) return
    checkHead(journal, head, image.name)
    await strokes.delete(strokeRange(image.id, head + 1, Number.POSITIVE_INFINITY))
    await strokes.put({ imageId: image.id, seq: head + 1, ...stroke })
    const annotatedPixels = journal.annotatedPixels + annotatedDelta(stroke.patch)
    const next = { ...journal, head: head + 1, last: head + 1, annotatedPixels, changedAt: Date.now() }
    await transaction.objectStore('journals').put(await foldOldStrokes(transaction, next))
  })
}

/** Undoes (`to` = `from` - 1) or makes again (`to` = `from` + 1) one stroke. */
export async function moveHead(db: Studio, image: JournalledImage, from: number, to: number): Promise<void> {
  await strictWrite(db, ['journals', 'strokes'], async (transaction) => {
    const journals = transaction.objectStore('journals')
    const journal = (await journals.get(image.id)) ?? emptyJournal(image)
    if (journal.head === to) return
    checkHead(journal, from, image.name)
    const stroke = await transaction.objectStore('strokes').get([image.id, Math.max(from, to)])
    if (!stroke || Math.abs(to - from) !== 1) {
      throw new AppError('internal', `Stroke ${Math.max(from, to)} of "${image.name}" is not kept.`, 'Reload the page.')
    }
    const delta = (to - from) * annotatedDelta(stroke.patch)
    const annotatedPixels = journal.annotatedPixels + delta
    await journals.put({ ...journal, head: to, annotatedPixels, changedAt: Date.now() })
  })
}

function checkHead(journal: JournalRecord, head: number, name: string): void {
  if (journal.head === head) return
  throw new AppError(
    'project_locked',
    `The labels of "${name}" were changed in another tab.`,
    'Reload this page to go on from them.',
  )
}

/** Folds the oldest strokes into the base once there are too many; returns the journal that says so. */
async function foldOldStrokes(transaction: WriteTransaction<Stores>, journal: JournalRecord): Promise<JournalRecord> {
  const { imageId, first, last, size } = journal
  if (last - first + 1 < UNDO_DEPTH + FOLDED_AT_ONCE) return journal
  const end = first + FOLDED_AT_ONCE
  const old = strokeRange(imageId, first, end - 1)
  const bases = transaction.objectStore('bases')
  const strokes = transaction.objectStore('strokes')
  const raster = emptyRaster(size)
  const base = await bases.get(imageId)
  if (base) applyPatch(raster, base.patch)
  for (const { patch } of await strokes.getAll(old)) applyPatch(raster, patch)
  await bases.put({ imageId, patch: patchOfRaster(raster) })
  await strokes.delete(old)
  return { ...journal, first: end }
}

/** Journals of a project's images: one for each image that anybody has painted on. */
export function listJournals(db: Studio, projectId: string): Promise<JournalRecord[]> {
  return db.getAllFromIndex('journals', 'projectId', projectId)
}

/**
 * Writes down what `readJournal` could save of a damaged journal, as its new base: nothing of it can be undone any more, and
 * new strokes go on from it.
 */
export async function repairJournal(db: Studio, stored: StoredJournal): Promise<JournalRecord> {
  const { journal } = stored
  const { imageId, last } = journal
  const patch = patchOfRaster(rasterOf(stored))
  const repaired = { ...journal, first: last + 1, head: last, annotatedPixels: annotatedDelta(patch) }
  await strictWrite(db, [...STORES], async (transaction) => {
    await transaction.objectStore('strokes').delete(IDBKeyRange.bound([imageId], [imageId, []]))
    await transaction.objectStore('bases').put({ imageId, patch })
    await transaction.objectStore('journals').put(repaired)
  })
  return repaired
}
