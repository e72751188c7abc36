import { expect, test } from 'vitest'
import { randomStream } from '../math/random'
import { brushSpans, floodSpans, type Point, polygonSpans, type SpanSink } from './shapes'

const SIZE = { height: 24, width: 32 }

/** The picture of what `draw` covers: '#' where covered once; a pixel that is covered twice is an error. */
function picture(draw: (sink: SpanSink) => void, size = SIZE): string[] {
  const rows = Array.from({ length: size.height }, () => new Array<string>(size.width).fill('.'))
  draw((y, x0, x1) => {
    for (let x = Math.max(0, x0); x < Math.min(size.width, x1); x++) {
      if (rows[y][x] === '#') throw new Error(`(${x}, ${y}) is covered twice`)
      rows[y][x] = '#'
    }
  })
  return rows.map((row) => row.join(''))
}

/** The same by asking every pixel's centre. */
function byAsking(isInside: (centre: Point) => boolean, size = SIZE): string[] {
  return Array.from({ length: size.height }, (_, y) =>
    Array.from({ length: size.width }, (_, x) => (isInside({ x: x + 0.5, y: y + 0.5 }) ? '#' : '.')).join(''),
  )
}

function distanceToSegment(p: Point, a: Point, b: Point): number {
  const along = { x: b.x - a.x, y: b.y - a.y }
  const squared = along.x ** 2 + along.y ** 2
  const t = squared > 0 ? ((p.x - a.x) * along.x + (p.y - a.y) * along.y) / squared : 0
  const clamped = Math.min(1, Math.max(0, t))
  return Math.hypot(p.x - a.x - clamped * along.x, p.y - a.y - clamped * along.y)
}

test('a brush covers the pixels whose centres are within its radius of the way', () => {
  const random = randomStream(1, 'brush')
  const point = () => ({ x: 40 * random.next() - 4, y: 32 * random.next() - 4 })
  for (let k = 0; k < 300; k++) {
    const [a, b, radius] = [point(), k % 7 === 0 ? null : point(), 0.3 + 6 * random.next()]
    const end = b ?? a
    const drawn = picture((sink) => brushSpans(a, end, radius, SIZE, sink))
    expect(drawn).toEqual(byAsking((p) => distanceToSegment(p, a, end) <= radius))
  }
})

test('the smallest brush paints one pixel, and straight ways are straight', () => {
  const size = { height: 3, width: 5 }
  const at = { x: 2.5, y: 1.5 }
  expect(picture((sink) => brushSpans(at, at, 0.5, size, sink), size)).toEqual(['.....', '..#..', '.....'])
  const way = [
    { x: 0.5, y: 1.5 },
    { x: 4.5, y: 1.5 },
  ] as const
  expect(picture((sink) => brushSpans(...way, 0.5, size, sink), size)).toEqual(['.....', '#####', '.....'])
})

test('a polygon covers by the even-odd rule', () => {
  const random = randomStream(2, 'polygon')
  for (let k = 0; k < 200; k++) {
    const points = Array.from({ length: 3 + random.below(7) }, () => ({
      x: 44 * random.next() - 6,
      y: 36 * random.next() - 6,
    }))
    const crossings = (p: Point) =>
      points.filter((from, i) => {
        const to = points[(i + 1) % points.length]
        if (from.y <= p.y === to.y <= p.y) return false
        return from.x + ((p.y - from.y) / (to.y - from.y)) * (to.x - from.x) <= p.x
      }).length
    expect(picture((sink) => polygonSpans(points, SIZE, sink))).toEqual(byAsking((p) => crossings(p) % 2 === 1))
  }
})

test('a way of very many points is filled', () => {
  const size = { height: 400, width: 400 }
  const points = Array.from({ length: 200_000 }, (_, i) => {
    const angle = (2 * Math.PI * i) / 200_000
    return { x: 200 + 150 * Math.cos(angle), y: 200 + 150 * Math.sin(angle) }
  })
  let pixels = 0
  polygonSpans(points, size, (_, x0, x1) => {
    pixels += x1 - x0
  })
  expect(pixels / (Math.PI * 150 ** 2)).toBeCloseTo(1, 3)
})

test('two polygons that share a side cover each pixel once', () => {
  const corner = { x: 10.5, y: 7.5 }
  const left = [{ x: 0, y: 0 }, corner, { x: 0, y: 20 }]
  const right = [{ x: 0, y: 0 }, { x: 30, y: 0 }, { x: 30, y: 20 }, { x: 0, y: 20 }, corner]
  const both = picture((sink) => {
    polygonSpans(left, SIZE, sink)
    polygonSpans(right, SIZE, sink)
  })
  expect(both).toEqual(byAsking((p) => p.x < 30 && p.y < 20))
})

/** Runs of a mask's row, pixel by pixel. */
const runsIn = (mask: Uint8Array, width: number) => (y: number) => {
  const runs: number[] = []
  for (let x = 0; x <= width; x++) {
    const belongs = x < width && mask[y * width + x] === 1
    if (belongs !== (runs.length % 2 === 1)) runs.push(x)
  }
  return runs
}

test('a flood fills what hangs together over sides, around corners, and no more', () => {
  const walls = ['.#....', '.#.##.', '.#.#..', '...#.#', '######', '......']
  const size = { height: 6, width: 6 }
  const mask = Uint8Array.from(walls.join(''), (wall) => (wall === '.' ? 1 : 0))
  const fill = (x: number, y: number) => picture((sink) => floodSpans({ x, y }, size, runsIn(mask, 6), sink), size)
  expect(fill(0, 0)).toEqual(['#.####', '#.#..#', '#.#.##', '###.#.', '......', '......'])
  expect(fill(3, 5)).toEqual(['......', '......', '......', '......', '......', '######'])
  expect(fill(1, 0)).toEqual(picture(() => {}, size))
  expect(fill(9, 0)).toEqual(picture(() => {}, size))
})

test('a flood takes each pixel once, and those that going from neighbour to neighbour finds', () => {
  const random = randomStream(2, 'flood')
  for (let k = 0; k < 60; k++) {
    const size = { height: 1 + random.below(40), width: 1 + random.below(40) }
    const { height, width } = size
    // Around the share of pixels at which what hangs together begins to reach through all of a picture.
    const mask = Uint8Array.from({ length: height * width }, () => (random.next() < 0.62 ? 1 : 0))
    const seed = { x: random.below(width), y: random.below(height) }
    const expected = new Uint8Array(mask.length)
    const ways = [seed]
    for (let at = ways.pop(); at; at = ways.pop()) {
      const { x, y } = at
      if (x < 0 || y < 0 || x >= width || y >= height) continue
      const i = y * width + x
      if (mask[i] === 0 || expected[i] === 1) continue
      expected[i] = 1
      ways.push({ x: x - 1, y }, { x: x + 1, y }, { x, y: y - 1 }, { x, y: y + 1 })
    }
    const taken = new Uint8Array(mask.length)
    floodSpans(seed, size, runsIn(mask, width), (y, x0, x1) => {
      for (let x = x0; x < x1; x++) taken[y * width + x]++
    })
    expect(taken).toEqual(expected)
  }
})
