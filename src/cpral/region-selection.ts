/**
 * Regional selection (paper Eq. 6): non-maximum suppression per image, then the best regions of all images together.
 */
import type { SelectionConfig } from '../domain/config'
import type { Candidate, Region } from '../domain/round'
import type { Size } from '../domain/size'
import { randomMap } from '../math/random'

/** Sums of a 0/1 raster over any window in four look-ups: (H+1) x (W+1), row and column 0 are zero. */
export function integralImage(mask: Uint8Array, { height, width }: Size): Uint32Array {
  const sums = new Uint32Array((height + 1) * (width + 1))
  for (let r = 0; r < height; r++) {
    let row = 0
    for (let c = 0; c < width; c++) {
      if (mask[r * width + c] !== 0) row++
      sums[(r + 1) * (width + 1) + c + 1] = sums[r * (width + 1) + c + 1] + row
    }
  }
  return sums
}

/** Labelled pixels of the w x w window with top-left corner (y, x). */
function labelledCounter(labelled: Uint8Array | null, size: Size, side: number): (y: number, x: number) => number {
  if (!labelled) return () => 0
  const sums = integralImage(labelled, size)
  const stride = size.width + 1
  return (y, x) => {
    const top = y * stride + x
    const bottom = (y + side) * stride + x
    return sums[bottom + side] - sums[bottom] - sums[top + side] + sums[top]
  }
}

/**
 * A grid of values that answers "where is the maximum" without a full scan: the maximum of every tile is kept, and a
 * change rescans only the tiles it touches. Of equal values the lowest index wins.
 */
class MaximumGrid {
  readonly #tile: number
  readonly #tileRows: number
  readonly #tileColumns: number
  /** Index into `values` of each tile's maximum. */
  readonly #best: Int32Array

  constructor(
    readonly values: Float32Array,
    readonly size: Size,
    tile: number,
  ) {
    this.#tile = tile
    this.#tileRows = Math.ceil(size.height / tile)
    this.#tileColumns = Math.ceil(size.width / tile)
    this.#best = new Int32Array(this.#tileRows * this.#tileColumns)
    for (let i = 0; i < this.#best.length; i++) this.#rescan(i)
  }

  #rescan(tileIndex: number): void {
    const { height, width } = this.size
    const top = Math.floor(tileIndex / this.#tileColumns) * this.#tile
    const left = (tileIndex % this.#tileColumns) * this.#tile
    const bottom = Math.min(height, top + this.#tile)
    const right = Math.min(width, left + this.#tile)
    let best = top * width + left
    for (let r = top; r < bottom; r++) {
      for (let i = r * width + left; i < r * width + right; i++) if (this.values[i] > this.values[best]) best = i
    }
    this.#best[tileIndex] = best
  }

  /** Index of the maximum. */
  maximum(): number {
    let best = this.#best[0]
    for (const index of this.#best) {
      const difference = this.values[index] - this.values[best]
      if (difference > 0 || (difference === 0 && index < best)) best = index
    }
    return best
  }

  /** Sets rows top..bottom and columns left..right (inclusive, clipped) to zero. */
  strike(top: number, bottom: number, left: number, right: number): void {
    const { height, width } = this.size
    const [r0, r1] = [Math.max(0, top), Math.min(height - 1, bottom)]
    const [c0, c1] = [Math.max(0, left), Math.min(width - 1, right)]
    for (let r = r0; r <= r1; r++) this.values.fill(0, r * width + c0, r * width + c1 + 1)
    for (let tr = Math.floor(r0 / this.#tile); tr <= Math.floor(r1 / this.#tile); tr++) {
      for (let tc = Math.floor(c0 / this.#tile); tc <= Math.floor(c1 / this.#tile); tc++) {
        this.#rescan(tr * this.#tileColumns + tc)
      }
    }
  }
}

/**
 * Candidates of one image, best first. Repeats: take the highest-scored window that lies inside the image (ties: lowest
 * index), then strike every centre with |dr| < w and |dc| < w; until floor(H*W / w^2) regions or nothing is left.
 * A window that is wholly labelled, or whose score is not above 0, is no candidate.
 * @param score H*W regional score, at the window's centre (row r of the centre is row y + floor(w/2))
 * @param labelled H*W, nonzero where a person or the oracle labelled; null = nowhere
 */
export function regionCandidates(
  score: Float32Array,
  labelled: Uint8Array | null,
  size: Size,
  side: number,
): Candidate[] {
  const { height, width } = size
  if (side > height || side > width) return []
  const centres: Size = { height: height - side + 1, width: width - side + 1 }
  const labelledIn = labelledCounter(labelled, size, side)
  const offset = side >> 1
  const values = new Float32Array(centres.height * centres.width)
  for (let y = 0; y < centres.height; y++) {
    for (let x = 0; x < centres.width; x++) {
      const value = score[(y + offset) * width + x + offset]
      if (value > 0 && labelledIn(y, x) < side * side) values[y * centres.width + x] = value
    }
  }
  const grid = new MaximumGrid(values, centres, Math.max(8, side >> 1))
  const candidates: Candidate[] = []
  const most = Math.floor((height * width) / (side * side))
  while (candidates.length < most) {
    const index = grid.maximum()
    if (values[index] === 0) break
    const y = Math.floor(index / centres.width)
    const x = index % centres.width
    candidates.push({ x, y, score: values[index], newPixels: side * side - labelledIn(y, x) })
    grid.strike(y - side + 1, y + side - 1, x - side + 1, x + side - 1)
  }
  return candidates
}

/** Candidates of one image, with the image's position in the project for ties. */
export interface ImageCandidates {
  imageId: string
  order: number
  candidates: readonly Candidate[]
}

/**
 * The regions to annotate: candidates of all images by score (ties: image order, then index), taken until the newly
 * labelled pixels reach `budgetPixels - w^2/2`. For fresh images that is round(budgetPixels / w^2) regions.
 * @param budgetPixels what may be labelled this round, pixels (budgetImages * H * W)
 */
export function selectRegions(
  images: readonly ImageCandidates[],
  budgetPixels: number,
  side: number,
): { regions: Region[]; newPixels: number } {
  const regions: Region[] = []
  let newPixels = 0
  for (const { imageId, candidate } of sortedCandidates(images)) {
    if (isSpent(newPixels, budgetPixels, side)) break
    const { x, y, score, because } = candidate
    regions.push({ imageId, x, y, width: side, height: side, score, ...(because && { because }) })
    newPixels += candidate.newPixels
  }
  return { regions, newPixels }
}

/** Whether another region would leave the budget by more than not taking it does. */
export function isSpent(newPixels: number, budgetPixels: number, side: number): boolean {
  return newPixels >= budgetPixels - (side * side) / 2
}

/** All candidates, best first. Ties: image order, then the window's place. */
export function sortedCandidates(images: readonly ImageCandidates[]) {
  return images
    .flatMap(({ imageId, order, candidates }) => candidates.map((candidate) => ({ imageId, order, candidate })))
    .sort(
      (a, b) =>
        b.candidate.score - a.candidate.score ||
        a.order - b.order ||
        a.candidate.y - b.candidate.y ||
        a.candidate.x - b.candidate.x,
    )
}

/**
 * Scores for Random regions: uniform noise in (0, 1] at every pixel. NMS keeps its local maxima; those above the level
 * at which the budget ends are a uniform scatter of windows that do not overlap, over all images together.
 * @param keys numbers that identify the image and the round
 */
export function randomRegionScores(size: Size, seed: number, ...keys: number[]): Float32Array {
  const wordOf = randomMap(seed, 'random-regions', ...keys)
  return Float32Array.from({ length: size.height * size.width }, (_, i) => (wordOf(i) + 0.5) / 4294967296)
}

/** Number of pixels that a round labels. */
export function roundBudget(selection: SelectionConfig, size: Size): number {
  return selection.budgetImages * size.height * size.width
}
