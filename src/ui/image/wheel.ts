/** Turns of a wheel, and the gestures on trackpads that browsers tell as such. */

/** Pixels of a line, where a browser counts in lines. */
const LINE = 16
const PAGE = 400

type Turn = Pick<WheelEvent, 'deltaX' | 'deltaY' | 'deltaMode' | 'ctrlKey'>

/** How far it was turned, in pixels; along whichever axis moved, since Shift swaps them in some browsers. */
function turnedBy({ deltaX, deltaY, deltaMode }: Turn): number {
  const unit = deltaMode === 1 ? LINE : deltaMode === 2 ? PAGE : 1
  return (deltaY || deltaX) * unit
}

/** Zoom of a pixel of the wheel, and of a pinch on a trackpad, which comes with Ctrl and in much smaller steps. */
const ZOOM = { wheel: 0.0015, pinch: 0.01 }
/** The most one event of a pinch may zoom: a wheel turned with Ctrl comes in steps of a hundred pixels. */
const LARGEST_PINCH = 0.25

/** Factor by which a turn of the wheel zooms. */
export function wheelZoom(turn: Turn): number {
  if (!turn.ctrlKey) return Math.exp(-ZOOM.wheel * turnedBy(turn))
  return Math.exp(Math.max(-LARGEST_PINCH, Math.min(LARGEST_PINCH, -ZOOM.pinch * turnedBy(turn))))
}

/** Pixels that make one step: less than a notch of a wheel. */
const STEP = 60

/** Counts turns in steps: each notch of a wheel is one, and so is each stretch of a swipe over a trackpad. */
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
