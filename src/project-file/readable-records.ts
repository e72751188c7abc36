/** The records of a project that can still be read, for its file; lost ones are noted and left out. */
import type { LabelRecord } from '../domain/labels'
import type { ImageRecord, MissingRun } from '../domain/project'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import type { Database, StoreName } from '../storage/database'
import { strokesOf } from '../storage/found-journal'
import { readJournal } from '../storage/label-journal'
import { readAround, readFile, readRecord } from '../storage/lost-records'
import { recordToBlob } from '../storage/record-bytes'
import { RUN_STORES } from '../storage/runs'
import { emptyMissing } from './missing'

interface ReadableRecord {
  store: StoreName
  bytes: Blob
}

/** A run, or null where its record is lost. */
type FoundRun = RunRecord | null

/** Without records of these stores nothing of a run can be shown. */
const NEEDED_OF_RUN: readonly StoreName[] = ['runs', 'rounds']

export class ReadableRecords {
  readonly missing = emptyMissing()
  /** Ids of the runs that have been read. */
  readonly runIds: string[] = []
  readonly counts = { train: 0, val: 0 }
  /** Whether a training image has lost its ground truth. */
  isTruthLost = false
  readonly #db: Database
  readonly #lostImages: ReadonlySet<string>

  /** `lostImages`: ids of the images whose records are lost. */
  constructor(db: Database, lostImages: ReadonlySet<string>) {
    this.#db = db
    this.#lostImages = lostImages
  }

  /**
   * The records of a run as of one moment: the same that a kill would leave, and from which a run goes on. Maps are
   * most of a run's bytes and follow one by one; one that is rewritten meanwhile only has more in it.
   */
  async *ofRun(id: string, run: FoundRun): AsyncGenerator<ReadableRecord> {
    const { result, lost } = await readAround(this.#db, RUN_STORES, async (transaction, get) => {
      const records: (ReadableRecord & { isOfLostImage: boolean })[] = []
      for (const store of RUN_STORES) {
        if (store === 'layers') continue
        const range = store === 'runs' ? IDBKeyRange.only(id) : within(id)
        for (const key of await transaction.objectStore(store).getAllKeys(range)) {
          const record = await get(store, key)
          // As blobs, which the browser keeps outside of this worker's memory.
          if (record) records.push({ store, bytes: recordToBlob(record), isOfLostImage: this.#isOfLostImage(record) })
        }
      }
      return { records, maps: await transaction.objectStore('layers').getAllKeys(within(id)) }
    })
    const { records, maps } = result
    const isUseless =
      lost.some(({ store }) => NEEDED_OF_RUN.includes(store)) ||
      records.some(({ store, isOfLostImage }) => isOfLostImage && NEEDED_OF_RUN.includes(store))
    if (isUseless) return void this.missing.runs.push(nameOf(run))
    this.runIds.push(id)
    let isWhole = lost.length === 0
    // Each is let go once written: the file holds its bytes, and the browser need not hold them twice.
    for (let record = records.shift(); record; record = records.shift()) {
      if (record.isOfLostImage) isWhole = false
      else yield record
    }
    for (const key of maps) {
      const map = await readRecord(this.#db, 'layers', key)
      if (map && !this.#isOfLostImage(map)) yield { store: 'layers', bytes: recordToBlob(map) }
      else if (map !== undefined) isWhole = false
    }
    if (!isWhole) this.missing.runParts.push(nameOf(run))
  }

  /** An image with its journal as of one moment. Without its picture it still has its labels. */
  async *ofImage(id: string): AsyncGenerator<ReadableRecord> {
    if (this.#lostImages.has(id)) return void this.missing.images.push(id.slice(id.indexOf('/') + 1))
    const image = await this.#db.get('images', id)
    if (!image) return
    this.counts[image.split]++
    const blob = await readFile(image.blob)
    if (!blob) this.missing.pictures.push(image.name)
    yield { store: 'images', bytes: recordToBlob({ ...image, blob: blob ?? new Blob([], { type: image.blob.type }) }) }
    yield* this.#ofStore('groundTruth', image)
    yield* this.#ofStore('thumbnails', image)
    yield* this.#ofJournal(image)
  }

  async *#ofStore(
    store: 'groundTruth' | 'thumbnails',
    { id, name, split }: ImageRecord,
  ): AsyncGenerator<ReadableRecord> {
    const record = await readRecord(this.#db, store, id)
    const blob = record && (await readFile(record.blob))
    if (blob) yield { store, bytes: recordToBlob({ ...record, blob }) }
    // A picture stands in for its thumbnail.
    else if (record !== undefined && store === 'groundTruth') {
      this.missing.groundTruth.push(name)
      if (split === 'train') this.isTruthLost = true
    }
  }

  /** Unchecked, as it lies on the disk: whoever opens the image is told of damage. */
  async *#ofJournal(image: ImageRecord): AsyncGenerator<ReadableRecord> {
    const { result } = await readAround(this.#db, ['journals', 'bases', 'strokes'], async (transaction, get) => {
      const records: ReadableRecord[] = []
      const add = (store: StoreName, record: object | undefined) => {
        if (record) records.push({ store, bytes: recordToBlob(record) })
      }
      add('journals', await get('journals', image.id))
      add('bases', await get('bases', image.id))
      const strokes = await transaction.objectStore('strokes').getAllKeys(strokesOf(image.id))
      for (const key of strokes) add('strokes', await get('strokes', key))
      return records
    })
    yield* result
    if ((await readJournal(this.#db, image)).problems.length > 0) this.missing.labels.push(image.name)
  }

  /** The weights that `runs` start from. */
  async *ofWeights(key: string, runs: readonly RunRecord[]): AsyncGenerator<ReadableRecord> {
    const weights = await readRecord(this.#db, 'weights', key)
    if (weights) yield { store: 'weights', bytes: recordToBlob(weights) }
    else if (weights === null) {
      const saved = runs.filter(({ id }) => this.runIds.includes(id))
      this.missing.runParts.push(...saved.map(nameOf))
    }
  }

  #isOfLostImage(record: object): boolean {
    const lost = this.#lostImages
    if (lost.size === 0) return false
    const { imageId = '', trainImages = [], subset = [], regions = [], ahead = [] }: RecordOfRun = record
    const { answer, answerAhead }: RecordOfRun = record
    const named = [imageId, ...trainImages, ...(answer?.images ?? []), ...(answerAhead?.images ?? [])]
    return named.some((id) => lost.has(id)) || [...subset, ...regions, ...ahead].some((of) => lost.has(of.imageId))
  }
}

/** The fields by which a run's records name images. */
type RecordOfRun = Partial<Pick<LabelRecord, 'imageId'> & RoundRecord>

function nameOf(run: FoundRun): MissingRun {
  return run && { method: run.config.selection.method, createdAt: run.createdAt }
}

/** The keys that are arrays and begin with `id`. */
export function within(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []])
}
