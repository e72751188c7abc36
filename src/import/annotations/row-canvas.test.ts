import { expect, test } from 'vitest'
import golden from '../../../tests/golden/annotations.json'
import { type Point, RowCanvas } from './row-canvas'

const LINE_WIDTH = 10

function isPoint(point: number[]): point is [number, number] {
  return point.length === 2
}

test('shapes have the pixels that Pillow draws', () => {
  expect(golden.pillow.length).toBeGreaterThan(40)
  for (const { kind, points, rows } of golden.pillow) {
    const canvas = new RowCanvas({ height: rows.length, width: rows[0].length })
    const corners: Point[] = points.filter(isPoint)
    if (kind === 'polygon') canvas.polygon(corners, 1)
    else if (kind === 'rectangle') canvas.rectangle(corners, 1)
    else if (kind === 'ellipse') canvas.ellipse(corners, 1)
    else canvas.line(corners, LINE_WIDTH, 1)
    const drawn = [...canvas.ids].map((id) => (id === 1 ? '1' : '0')).join('')
    expect(drawn.match(/.{26}/g), `${kind} ${JSON.stringify(points)}`).toEqual(rows)
  }
})
