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
import { SuperpixelMap } from '../../src/annotation/superpixels'
import { ensureBrowser } from '../browser/find-browser'
import { openBrowser } from '../browser/open-browser'
import { runUntilAsked, show } from '../effort/asked-run'
import type { Effort, Task } from '../effort/region-task'
import { withBrush } from '../effort/with-brush'
import { withSuggestions } from '../effort/with-suggestions'

/** Superpixels of this many pixels a side, index 1 of the table's sizes. */
const SUPERPIXEL_SIDE = 14
const COPY_SIDE = 1024

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
const { page, close } = await openBrowser({ executable, profile, engine: 'wasm', webgpu: 'off' })
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
