import type { Point } from '../../annotation/shapes'
import type { Size } from '../../domain/size'
import type { Viewport } from '../image/viewport.svelte'
import type { PointerController } from './pointer'

/** CSS pixels that an arrow moves; with Shift, for what must be met exactly. */
const STEP = 10
const FINE_STEP = 1

const DIRECTIONS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** No pointer of the browser has this number. */
const KEYS = { pointerId: -1, pointerType: 'keys', erases: false }

/**
 * A pointer that keys hold, for whoever has no other: arrows move it, and the view with it at the edge; Space presses, and draws
 * as long as it is held.
 */
export class KeyPointer {
  readonly #pointer: PointerController
  readonly #viewport: Viewport
  #isPressed = false

  constructor(pointer: PointerController, viewport: Viewport) {
    this.#pointer = pointer
    this.#viewport = viewport
  }

  /** Returns whether the key was one of these. `stage` is the size of the stage in CSS pixels. */
  down({ key, shiftKey, repeat }: KeyboardEvent, stage: Size): boolean {
    const at = this.#pointer.hover ?? { x: stage.width / 2, y: stage.height / 2 }
    const direction = DIRECTIONS[key]
    if (direction) {
      const step = shiftKey ? FINE_STEP : STEP
      this.#goTo({ x: at.x + step * direction[0], y: at.y + step * direction[1] }, stage)
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

  /** Space was let go, or the focus went elsewhere. */
  lift() {
    if (this.#isPressed) this.#pointer.settle()
    this.#isPressed = false
  }

  #goTo(to: Point, stage: Size) {
    const inside = {
      x: Math.min(stage.width - 1, Math.max(0, to.x)),
      y: Math.min(stage.height - 1, Math.max(0, to.y)),
    }
    if (inside.x !== to.x || inside.y !== to.y) this.#viewport.pan({ x: inside.x - to.x, y: inside.y - to.y })
    this.#pointer.goTo(inside)
  }
}
