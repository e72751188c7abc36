/**
 * `npm run effort -- --data DIR --weights FILE`: what it takes to label a round's regions with suggestions and superpixels, beside the
 * brush alone. A script that knows the ground truth does both with real keys and pointers in the app; time is estimated from them by
 * the keystroke-level model (Card, Moran and Newell 1980): a key 0.2 s, pointing 1.1 s, a button down or up 0.1 s; a drag adds its
 * length at 400 screen pixels a second.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { applyPatch } from '../src/annotation/patch'
import { emptyRaster } from '../src/annotation/raster'
import { SuperpixelMap } from '../src/annotation/superpixels'
import type { Size } from '../src/cpral/config'
import type { Rectangle } from '../src/cpral/oracle'
import { ensureBrowser } from './find-browser'
import { goTo, openStudio } from './headless/open-studio'

const KEY = 0.2
const POINTING = 1.1
const BUTTON = 0.1
const DRAG_SPEED = 400

/** Superpixels of this many pixels a side, index 1 of the table's sizes. */
const SUPERPIXEL_SIDE = 14
const COPY_SIDE = 1024
/** A correction is worth a click from this share of the region on. */
const LEAST_GAIN = 0.004
/** The brush as the table has it at first, and after so many steps larger, for the class that fills the region. */
const BRUSH_RADIUS = 8
const WIDE_STEPS = 4
const WIDE_RADIUS = 19.5
/** And for what is left wrong, so many steps smaller. */
const FINE_STEPS = 4
const FINE_RADIUS = 3

interface Effort {
  keys: number
  clicks: number
  seconds: number
  /** Share of the region's pixels with a class in the ground truth that got it. */
  accuracy: number
}

/** One region before the hand. */
interface Task {
  page: Page
  imageId: string
  size: Size
  area: Rectangle
  /** H*W of the whole image. */
  truth: Uint8Array
  classOrder: readonly number[]
}

class Hand {
  keys = 0
  clicks = 0
  seconds = 0

  constructor(
    private readonly page: Page,
    private readonly toScreen: (x: number, y: number) => [number, number],
  ) {}

  async press(key: string): Promise<void> {
    this.keys++
    this.seconds += KEY
    await this.page.keyboard.press(key)
  }

  async chooseClass(classId: number, order: readonly number[]): Promise<void> {
    const index = order.indexOf(classId)
    if (index >= 0 && index < 9) return this.press(String(index + 1))
    this.clicks++
    this.seconds += POINTING + 2 * BUTTON
    await this.page.getByTestId(`class-${classId}`).click()
  }

  async click(x: number, y: number): Promise<void> {
    await this.drag([[x, y]])
  }

  async drag(way: readonly (readonly [number, number])[]): Promise<void> {
    const points = way.map(([x, y]) => this.toScreen(x, y))
    this.clicks++
    this.seconds += POINTING + 2 * BUTTON
    await this.page.mouse.move(...points[0])
    await this.page.mouse.down()
    for (const [i, point] of points.slice(1).entries()) {
      this.seconds += Math.hypot(point[0] - points[i][0], point[1] - points[i][1]) / DRAG_SPEED
      await this.page.mouse.move(...point, { steps: 8 })
    }
    await this.page.mouse.up()
  }
}

async function classesOnDisk({ page, imageId, size }: Task): Promise<Uint8Array> {
  await page.waitForFunction(
    () => document.querySelector('[data-testid="save-indicator"]')?.textContent?.trim() === 'Saved',
  )
  const history = await page.evaluate((id) => studio.data.labelHistory({ imageId: id, isWriter: false }), imageId)
  const raster = emptyRaster(size)
  if (history.base) applyPatch(raster, history.base)
  for (const { seq, patch } of history.strokes) if (seq <= history.head) applyPatch(raster, patch)
  return raster.classes
}

async function accuracy(task: Task): Promise<number> {
  const classes = await classesOnDisk(task)
  let right = 0
  let judged = 0
  forPixels(task, (index) => {
    if (task.truth[index] === 255) return
    judged++
    if (classes[index] === task.truth[index]) right++
  })
  return right / judged
}

function forPixels(
  { area, size }: Pick<Task, 'area' | 'size'>,
  visit: (index: number, x: number, y: number) => void,
): void {
  for (let y = area.y; y < area.y + area.height; y++) {
    for (let x = area.x; x < area.x + area.width; x++) visit(y * size.width + x, x, y)
  }
}

async function handFor({ page, area }: Task): Promise<Hand> {
  const box = await page.getByTestId('label-canvas').boundingBox()
  if (!box) throw new Error('The canvas is not there.')
  // The view flies to the region: its tighter side takes six tenths of the window's.
  const scale = 0.6 * Math.min(box.width / area.width, box.height / area.height)
  return new Hand(page, (x, y) => [
    box.x + box.width / 2 + scale * (x + 0.5 - area.x - area.width / 2),
    box.y + box.height / 2 + scale * (y + 0.5 - area.y - area.height / 2),
  ])
}

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
async function withSuggestions(task: Task, map: SuperpixelMap): Promise<Effort> {
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
  return { keys: hand.keys, clicks: hand.clicks, seconds: hand.seconds, accuracy: await accuracy(task) }
}

/**
 * The largest class over the whole region, the others over it, then a finer brush: rows to and fro, one stroke for each piece that
 * hangs together.
 */
async function withBrush(task: Task): Promise<Effort> {
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
  return { keys: hand.keys, clicks: hand.clicks, seconds: hand.seconds, accuracy: await accuracy(task) }
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

async function show(
  page: Page,
  hash: string,
  testid: string,
  state: 'attached' | 'visible' = 'visible',
): Promise<void> {
  await goTo(page, hash)
  await page.getByTestId(testid).first().waitFor({ state })
}

/** A run that waits for its first regions, its initial pool labelled by the masks that came with the images. */
async function runUntilAsked(page: Page, data: string, weights: string, epochs: number) {
  await show(page, '#/', 'folder-input', 'attached')
  await page.getByTestId('folder-input').first().setInputFiles(data)
  await page.getByTestId('import-confirm').click()
  await page.getByTestId('open-project').click()
  await page.getByTestId('new-run').or(page.getByTestId('new-run-panel')).first().waitFor()
  if (await page.getByTestId('new-run').isVisible()) await page.getByTestId('new-run').click()
  await page.getByTestId('weights-input').setInputFiles(weights)
  await page.getByTestId('weights-facts').waitFor()
  const projectId = /project\/([^/]+)/.exec(page.url())?.[1] ?? ''
  const images = await page.evaluate((id) => studio.data.listImages({ projectId: id }), projectId)
  const train = images.filter(({ split }) => split === 'train')
  for (let k = 0; k < 25; k++) {
    const { id } = train[Math.floor((k * train.length) / 25)]
    await show(page, `#/project/${projectId}/label/${encodeURIComponent(id)}`, 'import-mask')
    await page.waitForFunction((name) => document.title.includes(name), id.slice(projectId.length + 1))
    await page.getByTestId('import-mask').click()
    await page.getByTestId('undo').and(page.locator(':enabled')).waitFor()
    await page.waitForFunction(
      () => document.querySelector('[data-testid="save-indicator"]')?.textContent?.trim() === 'Saved',
    )
  }
  const runId = await page.evaluate(
    async ({ projectId, epochs }) => {
      const [project, weights] = [
        (await studio.data.listProjects()).find(({ id }) => id === projectId),
        await studio.data.listWeights(),
      ]
      if (!project) throw new Error('The project is gone.')
      const [image] = await studio.data.listImages({ projectId })
      const facts = {
        format: project.format,
        source: project.source,
        trainImages: project.counts.train,
        imageSize: image.size,
      }
      const config = studio.defaultConfig(facts, 'light', {
        annotator: 'person',
        weights: weights[0].key,
        size: { height: 180, width: 240 },
        training: { epochs },
      })
      const run = await studio.compute.createRun({ projectId, config })
      await studio.compute.run({ runId: run.id }, () => {}, new AbortController().signal)
      return run.id
    },
    { projectId, epochs },
  )
  return { projectId, runId, images }
}

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    weights: { type: 'string' },
    regions: { type: 'string', default: '20' },
    epochs: { type: 'string', default: '20' },
  },
})
if (!values.data || !values.weights)
  throw new Error('Usage: npm run effort -- --data DIR --weights FILE [--regions 20] [--epochs 20]')
const profile = mkdtempSync(join(tmpdir(), 'cpral-studio-effort-'))
const { executable } = ensureBrowser()
const { page, close } = await openStudio({ executable, profile, engine: 'wasm', webgpu: 'off' })
try {
  const { projectId, runId, images } = await runUntilAsked(page, values.data, values.weights, Number(values.epochs))
  const rounds = await page.evaluate((id) => studio.data.rounds({ runId: id }), runId)
  const project = await page.evaluate(
    async (id) => (await studio.data.listProjects()).find((each) => each.id === id),
    projectId,
  )
  if (!project) throw new Error('The project is gone.')
  const { regions } = rounds[0]
  await show(page, `#/project/${projectId}/run/${runId}/label/${encodeURIComponent(regions[0].imageId)}`, 'queue')
  await page.keyboard.press('[')
  const totals = { brush: [] as Effort[], suggestions: [] as Effort[] }
  console.log(
    'region  brush alone: clicks  keys  seconds  right    suggestions, superpixels: clicks  keys  seconds  right',
  )
  for (let k = 0; k < Math.min(Number(values.regions), regions.length); k++) {
    const { imageId, x, y, width, height } = regions[k]
    const size = images.find(({ id }) => id === imageId)?.size ?? { height: 1, width: 1 }
    const [across, down] = [size.width / 240, size.height / 180]
    const area = {
      x: Math.round(x * across),
      y: Math.round(y * down),
      width: Math.round(width * across),
      height: Math.round(height * down),
    }
    await page.waitForFunction(
      (text) => document.querySelector('[data-testid="queue-position"]')?.textContent?.includes(text),
      `region ${k + 1} of`,
    )
    await page.waitForTimeout(1200)
    const truth = Uint8Array.from(
      await page.evaluate(
        async ({ imageId, size }) => [...((await studio.data.groundTruth({ imageId, size })) ?? [])],
        { imageId, size },
      ),
    )
    const copy = await page.evaluate(
      async ({ imageId, size, side, longest }) => {
        const share = Math.min(1, longest / Math.max(size.height, size.width))
        const at = { height: Math.round(size.height * share), width: Math.round(size.width * share) }
        const bitmap = await studio.data.image({ imageId, size: at })
        const { ids, count } = await studio.superpixel.superpixels({ bitmap, side })
        return { size: at, ids: [...ids], count }
      },
      { imageId, size, side: SUPERPIXEL_SIDE, longest: COPY_SIDE },
    )
    const map = new SuperpixelMap({ ...copy, ids: Int32Array.from(copy.ids) }, size)
    const task: Task = {
      page,
      imageId,
      size,
      area,
      truth,
      classOrder: project.classOrder ?? project.classes.map((_, id) => id),
    }
    const brush = await withBrush(task)
    while (await page.getByTestId('undo').isEnabled()) await page.keyboard.press('Control+z')
    const suggestions = await withSuggestions(task, map)
    totals.brush.push(brush)
    totals.suggestions.push(suggestions)
    const line = ({ clicks, keys, seconds, accuracy: right }: Effort) =>
      `${String(clicks).padStart(8)}${String(keys).padStart(6)}${seconds.toFixed(1).padStart(9)}${(100 * right).toFixed(1).padStart(7)}`
    console.log(`${String(k + 1).padStart(6)}             ${line(brush)}                          ${line(suggestions)}`)
    await page.keyboard.press('Enter')
  }
  const mean = (efforts: readonly Effort[], key: keyof Effort) =>
    efforts.reduce((sum, each) => sum + each[key], 0) / efforts.length
  for (const [name, efforts] of Object.entries(totals)) {
    console.log(
      `${name}: ${mean(efforts, 'clicks').toFixed(1)} clicks, ${mean(efforts, 'keys').toFixed(1)} keys, ${mean(efforts, 'seconds').toFixed(1)} s a region, ${(100 * mean(efforts, 'accuracy')).toFixed(1)} % right`,
    )
  }
} finally {
  await close()
  rmSync(profile, { recursive: true, force: true })
}
