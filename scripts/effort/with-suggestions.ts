/** Labelling a region by what the network suggests, put right with superpixels. */
import type { SuperpixelMap } from '../../src/annotation/superpixels'
import { classesOnDisk, type Effort, effortOf, forPixels, handFor, LEAST_GAIN, type Task } from './region-task'

/** The part of a superpixel that lies in the region. */
interface Piece {
  /** The class of most of its pixels in the ground truth. */
  classId: number
  /** Pixels that painting it in that class would put right, less those it would put wrong. */
  gain: number
  /** A pixel well inside, where a person clicks. */
  place: [x: number, y: number]
}

function piecesOf(task: Task, map: SuperpixelMap, labelled: Uint8Array): Map<number, Piece> {
  const pixelsOf = new Map<number, [index: number, x: number, y: number][]>()
  forPixels(task, (index, x, y) => {
    const pixels = pixelsOf.get(map.at(x, y)) ?? []
    pixelsOf.set(map.at(x, y), pixels)
    pixels.push([index, x, y])
  })
  const pieces = new Map<number, Piece>()
  for (const [id, pixels] of pixelsOf) {
    const votes = new Map<number, number>()
    for (const [index] of pixels) votes.set(task.truth[index], (votes.get(task.truth[index]) ?? 0) + 1)
    votes.delete(255)
    const [classId] = [...votes].sort((a, b) => b[1] - a[1])[0] ?? [255]
    const gain = pixels.reduce((sum, [index]) => {
      const is = Number(labelled[index] === task.truth[index])
      const would = Number(classId === task.truth[index])
      return task.truth[index] === 255 ? sum : sum + would - is
    }, 0)
    const [, x, y] = pixels[Math.floor(pixels.length / 2)]
    pieces.set(id, { classId, gain, place: [x, y] })
  }
  return pieces
}

/** Places to paint in one class as drags: each goes on to the nearest place that it reaches over nothing but this class. */
function dragsThrough(places: [number, number][], isClear: (x: number, y: number) => boolean): [number, number][][] {
  const reaches = ([x0, y0]: [number, number], [x1, y1]: [number, number]) => {
    const steps = Math.ceil(Math.hypot(x1 - x0, y1 - y0))
    return Array.from({ length: steps + 1 }, (_, k) => k / Math.max(1, steps)).every((share) =>
      isClear(Math.round(x0 + share * (x1 - x0)), Math.round(y0 + share * (y1 - y0))),
    )
  }
  const distance = ([x0, y0]: [number, number]) => {
    return ([x1, y1]: [number, number], [x2, y2]: [number, number]) =>
      Math.hypot(x1 - x0, y1 - y0) - Math.hypot(x2 - x0, y2 - y0)
  }
  const open = [...places]
  const drags: [number, number][][] = []
  for (let place = open.shift(); place; place = open.shift()) {
    const drag = [place]
    for (let last = place; ; ) {
      const from = last
      const [next] = open.filter((candidate) => reaches(from, candidate)).sort(distance(from))
      if (!next) break
      open.splice(open.indexOf(next), 1)
      drag.push(next)
      last = next
    }
    drags.push(drag)
  }
  return drags
}

/** The suggestion as a whole; then, class by class, the pointer drawn over every superpixel that is mostly wrong. */
export async function withSuggestions(task: Task, map: SuperpixelMap): Promise<Effort> {
  const hand = await handFor(task)
  await hand.press('y')
  const pieces = piecesOf(task, map, await classesOnDisk(task))
  const wanted = [...pieces.values()].filter(({ gain }) => gain >= LEAST_GAIN * task.area.width * task.area.height)
  if (wanted.length > 0) await hand.press('s')
  for (const classId of new Set(wanted.map((piece) => piece.classId))) {
    await hand.chooseClass(classId, task.classOrder)
    const places = wanted.filter((piece) => piece.classId === classId).map(({ place }) => place)
    const isClear = (x: number, y: number) => pieces.get(map.at(x, y))?.classId === classId
    for (const way of dragsThrough(places, isClear)) await hand.drag(way)
  }
  return effortOf(hand, task)
}
