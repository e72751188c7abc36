/**
 * People's labels on disk: a journal of strokes for each image. A stroke is written ahead of everything else, in one
 * strict transaction; undo and redo move the journal's head; strokes too old to be undone are folded into a base.
 */
import { applyChange, changeOfRaster, isLabelChange, labelledDelta } from '../annotation/label-change'
import { emptyRaster, type LabelRaster } from '../annotation/raster'
import { UNDO_DEPTH } from '../annotation/stroke'
import { AppError } from '../domain/errors'
import type { ImageRecord } from '../domain/project'
import type { JournalRecord, LabelChange, NewStroke, StrokeRecord } from '../domain/strokes'
import type { Database } from './database'
import { strictWrite, type WriteTransaction } from './database'
import { type FoundJournal, findJournal, strokesOf } from './found-journal'
import { present } from './images'

/** Images too, so that nothing is written for one that is being deleted. */
const STORES = ['images', 'journals', 'strokes', 'bases'] as const
type Stores = [...typeof STORES]

/** Strokes that may pile up beyond those that can be undone, before the oldest are folded. */
const FOLDED_AT_ONCE = 100

/** An image's journal on disk, or the part of it that could be saved. */
export interface StoredJournal {
  journal: JournalRecord
  base: LabelChange | null
  /** Strokes `first` to `last`. */
  strokes: StrokeRecord[]
  /** Sentences about labels that could not be read; everything else is there. */
  problems: string[]
  /** Labels are lost, not only strokes that were undone. */
  isDamaged: boolean
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
 * Reads an image's journal and checks all of it. A stroke says what its pixels become, whatever they were, so strokes
 * behind a damaged one are still made. Undoing needs every stroke, so a damaged journal comes folded into its base.
 */
export async function readJournal(db: Database, image: JournalledImage): Promise<StoredJournal> {
  const found = await findJournal(db, image.id)
  const { name, size } = image
  const isGood = (patch: unknown) => isLabelChange(patch, size.height * size.width)
  const isJournalLost = !found.journal && (found.base !== undefined || found.strokes.size > 0)
  const journal = found.journal ?? journalOfStrokes(image, found)
  const { first, head } = journal
  const isBaseGood = found.base === undefined ? first === 1 : isGood(found.base?.patch)
  const good = [...found.strokes.values()].filter((stroke) => stroke !== null).filter(({ patch }) => isGood(patch))
  const made = good.filter(({ seq }) => seq >= first && seq <= head)
  const damaged = head - first + 1 - made.length
  const undone = good
    .filter(({ seq }) => seq > head && seq <= journal.last)
    .filter(({ seq }, i) => seq === head + 1 + i)
  const last = head + undone.length

  const problems: string[] = []
  if (isJournalLost) problems.push(`Which strokes on "${name}" were undone is lost: all of them are made.`)
  if (!isBaseGood) problems.push(`The oldest labels of "${name}" are damaged; later strokes are kept.`)
  if (damaged > 0)
    problems.push(
      `Of ${damaged + made.length} strokes on "${name}", ${damaged} cannot be read; the labels of all others are there.`,
    )
  if (last < journal.last) problems.push(`Undone strokes on "${name}" are damaged and cannot be made again.`)

  const base = isBaseGood ? (found.base?.patch ?? null) : null
  const isDamaged = isJournalLost || !isBaseGood || damaged > 0
  const stored = { journal: { ...journal, last }, base, strokes: [...made, ...undone], problems, isDamaged }
  if (problems.length === 0) return stored
  return isBaseGood && damaged === 0 ? counted(stored) : folded(stored)
}

/** A journal for strokes whose journal is lost. */
function journalOfStrokes(image: JournalledImage, { strokes }: FoundJournal): JournalRecord {
  const numbers = [...strokes.keys()]
  const last = numbers.at(-1) ?? 0
  return { ...emptyJournal(image), first: numbers[0] ?? 1, head: last, last }
}

/** The journal with its labelled pixels counted anew. */
function counted(stored: StoredJournal): StoredJournal {
  const annotatedPixels = labelledDelta(changeOfRaster(rasterOf(stored)))
  return { ...stored, journal: { ...stored.journal, annotatedPixels } }
}

/** The same labels with all strokes folded into the base: none can be undone. */
function folded(stored: StoredJournal): StoredJournal {
  const base = changeOfRaster(rasterOf(stored))
  const { head } = stored.journal
  const journal = { ...stored.journal, first: head + 1, last: head, annotatedPixels: labelledDelta(base) }
  return { ...stored, journal, base, strokes: [] }
}

/** The labels at the journal's head. */
export function rasterOf({ journal, base, strokes }: StoredJournal): LabelRaster {
  const raster = emptyRaster(journal.size)
  if (base) applyChange(raster, base)
  for (const { seq, patch } of strokes) if (seq <= journal.head) applyChange(raster, patch)
  return raster
}

/** An image's labels at its own size, and whether some could not be read; null when nobody has labelled any. */
export async function readLabels(
  db: Database,
  image: JournalledImage,
): Promise<{ raster: LabelRaster; isDamaged: boolean } | null> {
  const stored = await readJournal(db, image)
  const { journal, isDamaged } = stored
  return isDamaged || journal.annotatedPixels > 0 ? { raster: rasterOf(stored), isDamaged } : null
}

/**
 * Adds a stroke behind stroke `head`; undone strokes behind it are dropped. Durable when the promise resolves.
 * @throws AppError `outdated` when the journal's head is elsewhere: another page has labelled the image; `not_found`
 */
export async function appendStroke(db: Database, imageId: string, head: number, stroke: NewStroke): Promise<void> {
  await strictWrite(db, [...STORES], async (transaction) => {
    const { journal, name } = await journalIn(transaction, imageId)
    const strokes = transaction.objectStore('strokes')
    const isThere = (await strokes.get([imageId, head + 1]))?.id === stroke.id
    if (isThere && journal.last > head) return
    // Strokes without a journal have lost it: they must not give way to this one.
    const isWhole = journal.last > 0 || (await strokes.count(strokesOf(imageId))) === 0
    if (journal.head !== head || !isWhole) throw outdated(name)
    await strokes.delete(strokeRange(imageId, head + 1, Number.POSITIVE_INFINITY))
    await strokes.put({ imageId, seq: head + 1, ...stroke })
    const annotatedPixels = journal.annotatedPixels + labelledDelta(stroke.patch)
    const next = { ...journal, head: head + 1, last: head + 1, annotatedPixels, changedAt: Date.now() }
    await transaction.objectStore('journals').put(await foldOldStrokes(transaction, next))
  })
}

/**
 * Undoes one stroke (`to` = `from` - 1) or makes one again (`to` = `from` + 1).
 * @throws AppError `outdated`, `not_found`
 */
export async function moveHead(db: Database, imageId: string, from: number, to: number): Promise<void> {
  await strictWrite(db, [...STORES], async (transaction) => {
    const { journal, name } = await journalIn(transaction, imageId)
    if (journal.head === to) return
    const stroke = await transaction.objectStore('strokes').get([imageId, Math.max(from, to)])
    if (journal.head !== from || !stroke || Math.abs(to - from) !== 1) throw outdated(name)
    const annotatedPixels = journal.annotatedPixels + (to - from) * labelledDelta(stroke.patch)
    await transaction.objectStore('journals').put({ ...journal, head: to, annotatedPixels, changedAt: Date.now() })
  })
}

/** The image's journal, an empty one where nobody has painted, and the image's name. */
async function journalIn(
  transaction: WriteTransaction<Stores>,
  imageId: string,
): Promise<{ journal: JournalRecord; name: string }> {
  const image = present(await transaction.objectStore('images').get(imageId), imageId)
  const journal = (await transaction.objectStore('journals').get(imageId)) ?? emptyJournal(image)
  return { journal, name: image.name }
}

function outdated(name: string): AppError {
  return new AppError(
    'outdated',
    `The labels of "${name}" on the disk are no longer those that were painted on.`,
    'They were changed elsewhere. Go on from what is on the disk.',
  )
}

/** Folds the oldest strokes into the base once there are too many; returns the changed journal. */
async function foldOldStrokes(transaction: WriteTransaction<Stores>, journal: JournalRecord): Promise<JournalRecord> {
  const { imageId, first, last, size } = journal
  if (last - first + 1 < UNDO_DEPTH + FOLDED_AT_ONCE) return journal
  const end = first + FOLDED_AT_ONCE
  const old = strokeRange(imageId, first, end - 1)
  const bases = transaction.objectStore('bases')
  const strokes = transaction.objectStore('strokes')
  const raster = emptyRaster(size)
  const base = await bases.get(imageId)
  if (base) applyChange(raster, base.patch)
  for (const { patch } of await strokes.getAll(old)) applyChange(raster, patch)
  await bases.put({ imageId, patch: changeOfRaster(raster) })
  await strokes.delete(old)
  return { ...journal, first: end }
}

/** Journals of a project's images; only images on which somebody has painted have one. */
export function listJournals(db: Database, projectId: string): Promise<JournalRecord[]> {
  return db.getAllFromIndex('journals', 'projectId', projectId)
}

/** Writes the part of a damaged journal that `readJournal` could save, so that new strokes follow it. */
export async function repairJournal(db: Database, { journal, base, strokes: kept }: StoredJournal): Promise<void> {
  const { imageId } = journal
  await strictWrite(db, [...STORES], async (transaction) => {
    const strokes = transaction.objectStore('strokes')
    await strokes.delete(strokesOf(imageId))
    for (const stroke of kept) await strokes.put(stroke)
    const bases = transaction.objectStore('bases')
    await (base ? bases.put({ imageId, patch: base }) : bases.delete(imageId))
    await transaction.objectStore('journals').put(journal)
  })
}
