import type { Point } from '../../../annotation/shapes'
import type { SuperpixelMap } from '../../../annotation/superpixels'
import type { Color } from '../../../domain/color'
import type { Rectangle, Size } from '../../../domain/size'
import { positions, type Rgba, rgba, type ScreenPlace } from './overlay'

/** Borders are shown at least this far around the pointer, in device pixels. */
const REACH = 140
const BORDER_ALPHA = 230
const MARK_OPACITY = 120 / 255

/** Superpixels of an image, the image's place on the screen, and the pointer's position `at` in device pixels. */
export interface SuperpixelView {
  map: SuperpixelMap
  image: Size
  place: ScreenPlace
  at: Point
}

/** Part of the screen that the guide covers: the pointer's surroundings and the whole superpixel under it. */
export function guideArea({ map, image, place, at }: SuperpixelView, screen: Size): Rectangle {
  const x = Math.floor((at.x - place.x) / place.scale)
  const y = Math.floor((at.y - place.y) / place.scale)
  const isInside = x >= 0 && y >= 0 && x < image.width && y < image.height
  const under = isInside ? map.area(map.at(x, y)) : { x, y, width: 0, height: 0 }
  const onScreen = (position: number, offset: number) => offset + position * place.scale
  const left = Math.min(at.x - REACH, onScreen(under.x, place.x) - 1)
  const top = Math.min(at.y - REACH, onScreen(under.y, place.y) - 1)
  const right = Math.max(at.x + REACH, onScreen(under.x + under.width, place.x) + 2)
  const bottom = Math.max(at.y + REACH, onScreen(under.y + under.height, place.y) + 2)
  const from = { x: Math.max(0, Math.floor(left)), y: Math.max(0, Math.floor(top)) }
  return {
    ...from,
    width: Math.max(0, Math.min(screen.width, Math.ceil(right)) - from.x),
    height: Math.max(0, Math.min(screen.height, Math.ceil(bottom)) - from.y),
  }
}

/**
 * Draws the borders of the superpixels, fading with their distance from the pointer, and marks the one under it.
 * @param pixels area.width * area.height, clear
 */
export function paintSuperpixels(
  pixels: Uint32Array,
  area: Rectangle,
  { map, image, place, at }: SuperpixelView,
  color: Readonly<Color>,
): void {
  const columns = positions(area.x, area.width, place.x, place.scale, image.width, image.width)
  const rows = positions(area.y, area.height, place.y, place.scale, image.height, image.height)
  const idAt = (column: number, row: number) => (column < 0 || row < 0 ? -1 : map.at(column, row))
  const under = idAt(columns[Math.floor(at.x) - area.x] ?? -1, rows[Math.floor(at.y) - area.y] ?? -1)
  const mark = rgba(color, MARK_OPACITY)
  const reach = Math.max(REACH, at.x - area.x, at.y - area.y, area.x + area.width - at.x, area.y + area.height - at.y)
  const border = (x: number, y: number): Rgba => {
    const share = Math.max(0, 1 - Math.hypot(area.x + x - at.x, area.y + y - at.y) / reach)
    return ((Math.round(BORDER_ALPHA * share) << 24) | 0xffffff) >>> 0
  }
  let above = new Int32Array(area.width)
  let ids = new Int32Array(area.width).fill(-1)
  for (let y = 0, i = 0; y < area.height; y++) {
    const isRepeated = y > 0 && rows[y] === rows[y - 1]
    if (!isRepeated) {
      ;[above, ids] = [ids, above]
      for (let x = 0; x < area.width; x++) ids[x] = idAt(columns[x], rows[y])
    }
    const upper = isRepeated ? ids : above
    for (let x = 0, left = -1; x < area.width; x++, i++) {
      const id = ids[x]
      const isBorder = id >= 0 && ((left >= 0 && left !== id) || (upper[x] >= 0 && upper[x] !== id))
      if (isBorder) pixels[i] = border(x, y)
      else if (id >= 0 && id === under) pixels[i] = mark
      left = id
    }
  }
}

/** Paints the guide on a canvas of its own and draws that over the others: putting pixels directly would wipe what they show. */
export class SuperpixelGuide {
  readonly #canvas = new OffscreenCanvas(1, 1)
  #pixels = new Uint32Array(0)

  draw(context: CanvasRenderingContext2D, view: SuperpixelView, color: Readonly<Color>): void {
    const area = guideArea(view, context.canvas)
    const count = area.width * area.height
    const own = this.#canvas.getContext('2d')
    if (!own || count === 0) return
    if (this.#pixels.length < count) this.#pixels = new Uint32Array(count)
    this.#pixels.fill(0, 0, count)
    paintSuperpixels(this.#pixels, area, view, color)
    if (this.#canvas.width < area.width) this.#canvas.width = area.width
    if (this.#canvas.height < area.height) this.#canvas.height = area.height
    const bytes = new Uint8ClampedArray(this.#pixels.buffer, 0, 4 * count)
    own.putImageData(new ImageData(bytes, area.width, area.height), 0, 0)
    context.drawImage(this.#canvas, 0, 0, area.width, area.height, area.x, area.y, area.width, area.height)
  }
}
