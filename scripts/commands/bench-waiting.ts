/**
 * `npm run bench:waiting`: how long a person waits after the last answer of a round: for the first region ahead, and for the first
 * region of the next round. Generated images, a network of random weights; real keys in headless Chromium. What is in the images does not
 * matter to the times.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { initialPool } from '../../src/cpral/image-scores'
import type { ClassDefinition } from '../../src/domain/classes'
import type { RoundRecord } from '../../src/domain/round'
import { ensureBrowser } from '../browser/find-browser'
import { goTo, openBrowser } from '../browser/open-browser'

const WIDTH = 960
const HEIGHT = 720
const CLASSES = 8

/** Imports so many images of soft colours and boxes; returns the project's id and those of its images. */
function importImages(page: Page, count: number): Promise<{ projectId: string; imageIds: string[] }> {
  return page.evaluate(
    async ({ count, width, height, classes }) => {
      const canvas = new OffscreenCanvas(width, height)
      const context = canvas.getContext('2d')
      if (!context) throw new Error('no canvas')
      const files: { path: string; file: File }[] = []
      for (let index = 0; index < count; index++) {
        context.fillStyle = `hsl(${(index * 31) % 360} 30% 45%)`
        context.fillRect(0, 0, width, height)
        for (let box = 0; box < 60; box++) {
          const k = index * 60 + box
          context.fillStyle = `hsl(${(k * 47) % 360} 50% 55%)`
          context.fillRect((k * 7919) % width, (k * 6007) % height, 20 + (k % 150), 20 + (k % 110))
        }
        const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })
        const name = `${String(index).padStart(4, '0')}.jpg`
        files.push({ path: `images/${name}`, file: new File([blob], name) })
      }
      const request = { name: `${count} images`, files }
      const { project } = await studio.data.import(request, () => {}, new AbortController().signal)
      const named = Array.from({ length: classes }, (_, id): ClassDefinition => {
        return { name: `class ${id}`, color: [30 * id, 80, 160] }
      })
      const order = named.map((_, id) => id)
      await studio.data.updateClasses({ projectId: project.id, known: project.classes, classes: named, order })
      const images = await studio.data.listImages({ projectId: project.id })
      return { projectId: project.id, imageIds: images.flatMap(({ id, split }) => (split === 'train' ? [id] : [])) }
    },
    { count, width: WIDTH, height: HEIGHT, classes: CLASSES },
  )
}

/** Labels a square as one class, without the table. */
async function labelBox(page: Page, imageId: string, classId: number, box: { x: number; y: number; side: number }) {
  await page.evaluate(
    async ({ imageId, classId, box, width }) => {
      const { head } = await studio.data.labelHistory({ imageId, isWriter: true })
      const patch = {
        starts: Uint32Array.from({ length: box.side }, (_, row) => (box.y + row) * width + box.x),
        lengths: new Uint32Array(box.side).fill(box.side),
        before: new Uint16Array(box.side).fill(255),
        after: new Uint16Array(box.side).fill((1 << 8) | classId),
      }
      const stroke = { id: crypto.randomUUID(), at: 0, tool: 'Brush', patch }
      await studio.data.appendStroke({ imageId, head, stroke })
    },
    { imageId, classId, box, width: WIDTH },
  )
}

async function lastRound(page: Page, runId: string): Promise<RoundRecord> {
  const rounds = await page.evaluate((id) => studio.data.rounds({ runId: id }), runId)
  const last = rounds.at(-1)
  if (!last) throw new Error('The run has asked for nothing.')
  return last
}

/** Answers every region of a round but the last, without the table. */
async function answerAllButOne(page: Page, runId: string, { index, regions }: RoundRecord): Promise<void> {
  await page.evaluate(
    async ({ runId, round, count }) => {
      for (let index = 0; index < count; index++) {
        const answer = { runId, round, index, status: 'done' as const, clicks: 1, seconds: 1, at: 0 }
        await studio.data.putAnswer({ answer })
      }
    },
    { runId, round: index, count: regions.length - 1 },
  )
}

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '200' },
    /** Training steps of a round; absent: the default's. */
    steps: { type: 'string' },
    method: { type: 'string', default: 'balanced-entropy' },
    recipe: { type: 'string', default: 'studio' },
    preset: { type: 'string', default: 'light' },
  },
})
const profile = mkdtempSync(join(tmpdir(), 'cpral-studio-waiting-'))
const { executable, version } = ensureBrowser()
const { page, close } = await openBrowser({ executable, profile, engine: 'wasm', webgpu: 'off' })
try {
  page.setDefaultTimeout(4 * 3600_000)
  console.log(`Browser: ${version}`)
  const { projectId, imageIds } = await importImages(page, Number(values.images))
  const { runId, size, initialImages, seed } = await page.evaluate(
    async ({ projectId, steps, method, recipe, preset }) => {
      const project = (await studio.data.listProjects()).find(({ id }) => id === projectId)
      const [image] = await studio.data.listImages({ projectId })
      if (!project) throw new Error('The project is gone.')
      const config = studio.defaultConfig(studio.factsOf(project, image.size, 'wasm'), preset as 'light', {
        annotator: 'person',
        recipe: recipe === 'paper' ? 'paper' : 'studio',
        weights: null,
        selection: { method: method as 'balanced-entropy' },
        training: steps ? { steps: Number(steps) } : {},
      })
      const run = await studio.compute.createRun({ projectId, config })
      const { selection, seed, size } = run.config
      return { runId: run.id, size, seed, initialImages: selection.initialImages }
    },
    { projectId, steps: values.steps, method: values.method, recipe: values.recipe, preset: values.preset },
  )
  for (const [k, imageId] of initialPool(imageIds, initialImages, seed).entries()) {
    for (let box = 0; box < 6; box++) {
      await labelBox(page, imageId, (k + box) % CLASSES, { x: 150 * box, y: 100 * (box % 4), side: 120 })
    }
  }
  await page.evaluate((runId) => studio.compute.run({ runId }, () => {}, new AbortController().signal), runId)
  const first = await lastRound(page, runId)
  console.log(
    `${imageIds.length} images of ${WIDTH} x ${HEIGHT}, input ${size.width} x ${size.height}; round 1: ${first.steps} steps, ${first.regions.length} regions, ${first.ahead?.length ?? 0} ahead`,
  )
  for (const [k, { imageId, x, y, width }] of first.regions.entries()) {
    const scale = WIDTH / size.width
    await labelBox(page, imageId, k % CLASSES, {
      x: Math.round(x * scale),
      y: Math.round(y * scale),
      side: Math.floor(width * scale) - 1,
    })
  }
  await answerAllButOne(page, runId, first)
  const place = `#/project/${encodeURIComponent(projectId)}/run/${runId}/label/`
  await goTo(page, place + encodeURIComponent(first.regions.at(-1)?.imageId ?? ''))
  await page.getByTestId('accept').waitFor()

  const start = await page.evaluate(() => performance.timeOrigin + performance.now())
  await page.keyboard.press('Enter')
  const ahead = await page.waitForFunction(() => {
    const position = document.querySelector('[data-testid="queue-position"]')?.textContent
    const name = decodeURIComponent(location.hash.split('/label/')[1] ?? '')
    const shown = document.querySelector('h1')?.textContent ?? ''
    const isThere = position?.startsWith('ahead') && shown !== '' && name.endsWith(shown)
    return isThere && document.querySelector('[data-testid="label-canvas"]')
      ? performance.timeOrigin + performance.now()
      : null
  })
  console.log(`first region ahead: ${(Number(await ahead.jsonValue()) - start).toFixed(0)} ms`)
  const next = await page.waitForFunction(() => {
    const sentence = document.querySelector('[data-testid="queue-sentence"]')?.textContent
    return sentence?.startsWith('Round 2 has') ? performance.timeOrigin + performance.now() : null
  })
  console.log(`first region of the next round: ${((Number(await next.jsonValue()) - start) / 1000).toFixed(1)} s`)
  const { steps, seconds } = await lastRound(page, runId)
  const parts = Object.entries(seconds).map(([part, time]) => `${part} ${time.toFixed(1)}`)
  console.log(`of these, seconds: ${parts.join(', ')}; ${steps} steps`)
} finally {
  await close()
  rmSync(profile, { recursive: true, force: true })
}
