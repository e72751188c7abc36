/** Height and width in pixels. Every array of pixels is row-major: (x, y) is at y * width + x. */
export interface Size {
  height: number
  width: number
}

/** A rectangle of pixels. (x, y) is its top-left pixel. */
export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

/** The rectangle that two have in common; null when they do not overlap. */
export function overlapOf(a: Rectangle, b: Rectangle): Rectangle | null {
  const x = Math.max(a.x, b.x)
  const y = Math.max(a.y, b.y)
  const width = Math.min(a.x + a.width, b.x + b.width) - x
  const height = Math.min(a.y + a.height, b.y + b.height) - y
  return width > 0 && height > 0 ? { x, y, width, height } : null
}

/** The smallest rectangle that holds all of them; null for none. */
export function hullOf(rectangles: readonly Rectangle[]): Rectangle | null {
  if (rectangles.length === 0) return null
  const x = Math.min(...rectangles.map((each) => each.x))
  const y = Math.min(...rectangles.map((each) => each.y))
  const right = Math.max(...rectangles.map((each) => each.x + each.width))
  const bottom = Math.max(...rectangles.map((each) => each.y + each.height))
  return { x, y, width: right - x, height: bottom - y }
}

/** A rectangle scaled from one raster size to another, its sides rounded to whole pixels. */
export function scaledTo({ x, y, width, height }: Rectangle, from: Size, to: Size): Rectangle {
  const across = (position: number) => Math.round((position * to.width) / from.width)
  const down = (position: number) => Math.round((position * to.height) / from.height)
  const [left, top] = [across(x), down(y)]
  return { x: left, y: top, width: across(x + width) - left, height: down(y + height) - top }
}
