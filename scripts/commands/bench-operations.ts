/**
 * `npm run bench:operations`: how long the label table stands still for whatever changes a large image at once, and how long until it
 * is seen. Real pointer and key events in headless Chromium on the built app.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { encode } from 'fast-png'
import type { CDPSession, Page } from 'playwright-core'
import { generateScene } from '../../src/demo/scenes/scene'
import { CITYSCAPES_CLASSES } from '../../src/domain/classes'
import type { Size } from '../../src/domain/size'
import { startMeter, type TableMeter } from '../bench/table-meter'
import { ensureBrowser } from '../browser/find-browser'
import { openBrowser } from '../browser/open-browser'
import { show } from '../effort/asked-run'

/** Sizes of the images, how many times larger than the drawn scenes they are, and the size at which a network sees them. */
const SIZES = [
  { size: { width: 2048, height: 1024 }, enlarged: 2, input: { width: 512, height: 256 } },
  { size: { width: 5500, height: 5500 }, enlarged: 4, input: { width: 512, height: 512 } },
]
type Case = (typeof SIZES)[number]
/** Shares of the canvas. */
type Place = readonly [number, number]

/** Milliseconds without an event until the next operation. */
const REST = 400

/** Each pixel as a square of `times` * `times`. */
function enlarge(pixels: Uint8Array, { width, height }: Size, channels: number, times: number): Uint8Array {
  const row = new Uint8Array(width * times * channels)
  const out = new Uint8Array(row.length * height * times)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width * times; x++) {
      const from = (y * width + Math.floor(x / times)) * channels
      for (let c = 0; c < channels; c++) row[x * channels + c] = pixels[from + c]
    }
    for (let k = 0; k < times; k++) out.set(row, (y * times + k) * row.length)
  }
  return out
}

function writeFolder(folder: string, { size, enlarged }: Case): void {
  const drawn = { width: size.width / enlarged, height: size.height / enlarged }
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  write('classes.txt', CITYSCAPES_CLASSES.map(({ name }) => `${name}\n`).join(''))
  for (const [index, name] of ['train/a', 'train/b', 'val/c'].entries()) {
    const { rgb, labels } = generateScene(3, index, drawn)
    const png = (data: Uint8Array, channels: 1 | 3) =>
      encode({ ...size, data: enlarge(data, drawn, channels, enlarged), channels, depth: 8 }, { zlib: { level: 1 } })
    write(`images/${name}.png`, png(rgb, 3))
    write(`labels/${name}.png`, png(labels, 1))
  }
}

/** Imports the folder and lets a small network look at it. Returns the label table of an image of which it has a prediction. */
async function prepare(page: Page, folder: string, { input }: Case): Promise<string> {
  await show(page, '#/', 'folder-input', 'attached')
  await page.getByTestId('folder-input').first().setInputFiles(folder)
  await page.getByTestId('import-confirm').click()
  await page.getByTestId('open-project').click()
  const projectId = /project\/([^/]+)/.exec(page.url())?.[1] ?? ''
  const [runId, imageId] = await page.evaluate(
    async ({ projectId, input }) => {
      const facts = { format: 'generic', source: 'folder', trainImages: 2, imageSize: input } as const
      const config = studio.defaultConfig(facts, 'tiny', {
        size: input,
        training: { epochs: 1 },
        monteCarlo: { passes: 2 },
        selection: { rounds: 2, initialImages: 1, panopticSize: 1, budgetImages: 1, regionSide: 128 },
      })
      const { id: runId } = await studio.compute.createRun({ projectId, config })
      await studio.compute.run({ runId }, () => {}, new AbortController().signal)
      const round = (await studio.data.rounds({ runId })).findLast(({ regions }) => regions.length > 0)
      for (const { imageId } of round?.regions ?? []) {
        const maps = await studio.data.layers({ runId, round: round?.index ?? 0, imageId })
        if (maps?.prediction) return [runId, imageId]
      }
      throw new Error('The network has looked at no image.')
    },
    { projectId, input },
  )
  return `#/project/${projectId}/run/${runId}/label/${encodeURIComponent(imageId)}`
}

const untilSaved = (page: Page) =>
  page.waitForFunction(() => document.querySelector('[data-testid="save-indicator"]')?.textContent?.trim() === 'Saved')

/** Of one operation, in milliseconds. */
interface Sample {
  /** The longest that the page drew no frame. */
  stall: number
  /** From its event until it was seen; of a drag the longest of those from its events. */
  painted: number
  /** What the page's thread worked: less than the time that passes where other programs share the processor. */
  work: number
}

class Table {
  readonly samples = new Map<string, Sample[]>()

  constructor(
    private readonly page: Page,
    private readonly debug: CDPSession,
    private readonly box: { x: number; y: number; width: number; height: number },
  ) {}

  static async on(page: Page): Promise<Table> {
    await page.evaluate(startMeter)
    const debug = await page.context().newCDPSession(page)
    await debug.send('Performance.enable', { timeDomain: 'threadTicks' })
    const box = await page.getByTestId('label-canvas').boundingBox()
    if (!box) throw new Error('The canvas is not there.')
    return new Table(page, debug, box)
  }

  at([x, y]: Place): [number, number] {
    return [this.box.x + x * this.box.width, this.box.y + y * this.box.height]
  }

  /** @param from type of the event from which on it is timed; null for a drag */
  async measure(operation: string, from: string | null, body: () => Promise<unknown>): Promise<void> {
    await this.page.waitForTimeout(REST)
    const before = await this.worked()
    const drawn = await this.page.evaluate((type) => {
      ;(globalThis as unknown as TableMeter).tableMeter.begin(type)
      return studio.paintDelays.length
    }, from)
    await body()
    await untilSaved(this.page)
    await this.page.waitForFunction(() => (globalThis as unknown as TableMeter).tableMeter.isPainted())
    await this.page.waitForTimeout(REST)
    const work = (await this.worked()) - before
    const { stall, painted, delays } = await this.page.evaluate(
      (first) => ({
        ...(globalThis as unknown as TableMeter).tableMeter.end(),
        delays: studio.paintDelays.slice(first),
      }),
      drawn,
    )
    const sample = { stall, painted: from === null ? Math.max(...delays) : painted, work }
    this.samples.set(operation, [...(this.samples.get(operation) ?? []), sample])
  }

  /** Milliseconds that the page's thread has worked so far. */
  async worked(): Promise<number> {
    const { metrics } = await this.debug.send('Performance.getMetrics')
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN)
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  async click(place: Place): Promise<void> {
    await this.page.mouse.move(...this.at(place))
    await this.page.mouse.down()
    await this.page.mouse.up()
  }

  async drag(way: readonly Place[], steps: number): Promise<void> {
    await this.page.mouse.move(...this.at(way[0]))
    await this.page.mouse.down()
    for (const place of way.slice(1)) await this.page.mouse.move(...this.at(place), { steps })
    await this.page.mouse.up()
  }

  /** Undoes what was done, makes it again and undoes it for good. */
  async undoAndRedo(what: string): Promise<void> {
    await this.measure(`undo ${what}`, 'keydown', () => this.press('Control+z'))
    await this.measure(`redo ${what}`, 'keydown', () => this.press('Control+Shift+z'))
    await this.press('Control+z')
    await untilSaved(this.page)
  }

  async round(): Promise<void> {
    const { page } = this
    await this.press('1', 'g')
    await this.measure('fill', 'pointerdown', () => this.click([0.5, 0.3]))
    await this.undoAndRedo('fill')
    await this.press('2', 'p')
    for (const corner of [
      [0.3, 0.2],
      [0.7, 0.3],
      [0.65, 0.9],
      [0.35, 0.8],
    ] as const)
      await this.click(corner)
    await this.measure('polygon over a fifth', 'keydown', () => this.press('Enter'))
    await this.undoAndRedo('polygon')
    await this.press('3', 's')
    await this.measure('superpixels along a way', null, () =>
      this.drag(
        [
          [0.3, 0.3],
          [0.7, 0.4],
          [0.3, 0.7],
        ],
        40,
      ),
    )
    await this.undoAndRedo('superpixels')
    await this.measure('accept all', 'keydown', () => this.press('y'))
    await this.undoAndRedo('accept')
    await this.measure('start from mask', 'click', async () => {
      await page.getByTestId('import-mask').click()
      await page.getByTestId('undo').and(page.locator(':enabled')).waitFor()
    })
    await this.measure('next image', 'keydown', () => this.step('d'))
    await this.measure('back to labels', 'keydown', () => this.step('a'))
    await this.undoAndRedo('mask')
  }

  async step(key: string): Promise<void> {
    const title = await this.page.title()
    await this.press(key)
    await this.page.waitForFunction((before) => document.title !== before, title)
  }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

async function measureSize(page: Page, each: Case, repeat: number): Promise<Table['samples']> {
  const folder = mkdtempSync(join(tmpdir(), 'cpral-studio-scenes-'))
  try {
    writeFolder(folder, each)
    await show(page, await prepare(page, folder, each), 'label-canvas')
    await page.waitForTimeout(3000)
    const table = await Table.on(page)
    await table.press('s', ']', ']')
    await page.waitForTimeout(3000)
    for (let k = 0; k < repeat; k++) await table.round()
    return table.samples
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const { values } = parseArgs({
  options: { repeat: { type: 'string', default: '5' }, width: { type: 'string' } },
})
const { executable, version } = ensureBrowser()
console.log(`Browser: ${version}. Medians of ${values.repeat}, in ms.`)
for (const each of SIZES.filter(({ size }) => !values.width || size.width === Number(values.width))) {
  const profile = mkdtempSync(join(tmpdir(), 'cpral-studio-operations-'))
  const { page, close } = await openBrowser({ executable, profile, engine: 'wasm', webgpu: 'off' })
  try {
    const samples = await measureSize(page, each, Number(values.repeat))
    console.log(`${`${each.size.width} x ${each.size.height}`.padEnd(26)}  stands still  painted after  the page works`)
    for (const [operation, list] of samples) {
      const column = (of: keyof Sample) => median(list.map((sample) => sample[of])).toFixed(0)
      const [stall, painted, work] = [column('stall'), column('painted'), column('work')]
      console.log(`${operation.padEnd(26)}  ${stall.padStart(12)}  ${painted.padStart(13)}  ${work.padStart(14)}`)
    }
  } finally {
    await close()
    rmSync(profile, { recursive: true, force: true })
  }
}
