/** A small rasteriser with a label and a depth for every sample. No browser canvas: the same bytes on every machine. */
import type { Size } from '../../domain/size'

/** Red, green, blue in 0..1. */
export type Rgb = readonly [number, number, number]

/** A flat colour, or one written into `ink` (three numbers) for the point (x, y). */
type Paint = Rgb | ((x: number, y: number, ink: Float64Array) => void)

export interface Point {
  x: number
  y: number
}

/**
 * A colour to paint with, its class id (null leaves the label as it is, as a shadow does) and its distance in metres.
 */
export interface Ink {
  paint: Paint
  label: number | null
  depth: number
  /** Share of the new colour, default 1. */
  opacity?: number
}

/** The air between the camera and an object. */
export interface Air {
  color: Rgb
  /** Share of the air's colour at a distance in metres. */
  veil: (depth: number) => number
}

/** Samples per pixel and axis: colours are averaged over them, labels decided by majority. */
const SAMPLES = 2

export class SceneCanvas {
  readonly #height: number
  readonly #width: number
  readonly #colors: Float32Array
  readonly #labels: Uint8Array
  readonly #ink = new Float64Array(3)
  /** Where the outline crosses the row at hand, ascending. */
  readonly #crossings: number[] = []

  constructor(
    readonly size: Size,
    private readonly air: Air,
  ) {
    this.#height = size.height * SAMPLES
    this.#width = size.width * SAMPLES
    this.#colors = new Float32Array(this.#height * this.#width * 3)
    this.#labels = new Uint8Array(this.#height * this.#width)
  }

  /**
   * Fills rows [top, bottom) over the whole width. `row` is called once for every row and returns its colour and
   * labels.
   */
  rows(
    top: number,
    bottom: number,
    depthOf: (y: number) => number,
    row: (y: number) => (x: number, ink: Float64Array) => number,
  ): void {
    const ink = this.#ink
    const last = Math.min(Math.ceil(bottom * SAMPLES), this.#height)
    for (let r = Math.max(0, Math.ceil(top * SAMPLES)); r < last; r++) {
      const y = (r + 0.5) / SAMPLES
      const sample = row(y)
      const veil = this.air.veil(depthOf(y))
      for (let c = 0, i = r * this.#width; c < this.#width; c++, i++) {
        this.#labels[i] = sample((c + 0.5) / SAMPLES, ink)
        for (let k = 0; k < 3; k++) this.#colors[i * 3 + k] = ink[k] + veil * (this.air.color[k] - ink[k])
      }
    }
  }

  /** Fills a polygon by the even-odd rule. */
  polygon(points: readonly Point[], ink: Ink): void {
    let top = Number.POSITIVE_INFINITY
    let bottom = Number.NEGATIVE_INFINITY
    for (const { y } of points) {
      if (y < top) top = y
      if (y > bottom) bottom = y
    }
    const last = Math.min(this.#height - 1, Math.floor(bottom * SAMPLES - 0.5))
    for (let r = Math.max(0, Math.ceil(top * SAMPLES - 0.5)); r <= last; r++) {
      const count = this.#cross(points, (r + 0.5) / SAMPLES)
      for (let k = 0; k + 1 < count; k += 2) this.#span(r, this.#crossings[k], this.#crossings[k + 1], ink)
    }
  }

  #cross(points: readonly Point[], y: number): number {
    const crossings = this.#crossings
    let count = 0
    let a = points[points.length - 1]
    for (const b of points) {
      if (a.y <= y !== b.y <= y) {
        const x = a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)
        let at = count++
        for (; at > 0 && crossings[at - 1] > x; at--) crossings[at] = crossings[at - 1]
        crossings[at] = x
      }
      a = b
    }
    return count
  }

  ellipse({ x, y }: Point, radiusX: number, radiusY: number, ink: Ink): void {
    const first = Math.max(0, Math.ceil((y - radiusY) * SAMPLES - 0.5))
    const last = Math.min(this.#height - 1, Math.floor((y + radiusY) * SAMPLES - 0.5))
    for (let r = first; r <= last; r++) {
      const v = ((r + 0.5) / SAMPLES - y) / radiusY
      const half = radiusX * Math.sqrt(Math.max(0, 1 - v * v))
      this.#span(r, x - half, x + half, ink)
    }
  }

  rectangle(left: number, top: number, right: number, bottom: number, ink: Ink): void {
    const corners = [left, right, right, left].map((x, i) => ({ x, y: i < 2 ? top : bottom }))
    this.polygon(corners, ink)
  }

  /** A line of the given thickness. */
  line(from: Point, to: Point, thickness: number, ink: Ink): void {
    const dx = to.x - from.x
    const dy = to.y - from.y
    const scale = thickness / 2 / Math.max(Math.sqrt(dx * dx + dy * dy), 1e-6)
    const [nx, ny] = [-dy * scale, dx * scale]
    const corners = [from, to, to, from].map(({ x, y }, i) =>
      i < 2 ? { x: x + nx, y: y + ny } : { x: x - nx, y: y - ny },
    )
    this.polygon(corners, ink)
  }

  #span(row: number, left: number, right: number, { paint, label, depth, opacity = 1 }: Ink): void {
    const first = Math.max(0, Math.ceil(left * SAMPLES - 0.5))
    const last = Math.min(this.#width - 1, Math.floor(right * SAMPLES - 0.5))
    const ink = this.#ink
    const colors = this.#colors
    const { color } = this.air
    const veil = this.air.veil(depth)
    const y = (row + 0.5) / SAMPLES
    if (typeof paint !== 'function') for (let k = 0; k < 3; k++) ink[k] = paint[k]
    for (let c = first, i = row * this.#width + first; c <= last; c++, i++) {
      if (typeof paint === 'function') paint((c + 0.5) / SAMPLES, y, ink)
      for (let k = 0; k < 3; k++) {
        const seen = ink[k] + veil * (color[k] - ink[k])
        colors[i * 3 + k] += opacity * (seen - colors[i * 3 + k])
      }
      if (label !== null) this.#labels[i] = label
    }
  }

  /**
   * The picture: the mean of each pixel's samples after `finish`, and the label most of them have (ties: the first).
   */
  resolve(finish: (x: number, y: number, ink: Float64Array) => void): { rgb: Uint8Array; labels: Uint8Array } {
    const { height, width } = this.size
    const rgb = new Uint8Array(height * width * 3)
    const labels = new Uint8Array(height * width)
    const ink = this.#ink
    const votes = new Uint8Array(SAMPLES * SAMPLES)
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        ink.fill(0)
        for (let s = 0; s < votes.length; s++) {
          const sample = (y * SAMPLES + Math.floor(s / SAMPLES)) * this.#width + x * SAMPLES + (s % SAMPLES)
          for (let k = 0; k < 3; k++) ink[k] += this.#colors[sample * 3 + k] / votes.length
          votes[s] = this.#labels[sample]
        }
        finish(x, y, ink)
        for (let k = 0; k < 3; k++) rgb[i * 3 + k] = toByte(ink[k])
        labels[i] = majority(votes)
      }
    }
    return { rgb, labels }
  }
}

function majority(votes: Uint8Array): number {
  let best = votes[0]
  let most = 0
  for (let s = 0; s < votes.length && most * 2 < votes.length; s++) {
    let count = 0
    for (let t = 0; t < votes.length; t++) if (votes[t] === votes[s]) count++
    if (count > most) {
      most = count
      best = votes[s]
    }
  }
  return best
}

function toByte(value: number): number {
  return Math.floor(Math.min(1, Math.max(0, value)) * 255 + 0.5)
}
