/**
 * `npm run bench:labelling`: how long after the pointer the paint follows, and whether memory grows, while somebody brushes without
 * a pause on a large image. Real pointer events in headless Chromium; times run from an event to the end of its frame's drawing.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { randomStream } from '../../src/math/random'
import { ensureBrowser } from '../browser/find-browser'
import { goTo, openBrowser } from '../browser/open-browser'

const SIZES = [
  { width: 2048, height: 1024 },
  { width: 5500, height: 5500 },
]

interface Measured {
  size: string
  strokes: number
  frames: number
  median: number
  p95: number
  most: number
  heapBefore: number
  heapAfter: number
}

/** Makes a project of one image with soft colours and noise, and opens it on the label table. */
async function openLargeImage(page: Page, { width, height }: { width: number; height: number }): Promise<void> {
  const place = await page.evaluate(
    async ({ width, height }) => {
      const canvas = new OffscreenCanvas(width, height)
      const context = canvas.getContext('2d')
      if (!context) throw new Error('no canvas')
      const colors = context.createLinearGradient(0, 0, width, height)
      for (const [at, color] of [
        [0, '#578'],
        [0.5, '#cb9'],
        [1, '#353'],
      ] as const)
        colors.addColorStop(at, color)
      context.fillStyle = colors
      context.fillRect(0, 0, width, height)
      for (let k = 0; k < 4000; k++) {
        context.fillStyle = `hsl(${(k * 47) % 360} 40% 50% / 0.3)`
        context.fillRect((k * 7919) % width, (k * 104729) % height, 10 + (k % 90), 10 + (k % 70))
      }
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })
      const files = [
        { path: 'images/large.jpg', file: new File([blob], 'large.jpg') },
        { path: 'classes.txt', file: new File(['road\ntree\nsky\nhouse\n'], 'classes.txt') },
      ]
      const request = { name: `${width} x ${height}`, files }
      const { project } = await studio.data.import(request, () => {}, new AbortController().signal)
      const [image] = await studio.data.listImages({ projectId: project.id })
      return `#/project/${project.id}/label/${encodeURIComponent(image.id)}`
    },
    { width, height },
  )
  await goTo(page, place)
  await page.getByTestId('label-canvas').waitFor()
  await page.waitForTimeout(4000)
}

/** Bytes of the page's JavaScript heap and array buffers after a collection. */
async function heapBytes(page: Page): Promise<number> {
  const debug = await page.context().newCDPSession(page)
  await debug.send('HeapProfiler.collectGarbage')
  const { usedSize, backingStorageSize = 0 } = (await debug.send('Runtime.getHeapUsage')) as {
    usedSize: number
    backingStorageSize?: number
  }
  await debug.detach()
  return usedSize + backingStorageSize
}

async function brush(page: Page, seconds: number): Promise<number> {
  const box = await page.getByTestId('label-canvas').boundingBox()
  if (!box) throw new Error('The canvas is not there.')
  const random = randomStream(1, 'brushing')
  const place = () =>
    [box.x + (0.1 + 0.8 * random.next()) * box.width, box.y + (0.1 + 0.8 * random.next()) * box.height] as const
  const end = performance.now() + 1000 * seconds
  let strokes = 0
  while (performance.now() < end) {
    if (strokes % 10 === 0) await page.keyboard.press(String(1 + random.below(4)))
    await page.mouse.move(...place())
    await page.mouse.down()
    for (let leg = 0; leg < 3; leg++) await page.mouse.move(...place(), { steps: 12 })
    await page.mouse.up()
    strokes++
  }
  return strokes
}

async function measure(page: Page, size: { width: number; height: number }, seconds: number): Promise<Measured> {
  await openLargeImage(page, size)
  await page.keyboard.press('b')
  for (let k = 0; k < 8; k++) await page.keyboard.press(']')
  await brush(page, 3)
  const heapBefore = await heapBytes(page)
  const before = await page.evaluate(() => studio.paintDelays.length)
  const strokes = await brush(page, seconds)
  const delays = (await page.evaluate(() => [...studio.paintDelays])).slice(before).sort((a, b) => a - b)
  const heapAfter = await heapBytes(page)
  const at = (share: number) => delays[Math.min(delays.length - 1, Math.floor(share * delays.length))]
  return {
    size: `${size.width} x ${size.height}`,
    strokes,
    frames: delays.length,
    median: at(0.5),
    p95: at(0.95),
    most: at(1),
    heapBefore,
    heapAfter,
  }
}

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } })
const profile = mkdtempSync(join(tmpdir(), 'cpral-studio-brush-'))
const { executable, version } = ensureBrowser()
const browser = await openBrowser({ executable, profile, engine: 'wasm', webgpu: 'off' })
try {
  console.log(`Browser: ${version}. Brushing for ${values.seconds} s on each size.`)
  console.log('image         strokes  frames  event to paint, ms: median    p95   most   heap MB: before  after')
  for (const size of SIZES) {
    const row = await measure(browser.page, size, Number(values.seconds))
    const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1).padStart(7)
    const time = (ms: number) => ms.toFixed(1).padStart(7)
    console.log(
      `${row.size.padEnd(13)} ${String(row.strokes).padStart(7)} ${String(row.frames).padStart(7)}  ${' '.repeat(19)}${time(row.median)}${time(row.p95)}${time(row.most)}           ${megabytes(row.heapBefore)}${megabytes(row.heapAfter)}`,
    )
  }
} finally {
  await browser.close()
  rmSync(profile, { recursive: true, force: true })
}
