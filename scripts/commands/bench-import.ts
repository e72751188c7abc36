/**
 * `npm run bench:import`: a folder of 1,000 photos of 2 megapixels with masks is looked through, imported, browsed and opened again in
 * headless Chromium; with `--only-import` it ends there. Times
 * are what a person waits; memory is the JavaScript of page and workers after a collection, and the most that the page's process held.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { encode } from 'fast-png'
import type { Page } from 'playwright-core'
import { ensureBrowser } from '../browser/find-browser'
import { goTo, openBrowser } from '../browser/open-browser'

const WIDTH = 1920
const HEIGHT = 1080
/** Images that are opened at the label table one after the other, spread over the project: twice, to see whether memory grows. */
const OPENED = 40

/** Draws the photos in the browser, each another, and writes them to a folder. */
async function writePhotos(page: Page, folder: string, count: number): Promise<number> {
  mkdirSync(join(folder, 'images'), { recursive: true })
  writeFileSync(join(folder, 'classes.txt'), 'road\ntree\nsky\nhouse\n')
  let bytes = 0
  for (let index = 0; index < count; index++) {
    const base64 = await page.evaluate(
      async ({ index, width, height }) => {
        const canvas = new OffscreenCanvas(width, height)
        const context = canvas.getContext('2d')
        if (!context) throw new Error('no canvas')
        context.fillStyle = `hsl(${(index * 37) % 360} 30% 60%)`
        context.fillRect(0, 0, width, height)
        for (let k = 0; k < 900; k++) {
          const at = (index + 1) * (k + 1)
          context.fillStyle = `hsl(${(at * 47) % 360} 40% ${30 + (k % 40)}% / 0.4)`
          context.fillRect((at * 7919) % width, (at * 104729) % height, 10 + (at % 190), 10 + (at % 170))
        }
        const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })
        const reader = new FileReader()
        const read = new Promise<string>((resolve) => {
          reader.onload = () => resolve(String(reader.result))
        })
        reader.readAsDataURL(blob)
        return (await read).split(',')[1]
      },
      { index, width: WIDTH, height: HEIGHT },
    )
    const file = Buffer.from(base64, 'base64')
    bytes += file.length
    writeFileSync(join(folder, 'images', `photo-${String(index).padStart(4, '0')}.jpg`), file)
  }
  return bytes
}

/** Masks that differ; photos take them in turn. */
const MASKS = 20

/** Palette PNGs of four classes in a few hundred areas, as people draw them. */
function writeMasks(folder: string, count: number): void {
  mkdirSync(join(folder, 'labels'), { recursive: true })
  const palette = [
    [128, 64, 128],
    [107, 142, 35],
    [70, 130, 180],
    [70, 70, 70],
  ]
  const masks = Array.from({ length: Math.min(MASKS, count) }, (_, index) => {
    const data = new Uint8Array(WIDTH * HEIGHT)
    for (let k = 0; k < 300; k++) {
      const at = (index + 1) * (k + 1)
      const [left, top] = [(at * 7919) % WIDTH, (at * 104729) % HEIGHT]
      const right = Math.min(WIDTH, left + 10 + (at % 190))
      for (let row = top; row < Math.min(HEIGHT, top + 10 + (at % 170)); row++) {
        data.fill(at % 4, row * WIDTH + left, row * WIDTH + right)
      }
    }
    return encode({ width: WIDTH, height: HEIGHT, data, depth: 8, channels: 1, palette })
  })
  for (let index = 0; index < count; index++) {
    writeFileSync(join(folder, 'labels', `photo-${String(index).padStart(4, '0')}.png`), masks[index % masks.length])
  }
}

/** JavaScript memory of the page and its workers, in megabytes, after a collection. */
async function scriptMemory(page: Page): Promise<number> {
  const bytes = await page.evaluate(async () => {
    const measured = performance as unknown as { measureUserAgentSpecificMemory(): Promise<{ bytes: number }> }
    return (await measured.measureUserAgentSpecificMemory()).bytes
  })
  return bytes / 2 ** 20
}

/** Megabytes that the page's process holds at most so far; NaN where the system does not tell. */
async function processPeak(page: Page): Promise<number> {
  const browser = await page.context().browser()?.newBrowserCDPSession()
  if (!browser) return Number.NaN
  const { processInfo } = (await browser.send('SystemInfo.getProcessInfo')) as {
    processInfo: { type: string; id: number }[]
  }
  await browser.detach()
  const peaks = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      try {
        return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]) / 1024
      } catch {
        return Number.NaN
      }
    })
  return Math.max(...peaks)
}

const { values } = parseArgs({
  options: { images: { type: 'string', default: '1000' }, 'only-import': { type: 'boolean', default: false } },
})
const count = Number(values.images)
const folder = mkdtempSync(join(tmpdir(), 'cpral-studio-photos-'))
const profile = mkdtempSync(join(tmpdir(), 'cpral-studio-import-'))
const { executable, version } = ensureBrowser()
const { context, page, close } = await openBrowser({ executable, profile, engine: 'wasm', webgpu: 'off' })

async function report(step: string, seconds: number, on: Page): Promise<void> {
  const [memory, peak] = [await scriptMemory(on), await processPeak(on)]
  console.log(
    `${step.padEnd(44)}${seconds.toFixed(2).padStart(9)}${memory.toFixed(1).padStart(11)}${peak.toFixed(0).padStart(9)}`,
  )
}

async function timed(body: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await body()
  return (performance.now() - begin) / 1000
}

/** The gallery to its end, as fast as it comes. */
async function browse(on: Page): Promise<void> {
  for (;;) {
    const shown = await on.getByTestId('gallery').locator('li').count()
    await on.evaluate(() => scrollTo(0, document.body.scrollHeight))
    if (shown >= count) break
    await on.waitForFunction((n) => document.querySelectorAll('[data-testid="gallery"] li').length > n, shown)
  }
  await on.waitForFunction(() => {
    const last = document.querySelector<HTMLImageElement>('[data-testid="gallery"] li:last-child img')
    return last?.complete === true && last.naturalWidth > 0
  })
}

async function openTables(on: Page, projectId: string): Promise<void> {
  const images = await on.evaluate((id) => studio.data.listImages({ projectId: id }), projectId)
  for (let k = 0; k < OPENED; k++) {
    const { id, name } = images[Math.floor((k * images.length) / OPENED)]
    await goTo(on, `#/project/${projectId}/label/${encodeURIComponent(id)}`)
    await on.waitForFunction((text) => document.title.includes(text), name)
    await on.getByTestId('label-canvas').waitFor()
  }
}

try {
  console.log(`Browser: ${version}. Drawing ${count} photos of ${WIDTH} x ${HEIGHT}.`)
  const bytes = await writePhotos(page, folder, count)
  writeMasks(folder, count)
  console.log(`${(bytes / 2 ** 20).toFixed(0)} MB of JPEG, and a mask for each.`)
  console.log(`${'step'.padEnd(44)}  seconds  script MB  peak MB`)
  await goTo(page, '#/project/none')
  await page.reload()
  await page.waitForFunction(() => 'studio' in globalThis)
  await report('the page with nothing in it', 0, page)
  await goTo(page, '#/')
  await report(
    'look through the folder',
    await timed(async () => {
      await page.getByTestId('folder-input').first().setInputFiles(folder)
      await page.getByTestId('import-confirm').waitFor({ timeout: 3_600_000 })
    }),
    page,
  )
  await report(
    'import',
    await timed(async () => {
      await page.getByTestId('import-confirm').click()
      await page.getByTestId('import-result').waitFor({ timeout: 3_600_000 })
    }),
    page,
  )
  if (!values['only-import']) await afterImport()
} finally {
  await close()
  rmSync(folder, { recursive: true, force: true })
  rmSync(profile, { recursive: true, force: true })
}

async function afterImport(): Promise<void> {
  await report(
    'open the project',
    await timed(async () => {
      await page.getByTestId('open-project').click()
      await page.getByTestId('gallery').locator('li').nth(20).waitFor()
    }),
    page,
  )
  await report('browse the gallery to its end', await timed(() => browse(page)), page)
  const projectId = /project\/([^/]+)/.exec(page.url())?.[1] ?? ''
  for (const which of ['', 'another ']) {
    const seconds = await timed(() => openTables(page, projectId))
    await report(`open ${which}${OPENED} at the label table, each`, seconds / OPENED, page)
  }
  await page.close()
  const again = await context.newPage()
  await report(
    'open the page and the project again',
    await timed(async () => {
      await again.goto(`http://studio.localhost/?engine=wasm#/project/${projectId}`)
      await again.getByTestId('gallery').locator('li').nth(20).waitFor()
    }),
    again,
  )
  await report('browse it to its end', await timed(() => browse(again)), again)
}
