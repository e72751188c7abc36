import type { Markish } from '@observablehq/plot'
import type * as PlotLibrary from './plot-library'

/** A share (0..1) over something. */
interface Point {
  x: number
  y: number
}

/** Marks of the line that a chart is about: its points are dots, each with its share in percent above it. */
export function measuredLine(
  { dot, line, text }: typeof PlotLibrary,
  points: readonly Point[],
  digits: number,
): Markish[] {
  const place = { x: 'x', y: 'y' } as const
  return [
    line(points, { ...place, stroke: 'var(--accent)', strokeWidth: 2.5 }),
    dot(points, { ...place, fill: 'var(--accent)', r: 4.5 }),
    text(points, {
      ...place,
      text: ({ y }: Point) => (100 * y).toFixed(digits),
      dy: -13,
      fontWeight: 600,
      fill: 'currentColor',
    }),
  ]
}
