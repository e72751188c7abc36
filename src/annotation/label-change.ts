/**
 * Changes of an image's labels that can be made and unmade (`LabelChange`). A stroke, an undo step and the base of the journal on disk
 * are all such changes; the base is the change from the empty raster.
 */
import { isLabelled } from '../domain/labels'
import type { Rectangle } from '../domain/size'
import type { LabelChange } from '../domain/strokes'
import { fillLabel, type LabelRaster, UNLABELLED } from './raster'
import { labelRuns } from './runs'

export function applyChange(raster: LabelRaster, { starts, lengths, after }: LabelChange): void {
  fillRuns(raster, starts, lengths, after)
}

export function revertChange(raster: LabelRaster, { starts, lengths, before }: LabelChange): void {
  fillRuns(raster, starts, lengths, before)
}

function fillRuns(raster: LabelRaster, starts: Uint32Array, lengths: Uint32Array, labels: Uint16Array): void {
  for (let run = 0; run < starts.length; run++) {
    fillLabel(raster, starts[run], starts[run] + lengths[run], labels[run])
  }
}

/** Labelled pixels after the change minus those before it. */
export function labelledDelta({ lengths, before, after }: LabelChange): number {
  let delta = 0
  for (let run = 0; run < lengths.length; run++) {
    delta += lengths[run] * (Number(isLabelled(after[run] >> 8)) - Number(isLabelled(before[run] >> 8)))
  }
  return delta
}

/** The smallest rectangle that holds every changed pixel; null when there is none. */
export function changeBounds({ starts, lengths }: LabelChange, width: number): Rectangle | null {
  if (starts.length === 0) return null
  let left = width
  let right = 0
  for (let run = 0; run < starts.length; run++) {
    const first = starts[run] % width
    const end = first + lengths[run]
    left = end > width ? 0 : Math.min(left, first)
    right = end > width ? width : Math.max(right, end)
  }
  const top = Math.floor(starts[0] / width)
  const last = starts.length - 1
  const bottom = Math.floor((starts[last] + lengths[last] - 1) / width) + 1
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** Whether a value read from disk, which may be anything, is a change of an image of `pixels` pixels. */
export function isLabelChange(value: unknown, pixels: number): value is LabelChange {
  const { starts, lengths, before, after } = (value ?? {}) as Partial<LabelChange>
  if (!(starts instanceof Uint32Array && lengths instanceof Uint32Array)) return false
  if (!(before instanceof Uint16Array && after instanceof Uint16Array)) return false
  if (![lengths, before, after].every(({ length }) => length === starts.length)) return false
  let end = 0
  for (let run = 0; run < starts.length; run++) {
    if (starts[run] < end || lengths[run] === 0) return false
    end = starts[run] + lengths[run]
  }
  return end <= pixels
}

/** Collects runs in row-major order and joins neighbours that changed alike. */
export class ChangeBuilder {
  readonly #starts: number[] = []
  readonly #lengths: number[] = []
  readonly #before: number[] = []
  readonly #after: number[] = []

  /** Adds `length` pixels from index `start`, which lies behind every pixel added before. */
  add(start: number, length: number, before: number, after: number): void {
    const last = this.#starts.length - 1
    const continues =
      last >= 0 &&
      this.#starts[last] + this.#lengths[last] === start &&
      this.#before[last] === before &&
      this.#after[last] === after
    if (continues) {
      this.#lengths[last] += length
      return
    }
    this.#starts.push(start)
    this.#lengths.push(length)
    this.#before.push(before)
    this.#after.push(after)
  }

  build(): LabelChange {
    return {
      starts: Uint32Array.from(this.#starts),
      lengths: Uint32Array.from(this.#lengths),
      before: Uint16Array.from(this.#before),
      after: Uint16Array.from(this.#after),
    }
  }
}

/** The change from the empty raster to this one. */
export function changeOfRaster(raster: LabelRaster): LabelChange {
  const builder = new ChangeBuilder()
  labelRuns(raster, 0, raster.classes.length, (start, end, label) => {
    if (label !== UNLABELLED) builder.add(start, end - start, UNLABELLED, label)
  })
  return builder.build()
}
