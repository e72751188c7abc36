import { expect, test } from 'vitest'
import { generateScene, SCENE_SIZE } from '../demo/scenes/scene'
import { SuperpixelMap, superpixels } from './superpixels'

const scene = generateScene(7, 0)

test('every superpixel is one piece of about the size that was asked for', () => {
  for (const side of [8, 16, 32]) {
    const { ids, count } = superpixels(scene.rgb, SCENE_SIZE, side)
    const areas = new Float64Array(count)
    for (const id of ids) areas[id]++
    expect(Math.min(...areas)).toBeGreaterThanOrEqual(1)
    const expected = (SCENE_SIZE.height * SCENE_SIZE.width) / side ** 2
    expect(count).toBeGreaterThan(0.5 * expected)
    expect(count).toBeLessThan(2 * expected)
    expect(pieces(ids, SCENE_SIZE)).toBe(count)
  }
})

test('superpixels keep to the edges: a class each gives back nearly all of a mask', () => {
  const { ids, count } = superpixels(scene.rgb, SCENE_SIZE, 8)
  const votes = Array.from({ length: count }, () => new Map<number, number>())
  for (const [i, id] of ids.entries()) votes[id].set(scene.labels[i], (votes[id].get(scene.labels[i]) ?? 0) + 1)
  const right = votes.reduce((sum, classes) => sum + Math.max(...classes.values()), 0)
  // Squares of the same area, for comparison.
  const squares = new Map<string, Map<number, number>>()
  scene.labels.forEach((classId, i) => {
    const key = `${Math.floor((i % SCENE_SIZE.width) / 8)} ${Math.floor(i / SCENE_SIZE.width / 8)}`
    const classes = squares.get(key) ?? new Map<number, number>()
    classes.set(classId, (classes.get(classId) ?? 0) + 1)
    squares.set(key, classes)
  })
  const rightSquares = [...squares.values()].reduce((sum, classes) => sum + Math.max(...classes.values()), 0)
  const wrong = 1 - right / ids.length
  expect(wrong).toBeLessThan(0.06)
  expect(wrong).toBeLessThan(0.7 * (1 - rightSquares / ids.length))
})

test('two flat halves are never mixed', () => {
  const size = { height: 40, width: 40 }
  const rgb = Uint8Array.from({ length: 40 * 40 * 3 }, (_, i) => (Math.floor(i / 3) % 40 < 17 ? 40 : 200))
  const { ids, count } = superpixels(rgb, size, 10)
  const sides = Array.from({ length: count }, () => new Set<boolean>())
  for (const [i, id] of ids.entries()) sides[id].add(i % 40 < 17)
  expect(sides.every((side) => side.size === 1)).toBe(true)
})

test('an image smaller than a superpixel is one', () => {
  expect(superpixels(Uint8Array.of(1, 2, 3), { height: 1, width: 1 }, 16)).toEqual({
    size: { height: 1, width: 1 },
    ids: Int32Array.of(0),
    count: 1,
  })
})

test('a map paints each pixel of the image exactly once over all its superpixels', () => {
  const image = { height: 301, width: 533 }
  const map = new SuperpixelMap(superpixels(scene.rgb, SCENE_SIZE, 16), image)
  const owner = new Int32Array(image.height * image.width).fill(-1)
  let twice = 0
  let foreign = 0
  for (let id = 0; id < map.count; id++) {
    map.spans(id, (y, x0, x1) => {
      for (let x = x0; x < x1; x++) {
        if (owner[y * image.width + x] >= 0) twice++
        if (map.at(x, y) !== id) foreign++
        owner[y * image.width + x] = id
      }
    })
  }
  expect([twice, foreign, owner.indexOf(-1)]).toEqual([0, 0, -1])
})

/** Connected pieces of equal ids. */
function pieces(ids: Int32Array, { height, width }: { height: number; width: number }): number {
  const seen = new Uint8Array(ids.length)
  let count = 0
  for (let first = 0; first < ids.length; first++) {
    if (seen[first]) continue
    count++
    const stack = [first]
    seen[first] = 1
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      const neighbours = [i % width > 0 ? i - 1 : -1, i % width < width - 1 ? i + 1 : -1, i - width, i + width]
      for (const next of neighbours) {
        if (next < 0 || next >= height * width || seen[next] || ids[next] !== ids[i]) continue
        seen[next] = 1
        stack.push(next)
      }
    }
  }
  return count
}
