/** Reads wheel events: turns of a wheel, and gestures on trackpads, which browsers report as such. */

/** Pixels of a line and of a page, for browsers that count in those. */
const LINE = 16
const PAGE = 400

type Turn = Pick<WheelEvent, 'deltaX' | 'deltaY' | 'deltaMode' | 'ctrlKey'>

/** How far the wheel was turned, in pixels, along the axis that moved: Shift swaps the axes in some browsers. */
function turnedBy({ deltaX, deltaY, deltaMode }: Turn): number {
  const unit = deltaMode === 1 ? LINE : deltaMode === 2 ? PAGE : 1
  return (deltaY || deltaX) * unit
}

/** Zoom per pixel of the wheel, and of a pinch on a trackpad, which is reported with Ctrl and in much smaller steps. */
const ZOOM = { wheel: 0.0015, pinch: 0.01 }
/** Largest zoom of one event with Ctrl: a real wheel turned with Ctrl comes in steps of a hundred pixels. */
const LARGEST_PINCH = 0.25

/** Factor by which a turn of the wheel zooms. */
export function wheelZoom(turn: Turn): number {
  if (!turn.ctrlKey) return Math.exp(-ZOOM.wheel * turnedBy(turn))
  return Math.exp(Math.max(-LARGEST_PINCH, Math.min(LARGEST_PINCH, -ZOOM.pinch * turnedBy(turn))))
}

/** Pixels of one step: less than a notch of a wheel. */
const STEP = 60

/** Counts turns in steps: a notch of a wheel is one step, and so is every STEP pixels of a swipe over a trackpad. */
export class WheelSteps {
  #turned = 0

  /** -1 or 1 when this turn completes a step up or down, else 0. */
  add(turn: Turn): -1 | 0 | 1 {
    const by = turnedBy(turn)
    this.#turned = Math.sign(by) === -Math.sign(this.#turned) ? by : this.#turned + by
    if (Math.abs(this.#turned) < STEP) return 0
    const step = this.#turned < 0 ? -1 : 1
    this.#turned = 0
    return step
  }
}
