import type { Size } from '../../cpral/config'

export interface Point {
  x: number
  y: number
}

const MAX_SCALE = 64

/** Where the content lies in a window: screen = offset + scale * content, in CSS pixels. */
export class Viewport {
  scale = $state(1)
  offset = $state.raw<Point>({ x: 0, y: 0 })
  /** Follows the size of window and content until the person zooms or drags. */
  isFitted = $state(true)
  #window: Size = { height: 1, width: 1 }
  #content: Size = { height: 1, width: 1 }

  resize(window: Size, content: Size) {
    this.#window = window
    this.#content = content
    if (this.isFitted) this.fit()
  }

  #fittedScale(): number {
    return Math.min(this.#window.width / this.#content.width, this.#window.height / this.#content.height)
  }

  /** The whole content, centred. */
  fit() {
    this.scale = this.#fittedScale()
    this.offset = {
      x: (this.#window.width - this.#content.width * this.scale) / 2,
      y: (this.#window.height - this.#content.height * this.scale) / 2,
    }
    this.isFitted = true
  }

  /** Zooms by a factor around a point of the window, which stays where it is. */
  zoomAt(point: Point, factor: number) {
    const scale = Math.min(MAX_SCALE, Math.max(this.#fittedScale() / 2, this.scale * factor))
    const ratio = scale / this.scale
    this.offset = { x: point.x - ratio * (point.x - this.offset.x), y: point.y - ratio * (point.y - this.offset.y) }
    this.scale = scale
    this.isFitted = false
  }

  zoomCentre(factor: number) {
    this.zoomAt({ x: this.#window.width / 2, y: this.#window.height / 2 }, factor)
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
