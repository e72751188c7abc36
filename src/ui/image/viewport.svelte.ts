import type { Point } from '../../annotation/shapes'
import type { Rectangle, Size } from '../../domain/size'

const MAX_SCALE = 64

/** Place of some content in a window: screen = offset + scale * content, in CSS pixels. */
export class Viewport {
  scale = $state(1)
  offset = $state.raw<Point>({ x: 0, y: 0 })
  /** The part of the content that is fitted, and its share of the window; null fits the whole content. */
  #goal: { area: Rectangle; share: number } | null = null
  /** Whether the goal is fitted anew when the window changes; ends when the person zooms or drags. */
  isFitted = $state(true)
  #window: Size = { height: 1, width: 1 }
  #content: Size = { height: 1, width: 1 }

  /** Sets the sizes of window and content. Content of another size is shown whole, unless `show` has asked for a part of it. */
  resize(window: Size, content: Size) {
    const isOther = content.width !== this.#content.width || content.height !== this.#content.height
    this.#window = window
    this.#content = content
    if (isOther && !(this.isFitted && this.#goal && this.#contains(this.#goal.area))) this.fit()
    else if (this.isFitted) this.#apply()
  }

  #contains({ x, y, width, height }: Rectangle): boolean {
    return x + width <= this.#content.width && y + height <= this.#content.height
  }

  #fittedScale(): number {
    return Math.min(this.#window.width / this.#content.width, this.#window.height / this.#content.height)
  }

  /** Shows the whole content, centred. */
  fit() {
    this.#goal = null
    this.#apply()
  }

  /** Shows a part of the content, centred; its longer side, relative to the window, takes `share` of the window's. */
  show(area: Rectangle, share: number) {
    this.#goal = { area, share }
    this.#apply()
  }

  #apply() {
    const { width, height } = this.#window
    const { area, share } = this.#goal ?? { area: { x: 0, y: 0, ...this.#content }, share: 1 }
    this.scale = Math.min(MAX_SCALE, share * Math.min(width / area.width, height / area.height))
    this.offset = {
      x: width / 2 - this.scale * (area.x + area.width / 2),
      y: height / 2 - this.scale * (area.y + area.height / 2),
    }
    this.isFitted = true
  }

  /** Zooms by a factor around a point of the window, which stays where it is. */
  zoomAt(point: Point, factor: number) {
    // Content smaller than the window can be zoomed out to its actual size.
    const least = Math.min(this.#fittedScale() / 2, 1 / devicePixelRatio)
    const scale = Math.min(MAX_SCALE, Math.max(least, this.scale * factor))
    const ratio = scale / this.scale
    this.offset = { x: point.x - ratio * (point.x - this.offset.x), y: point.y - ratio * (point.y - this.offset.y) }
    this.scale = scale
    this.isFitted = false
  }

  zoomCentre(factor: number) {
    this.zoomAt({ x: this.#window.width / 2, y: this.#window.height / 2 }, factor)
  }

  /** Shows each pixel of the content as one of the screen. */
  actualSize() {
    this.zoomCentre(1 / (this.scale * devicePixelRatio))
  }

  pan(by: Point) {
    this.offset = { x: this.offset.x + by.x, y: this.offset.y + by.y }
    this.isFitted = false
  }

  /** Content pixel under a point of the window, or null outside. */
  pixelAt(point: Point): Point | null {
    const x = Math.floor((point.x - this.offset.x) / this.scale)
    const y = Math.floor((point.y - this.offset.y) / this.scale)
    return x >= 0 && y >= 0 && x < this.#content.width && y < this.#content.height ? { x, y } : null
  }
}
