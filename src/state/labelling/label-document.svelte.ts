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
 * The labels of the open image: the raster, and the strokes that can be undone. Every change goes to the queue of writes at once; the
 * screen says "Saved" when the queue is empty.
 */
export class LabelDocument {
  readonly imageId: string
  readonly raster: LabelRaster
  readonly queue: SaveQueue
  /** Sentences about labels that could not be read. */
  readonly problems: readonly string[]
  /** Number of the last stroke that is not undone. */
  head = $state(0)
  /** Number of labelled pixels. */
  labelledPixels = $state(0)
  #last = $state(0)
  #first = $state(1)
  readonly #strokes: StrokeRecord[]
  /** Ends and commits the stroke being drawn. */
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

  /** Reads an image's labels, after the queue has written its changes. */
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
   * Begins a stroke. There is one at a time, so the stroke being drawn is ended and committed first.
   * @param end ends and commits this stroke; must do nothing once it was committed or cancelled
   */
  begin(locks: Locks, end: () => void = () => {}): Stroke {
    this.settle()
    this.#endStroke = end
    return new Stroke(this.raster, locks)
  }

  /** Ends and commits the stroke being drawn; call it before anything else changes the labels. */
  settle() {
    const end = this.#endStroke
    this.#endStroke = () => {}
    end()
  }

  /** Adds a finished stroke to the strokes and to the queue of writes. Returns whether it changed anything. */
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

  /** Forgets strokes beyond UNDO_DEPTH: the disk may have folded them into the base, so they cannot be undone. */
  #forgetOldest() {
    const tooMany = Math.max(0, this.#strokes.length - UNDO_DEPTH)
    this.#strokes.splice(0, tooMany)
    this.#first += tooMany
  }

  /** Undoes the last stroke. Returns the area that changed, or null when there is nothing to undo. */
  undo(): Rectangle | null {
    this.settle()
    if (!this.canUndo) return null
    const { patch } = this.#stroke(this.head)
    revertChange(this.raster, patch)
    this.labelledPixels -= labelledDelta(patch)
    this.#move(this.head - 1)
    return changeBounds(patch, this.raster.size.width)
  }

  /** Makes the last undone stroke again. Returns the area that changed, or null when there is none. */
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
