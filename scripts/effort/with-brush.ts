/** Labelling a region by brush alone. */
import type { Rectangle } from '../../src/domain/size'
import type { Hand } from './hand'
import { classesOnDisk, type Effort, effortOf, forPixels, handFor, LEAST_GAIN, type Task } from './region-task'

/** The brush as the table has it at first, and after so many steps larger, for the class that fills the region. */
const BRUSH_RADIUS = 8
const WIDE_STEPS = 4
const WIDE_RADIUS = 19.5
/** And for what is left wrong, so many steps smaller. */
const FINE_STEPS = 4
const FINE_RADIUS = 3

/**
 * The largest class over the whole region, the others over it, then a finer brush: rows to and fro, one stroke for each piece that
 * hangs together.
 */
export async function withBrush(task: Task): Promise<Effort> {
  const hand = await handFor(task)
  await hand.press('b')
  const counts = new Map<number, number>()
  forPixels(task, (index) => {
    if (task.truth[index] !== 255) counts.set(task.truth[index], (counts.get(task.truth[index]) ?? 0) + 1)
  })
  const classes = [...counts]
    .filter(([, count]) => count > LEAST_GAIN * task.area.width * task.area.height)
    .sort((a, b) => b[1] - a[1])
  for (const [rank, [classId]] of classes.entries()) {
    await hand.chooseClass(classId, task.classOrder)
    const belongs = (x: number, y: number) => rank === 0 || task.truth[y * task.size.width + x] === classId
    if (rank === 0) for (let k = 0; k < WIDE_STEPS; k++) await hand.press(']')
    for (const way of zigzags(task.area, belongs, rank === 0 ? WIDE_RADIUS : BRUSH_RADIUS)) await hand.drag(way)
    if (rank === 0) for (let k = 0; k < WIDE_STEPS; k++) await hand.press('[')
  }
  await refine(task, hand)
  return effortOf(hand, task)
}

/** A fine brush over what the first passes left wrong, where that is worth a stroke. */
async function refine(task: Task, hand: Hand): Promise<void> {
  const labelled = await classesOnDisk(task)
  const wrong = new Map<number, [number, number][][]>()
  const classes = new Set<number>()
  forPixels(task, (index) => labelled[index] !== task.truth[index] && classes.add(task.truth[index]))
  classes.delete(255)
  for (const classId of classes) {
    const isWrong = (x: number, y: number) => {
      const index = y * task.size.width + x
      return task.truth[index] === classId && labelled[index] !== classId
    }
    const ways = zigzags(task.area, isWrong, FINE_RADIUS).filter((way) => {
      const length = way.slice(1).reduce((sum, [x, y], k) => sum + Math.hypot(x - way[k][0], y - way[k][1]), 0)
      return (length + FINE_RADIUS) * 2 * FINE_RADIUS >= 2 * LEAST_GAIN * task.area.width * task.area.height
    })
    if (ways.length > 0) wrong.set(classId, ways)
  }
  if (wrong.size === 0) return
  for (let k = 0; k < FINE_STEPS; k++) await hand.press('[')
  for (const [classId, ways] of wrong) {
    await hand.chooseClass(classId, task.classOrder)
    for (const way of ways) await hand.drag(way)
  }
  for (let k = 0; k < FINE_STEPS; k++) await hand.press(']')
}

/** Rows at which a brush covers the area from top to bottom. */
function rowsOf({ y: top, height }: Rectangle, radius: number): number[] {
  const last = Math.floor(top + height - Math.min(radius, height / 2))
  const rows: number[] = []
  for (let y = Math.ceil(top + radius); y < last; y += Math.floor(2 * radius) - 1) rows.push(y)
  return [...rows, last]
}

/** Ways along rows one brush apart; a piece of a row continues the way of the piece above that it touches. */
function zigzags(area: Rectangle, belongs: (x: number, y: number) => boolean, radius: number): [number, number][][] {
  const ways: [number, number][][] = []
  let open: { way: [number, number][]; x0: number; x1: number; isForward: boolean }[] = []
  for (const y of rowsOf(area, radius)) {
    const next: typeof open = []
    for (let x0 = area.x; x0 < area.x + area.width; x0++) {
      if (!belongs(x0, y)) continue
      let x1 = x0
      while (x1 + 1 < area.x + area.width && belongs(x1 + 1, y)) x1++
      const above = open.find((piece) => piece.x0 <= x1 && x0 <= piece.x1)
      open = open.filter((piece) => piece !== above)
      const isForward = above ? !above.isForward : true
      const way = above?.way ?? []
      if (!above) ways.push(way)
      // The lock keeps what goes over the region's border inside.
      const isWhole = x0 === area.x && x1 === area.x + area.width - 1
      const inset = Math.min(isWhole ? 0 : radius, (x1 - x0) / 2)
      const ends: [number, number][] = [
        [x0 + inset, y],
        [x1 - inset, y],
      ]
      way.push(...(isForward ? ends : ends.reverse()))
      next.push({ way, x0, x1, isForward })
      x0 = x1
    }
    open = next
  }
  return ways
}
