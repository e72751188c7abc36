import { applyChange, changeBounds, labelledDelta, revertChange } from '../../annotation/label-change'
import { emptyRaster, type LabelRaster } from '../../annotation/raster'
import { type Locks, Stroke, UNDO_DEPTH } from '../../annotation/stroke'
import { AppError } from '../../domain/errors'
import type { Rectangle, Size } from '../../domain/size'
import type { LabelHistory, StrokeRecord } from '../../domain/strokes'
import type { DataApi } from '../../rpc/contract'
import type { SaveQueue } from './save-queue.svelte'

type LabelStore = Pick<DataApi, 'labelHistory' | 'appendStroke' | 'moveHead'>

/**
 * The labels of one image while somebody works on them: the raster, its strokes, and what of them is on disk. Every change goes
 * to the queue of writes at once; the screen says saved when that is empty.
 */
export class LabelDocument {
  readonly imageId: string
  readonly raster: LabelRaster
  readonly queue: SaveQueue
  /** Sentences about labels that could not be read. */
  readonly problems: readonly string[]
  /** Strokes up to this number are made. */
  head = $state(0)
  /** Pixels that somebody answers for. */
  labelledPixels = $state(0)
  #last = $state(0)
  #first = $state(1)
  readonly #strokes: StrokeRecord[]
  /** Ends and keeps the stroke that is being drawn. */
  #endStroke: () => void = () => {}
  readonly #store: LabelStore

  canUndo = $derived.by(() => this.head >= this.#first)
  canRedo = $derived.by(() => this.head < this.#last)

  private constructor(store: LabelStore, queue: SaveQueue, image: { id: string; size: Size }, history: LabelHistory) {
    this.imageId = image.id
    this.queue = queue
    this.problems = history.problems
    this.#store = store
    this.#first = history.first
    this.#strokes = history.strokes
    this.head = history.head
    this.#last = history.first + history.strokes.length - 1
    this.raster = emptyRaster(image.size)
    const made = history.strokes.filter(({ seq }) => seq <= history.head).map(({ patch }) => patch)
    for (const patch of history.base ? [history.base, ...made] : made) {
      applyChange(this.raster, patch)
      this.labelledPixels += labelledDelta(patch)
    }
  }

  /** Reads an image's labels; what the queue still holds is written first. */
  static async open(
    store: LabelStore,
    queue: SaveQueue,
    image: { id: string; size: Size },
    isWriter: boolean,
  ): Promise<LabelDocument> {
    await queue.settled()
    if (queue.status === 'failed') {
      throw new AppError(
        'quota_exceeded',
        'The last strokes are not on the disk yet.',
        'Press "Try again" until they are saved; then open the image.',
      )
    }
    return new LabelDocument(store, queue, image, await store.labelHistory({ imageId: image.id, isWriter }))
  }

  /**
   * Begins a stroke. There is one at a time, each a change of what the one before left: the one that is being drawn is kept first.
   * @param end ends this one and commits it, at any time until it was committed or cancelled; then it does nothing
   */
  begin(locks: Locks, end: () => void = () => {}): Stroke {
    this.settle()
    this.#endStroke = end
    return new Stroke(this.raster, locks)
  }

  /** Ends and keeps the stroke that is being drawn, before something else happens to the image. */
  settle() {
    const end = this.#endStroke
    this.#endStroke = () => {}
    end()
  }

  /** Keeps a finished stroke: on the screen it is already, on disk in a moment. Returns whether it changed anything. */
  commit(stroke: Stroke, tool: string): boolean {
    const patch = stroke.finish()
    if (!patch) return false
    const { imageId } = this
    const head = this.head
    const record = { imageId, seq: head + 1, id: crypto.randomUUID(), at: Date.now(), tool, patch }
    this.#strokes.splice(head + 1 - this.#first, Number.POSITIVE_INFINITY, record)
    this.head = head + 1
    this.#last = this.head
    this.labelledPixels += labelledDelta(patch)
    this.#forgetOldest()
    const { id, at } = record
    this.queue.add(this, () => this.#store.appendStroke({ imageId, head, stroke: { id, at, tool, patch } }))
    return true
  }

  /** The disk keeps at least so many strokes up to the last, and may have folded any older one: none of those can be undone. */
  #forgetOldest() {
    const tooMany = Math.max(0, this.#strokes.length - UNDO_DEPTH)
    this.#strokes.splice(0, tooMany)
    this.#first += tooMany
  }

  /** Undoes the last stroke; returns what of the image changed. */
  undo(): Rectangle | null {
    this.settle()
    if (!this.canUndo) return null
    const { patch } = this.#stroke(this.head)
    revertChange(this.raster, patch)
    this.labelledPixels -= labelledDelta(patch)
    this.#move(this.head - 1)
    return changeBounds(patch, this.raster.size.width)
  }

  /** Makes the stroke again that was undone last. */
  redo(): Rectangle | null {
    this.settle()
    if (!this.canRedo) return null
    const { patch } = this.#stroke(this.head + 1)
    applyChange(this.raster, patch)
    this.labelledPixels += labelledDelta(patch)
    this.#move(this.head + 1)
    return changeBounds(patch, this.raster.size.width)
  }

  #stroke(seq: number): StrokeRecord {
    const stroke = this.#strokes[seq - this.#first]
    if (!stroke) throw new AppError('internal', `Stroke ${seq} is not kept.`, 'Reload the page.')
    return stroke
  }

  #move(to: number) {
    const { imageId, head: from } = this
    this.head = to
    this.queue.add(this, () => this.#store.moveHead({ imageId, from, to }))
  }
}
