/** One stroke in the making: it paints into the raster at once, and ends as a patch that can be undone. */
import { isAnnotated } from '../cpral/budget'
import type { Rectangle } from '../cpral/oracle'
import { IGNORE } from '../storage/schema'
import { type Patch, PatchBuilder } from './patch'
import { type LabelRaster, type PixelLabel, pixelLabel } from './raster'

/** What a stroke must leave alone. */
export interface Locks {
  /** Paint pixels without a label only. */
  onlyUnlabelled: boolean
  /** Paint inside this rectangle only; null = everywhere. */
  within: Rectangle | null
}

export const NO_LOCKS: Locks = { onlyUnlabelled: false, within: null }

/** Strokes of an image that can be undone, on disk and on the screen. */
export const UNDO_DEPTH = 500

/** Side of the squares that are put aside as a whole when the stroke first touches them. */
const TILE = 128

/** A square as it was before the stroke. */
interface SavedTile {
  x: number
  y: number
  width: number
  height: number
  classes: Uint8Array
  provenance: Uint8Array
}

export class Stroke {
  /** The part of the image that may be painted: all of it, or what lies in the lock's rectangle. */
  readonly area: Rectangle
  readonly #raster: LabelRaster
  readonly #onlyUnlabelled: boolean
  readonly #tilesAcross: number
  readonly #saved = new Map<number, SavedTile>()
  #dirty: Rectangle | null = null

  constructor(raster: LabelRaster, locks: Locks = NO_LOCKS) {
    this.#raster = raster
    this.area = intersection({ x: 0, y: 0, ...raster.size }, locks.within)
    this.#onlyUnlabelled = locks.onlyUnlabelled
    this.#tilesAcross = Math.ceil(raster.size.width / TILE)
  }

  /** Gives the pixels x0 to x1 - 1 of row `y` one label. Pixels outside the image, or locked, stay. */
  fill(y: number, x0: number, x1: number, label: PixelLabel): void {
    this.#paint(y, x0, x1, ({ classes, provenance }, start, end) => {
      if (!this.#onlyUnlabelled) {
        classes.fill(label & 255, start, end)
        provenance.fill(label >> 8, start, end)
        return
      }
      const [classId, source] = [label & 255, label >> 8]
      for (let i = start; i < end; i++) {
        if (isAnnotated(provenance[i])) continue
        classes[i] = classId
        provenance[i] = source
      }
    })
  }

  /**
   * Gives pixels of row `y` the classes that `classAt` says (255 = leave alone), for instance a mask's.
   * @param classAt class id of a pixel's index
   */
  copy(y: number, x0: number, x1: number, classAt: (index: number) => number, source: number): void {
    this.#paint(y, x0, x1, ({ classes, provenance }, start, end) => {
      for (let i = start; i < end; i++) {
        const classId = classAt(i)
        if (classId === IGNORE || (this.#onlyUnlabelled && isAnnotated(provenance[i]))) continue
        classes[i] = classId
        provenance[i] = source
      }
    })
  }

  /** Calls `paint` for the part of a row that may be painted. */
  #paint(y: number, from: number, to: number, paint: (raster: LabelRaster, start: number, end: number) => void): void {
    const { size } = this.#raster
    const { area } = this
    if (y < area.y || y >= area.y + area.height) return
    const x0 = Math.max(from, area.x)
    const x1 = Math.min(to, area.x + area.width)
    if (x0 >= x1) return
    this.#save(y, x0, x1)
    paint(this.#raster, y * size.width + x0, y * size.width + x1)
    this.#dirty = union(this.#dirty, { x: x0, y, width: x1 - x0, height: 1 })
  }

  /** Puts aside the tiles of a row that the stroke has not touched before. */
  #save(y: number, x0: number, x1: number): void {
    const row = Math.floor(y / TILE)
    for (let column = Math.floor(x0 / TILE); column <= Math.floor((x1 - 1) / TILE); column++) {
      const key = row * this.#tilesAcross + column
      if (!this.#saved.has(key)) this.#saved.set(key, saveTile(this.#raster, column * TILE, row * TILE))
    }
  }

  /** What was painted since the last call, to be drawn; null when nothing was. */
  takeDirty(): Rectangle | null {
    const dirty = this.#dirty
    this.#dirty = null
    return dirty
  }

  /** The change as a whole; null when every pixel is as it was. */
  finish(): Patch | null {
    const builder = new PatchBuilder()
    const tiles = [...this.#saved].sort(([a], [b]) => a - b).map(([, tile]) => tile)
    for (let first = 0; first < tiles.length; ) {
      let end = first + 1
      while (end < tiles.length && tiles[end].y === tiles[first].y) end++
      this.#addBand(builder, tiles.slice(first, end))
      first = end
    }
    const patch = builder.build()
    return patch.starts.length > 0 ? patch : null
  }

  /** Tiles side by side, row by row, so that the runs come in the order of the pixels. */
  #addBand(builder: PatchBuilder, tiles: readonly SavedTile[]): void {
    for (let row = 0; row < tiles[0].height; row++) {
      for (const tile of tiles) addChanges(builder, tile, row, this.#raster)
    }
  }

  /** Leaves everything as it was before the stroke. */
  cancel(): void {
    const { size, classes, provenance } = this.#raster
    for (const tile of this.#saved.values()) {
      for (let r = 0; r < tile.height; r++) {
        const row = r * tile.width
        const at = (tile.y + r) * size.width + tile.x
        classes.set(tile.classes.subarray(row, row + tile.width), at)
        provenance.set(tile.provenance.subarray(row, row + tile.width), at)
      }
      this.#dirty = union(this.#dirty, tile)
    }
    this.#saved.clear()
  }
}

/** Adds the runs of a tile's row that changed from one label to another. */
function addChanges(
  builder: PatchBuilder,
  tile: SavedTile,
  row: number,
  { size, classes, provenance }: LabelRaster,
): void {
  const shift = (tile.y + row) * size.width + tile.x - row * tile.width
  const end = (row + 1) * tile.width
  for (let i = row * tile.width; i < end; ) {
    const [wasClass, wasFrom] = [tile.classes[i], tile.provenance[i]]
    const [isClass, isFrom] = [classes[i + shift], provenance[i + shift]]
    const start = i++
    while (
      i < end &&
      tile.classes[i] === wasClass &&
      classes[i + shift] === isClass &&
      tile.provenance[i] === wasFrom &&
      provenance[i + shift] === isFrom
    )
      i++
    if (wasClass === isClass && wasFrom === isFrom) continue
    builder.add(start + shift, i - start, pixelLabel(wasClass, wasFrom), pixelLabel(isClass, isFrom))
  }
}

function saveTile({ size, classes, provenance }: LabelRaster, x: number, y: number): SavedTile {
  const width = Math.min(TILE, size.width - x)
  const height = Math.min(TILE, size.height - y)
  const tile = {
    x,
    y,
    width,
    height,
    classes: new Uint8Array(width * height),
    provenance: new Uint8Array(width * height),
  }
  for (let r = 0; r < height; r++) {
    const start = (y + r) * size.width + x
    tile.classes.set(classes.subarray(start, start + width), r * width)
    tile.provenance.set(provenance.subarray(start, start + width), r * width)
  }
  return tile
}

/** What both have in common, of no size where that is nothing; all of `a` where `b` is null. */
function intersection(a: Rectangle, b: Rectangle | null): Rectangle {
  if (!b) return a
  const x = Math.max(a.x, b.x)
  const y = Math.max(a.y, b.y)
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  }
}

/** The smallest rectangle around both. */
export function union(a: Rectangle | null, b: Rectangle): Rectangle {
  if (!a) return { x: b.x, y: b.y, width: b.width, height: b.height }
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  }
}
