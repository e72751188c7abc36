import type { Point } from '../../../annotation/shapes'
import type { Size } from '../../../domain/size'
import type { Viewport } from '../../image/viewport.svelte'
import type { PointerController } from './pointer'

/** CSS pixels that an arrow key moves the pointer; `FINE_STEP` with Shift. */
const STEP = 10
const FINE_STEP = 1

const DIRECTIONS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** The browser gives no pointer this number. */
const KEYS = { pointerId: -1, pointerType: 'keys', erases: false }

/**
 * A pointer for people who have only keys. Arrows move it, and move the view at the canvas's edge; Space presses it and draws while it is
 * held.
 */
export class KeyPointer {
  readonly #pointer: PointerController
  readonly #viewport: Viewport
  #isPressed = false

  constructor(pointer: PointerController, viewport: Viewport) {
    this.#pointer = pointer
    this.#viewport = viewport
  }

  /**
   * Takes an arrow or Space. Returns whether the key was one of them.
   * @param canvas its size in CSS pixels
   */
  down({ key, shiftKey, repeat }: KeyboardEvent, canvas: Size): boolean {
    const at = this.#pointer.hover ?? { x: canvas.width / 2, y: canvas.height / 2 }
    const direction = DIRECTIONS[key]
    if (direction) {
      const step = shiftKey ? FINE_STEP : STEP
      this.#goTo({ x: at.x + step * direction[0], y: at.y + step * direction[1] }, canvas)
    } else if (key === ' ') {
      if (!repeat) this.#press(at)
    } else return false
    return true
  }

  #press(at: Point) {
    this.#isPressed = true
    this.#pointer.press(at, KEYS)
    this.#pointer.goTo(at)
  }

  /** Call when Space is let go or the focus goes elsewhere. */
  lift() {
    if (this.#isPressed) this.#pointer.settle()
    this.#isPressed = false
  }

  #goTo(to: Point, canvas: Size) {
    const inside = {
      x: Math.min(canvas.width - 1, Math.max(0, to.x)),
      y: Math.min(canvas.height - 1, Math.max(0, to.y)),
    }
    if (inside.x !== to.x || inside.y !== to.y) this.#viewport.pan({ x: inside.x - to.x, y: inside.y - to.y })
    this.#pointer.goTo(inside)
  }
}
