/** A hand at the label table: real keys and pointers, and the time a person would need for them. */
import type { Page } from 'playwright-core'

/** Seconds by the keystroke-level model (Card, Moran and Newell 1980); a drag adds its length in screen pixels a second. */
const KEY = 0.2
const POINTING = 1.1
const BUTTON = 0.1
const DRAG_SPEED = 400

export class Hand {
  keys = 0
  clicks = 0
  seconds = 0

  constructor(
    private readonly page: Page,
    private readonly toScreen: (x: number, y: number) => [number, number],
  ) {}

  async press(key: string): Promise<void> {
    this.keys++
    this.seconds += KEY
    await this.page.keyboard.press(key)
  }

  async chooseClass(classId: number, order: readonly number[]): Promise<void> {
    const index = order.indexOf(classId)
    if (index >= 0 && index < 9) return this.press(String(index + 1))
    this.clicks++
    this.seconds += POINTING + 2 * BUTTON
    await this.page.getByTestId(`class-${classId}`).click()
  }

  async click(x: number, y: number): Promise<void> {
    await this.drag([[x, y]])
  }

  async drag(way: readonly (readonly [number, number])[]): Promise<void> {
    const points = way.map(([x, y]) => this.toScreen(x, y))
    this.clicks++
    this.seconds += POINTING + 2 * BUTTON
    await this.page.mouse.move(...points[0])
    await this.page.mouse.down()
    for (const [i, point] of points.slice(1).entries()) {
      this.seconds += Math.hypot(point[0] - points[i][0], point[1] - points[i][1]) / DRAG_SPEED
      await this.page.mouse.move(...point, { steps: 8 })
    }
    await this.page.mouse.up()
  }
}
