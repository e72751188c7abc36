/** A point of a shape in its own frame: across or along, and up. */
export type Corner = [number, number]

/** The corners of an outline written as "x y, x y, ...": a drawing in one line. */
export function outline(text: string): Corner[] {
  return text.split(',').map((corner) => {
    const [x, y] = corner.trim().split(' ').map(Number)
    return [x, y]
  })
}

export function box(left: number, bottom: number, right: number, top: number): Corner[] {
  return [
    [left, bottom],
    [left, top],
    [right, top],
    [right, bottom],
  ]
}

export function mirrored(shape: readonly Corner[]): Corner[] {
  return shape.map(([x, y]) => [-x, y])
}
