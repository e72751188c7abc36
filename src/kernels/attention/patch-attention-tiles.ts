/** Tiles of queries, the keys they visit, and how much work that is. */
import { type PatchAttention, squaredReach } from '../../math/patch-attention'

/** Queries of a tile: neighbours in one row of the grid, computed side by side against the same keys. */
const TILE = 4

/** A tile spans at most this many columns, so that it visits few keys which only some of its queries reach. */
const TILE_COLUMNS = 8

/**
 * Multiply-adds of one dispatch. Software adapters on two cores manage about 10^9 a second, so it takes them less than the
 * 100 ms that a submit should.
 */
export const DISPATCH_WORK = 6e7

/** Indices of the first query of every tile, and the number of queries. */
export function tileQueries(queries: Int32Array, columns: number): Int32Array {
  const tiles: number[] = []
  let first = 0
  for (const [i, cell] of queries.entries()) {
    const start = queries[first]
    const isNear = cell - start < TILE_COLUMNS && Math.floor(cell / columns) === Math.floor(start / columns)
    if (i > 0 && isNear && i - first < TILE) continue
    first = i
    tiles.push(i)
  }
  return Int32Array.from([...tiles, queries.length])
}

/** For each cell, and one past the last, the number of keys before it: the keys of a stretch of a row are a range. */
export function countKeysBefore(keys: Int32Array, cells: number): Int32Array {
  const before = new Int32Array(cells + 1)
  for (const cell of keys) before[cell + 1]++
  for (let cell = 0; cell < cells; cell++) before[cell + 1] += before[cell]
  return before
}

/** Keys that a tile of `queries` looks at, as the kernels do: in every row within reach, the stretch that one of them may reach. */
function visitedKeys(
  request: PatchAttention,
  farthest: number,
  first: number,
  last: number,
  before: Int32Array,
): number {
  const { rows, columns } = request
  const row = Math.floor(first / columns)
  const reach = Math.floor(Math.sqrt(farthest))
  let visited = 0
  for (let r = Math.max(0, row - reach); r <= Math.min(rows - 1, row + reach); r++) {
    const half = Math.floor(Math.sqrt(farthest - (r - row) ** 2))
    const start = Math.max(0, (first % columns) - half)
    const end = Math.min(columns - 1, (last % columns) + half)
    visited += before[r * columns + end + 1] - before[r * columns + start]
  }
  return visited
}

/** Ends of ranges of tiles with about `DISPATCH_WORK` multiply-adds each, a tile at least; the last is the number of tiles. */
export function splitTiles(request: PatchAttention, tiles: Int32Array, before: Int32Array): number[] {
  const { queries, patch, channels } = request
  const farthest = squaredReach(request)
  const perKey = TILE * (3 * patch * patch + channels)
  const ends: number[] = []
  let work = 0
  for (let tile = 0; tile < tiles.length - 1; tile++) {
    const own = perKey * visitedKeys(request, farthest, queries[tiles[tile]], queries[tiles[tile + 1] - 1], before)
    if (work > 0 && work + own > DISPATCH_WORK) {
      ends.push(tile)
      work = 0
    }
    work += own
  }
  return [...ends, tiles.length - 1]
}
