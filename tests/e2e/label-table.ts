/** A person at the label table: real pointers and keys, and what is on the disk afterwards. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { encode } from 'fast-png'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { goTo } from '../../scripts/browser/open-browser.ts'
import { applyChange } from '../../src/annotation/label-change.ts'
import { emptyRaster, type LabelRaster } from '../../src/annotation/raster.ts'
import { generateScene, SCENE_SIZE } from '../../src/demo/scenes/scene.ts'
import { CITYSCAPES_CLASSES } from '../../src/domain/classes.ts'
import type { ProjectRecord } from '../../src/domain/project.ts'
import type { LabelHistory } from '../../src/domain/strokes.ts'

export function writeFiles(folder: string, files: Record<string, Uint8Array | string>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
}

/** A folder of drawn street scenes without masks, and the list of the classes in them. */
export function writeScenes(folder: string, count: { train: number; val: number }): void {
  const files: Record<string, Uint8Array | string> = {
    'classes.txt': CITYSCAPES_CLASSES.map(({ name }) => `${name}\n`).join(''),
  }
  for (let index = 0; index < count.train + count.val; index++) {
    const split = index < count.train ? 'train' : 'val'
    const { rgb } = generateScene(9, index)
    files[`images/${split}/scene-${index}.png`] = encode({ ...SCENE_SIZE, data: rgb, channels: 3, depth: 8 })
  }
  writeFiles(folder, files)
}

/** The address's part behind #, as the page has it: what is told to a script may lag behind. */
export async function placeOf(page: Page): Promise<string> {
  return await page.evaluate(() => location.hash)
}

/** The id of the image that the address names. */
export async function imageOnTable(page: Page): Promise<string> {
  return decodeURIComponent((await placeOf(page)).split('/label/')[1])
}

/** Imports a folder as a person does; where only some images have masks, `keepUnmasked` takes the others too. */
export async function importFolder(page: Page, folder: string, { keepUnmasked = false } = {}): Promise<ProjectRecord> {
  await goTo(page, '#/')
  await page.getByTestId('folder-input').first().setInputFiles(folder)
  if (keepUnmasked) await page.getByTestId('keep-unmasked').check()
  await page.getByTestId('import-confirm').click()
  await page.getByTestId('open-project').click()
  const hash = await placeOf(page)
  const projectId = /project\/([^/]+)/.exec(hash)?.[1]
  const projects = await page.evaluate(() => studio.data.listProjects())
  const project = projects.find(({ id }) => id === projectId)
  if (!project) throw new Error(`No project at ${hash}`)
  return project
}

/** Resolves when this image lies on the table, not the one before. */
export async function openTable(page: Page, projectId: string, imageId: string): Promise<void> {
  await goTo(page, `#/project/${encodeURIComponent(projectId)}/label/${encodeURIComponent(imageId)}`)
  await untilOpen(page, projectId, imageId)
}

async function untilOpen(page: Page, projectId: string, imageId: string): Promise<void> {
  const name = imageId.slice(projectId.length + 1)
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  await page.getByTestId('label-canvas').waitFor()
}

/** Resolves when the queue is at this position and what it asks for lies on the table. */
export async function untilAsked(page: Page, projectId: string, position: string): Promise<void> {
  await expect.poll(() => page.getByTestId('queue-position').textContent()).toContain(position)
  await untilOpen(page, projectId, await imageOnTable(page))
}

/** Moves the pressed pointer along points given as shares of the canvas; `lift: false` leaves it pressed. */
export async function drag(
  page: Page,
  way: readonly [number, number][],
  { steps = 6, lift = true } = {},
): Promise<void> {
  const box = await page.getByTestId('label-canvas').boundingBox()
  if (!box) throw new Error('The canvas is not there.')
  const [first, ...rest] = way.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const)
  await page.mouse.move(...first)
  await page.mouse.down()
  for (const point of rest) await page.mouse.move(...point, { steps })
  if (lift) await page.mouse.up()
}

export async function untilSaved(page: Page): Promise<void> {
  await expect.poll(() => page.getByTestId('save-indicator').textContent()).toBe('Saved')
}

/** An image's labels as they lie on the disk. */
export async function labelsOnDisk(page: Page, imageId: string): Promise<LabelRaster> {
  const images = await page.evaluate(async (id) => {
    for (const project of await studio.data.listProjects()) {
      const image = (await studio.data.listImages({ projectId: project.id })).find((candidate) => candidate.id === id)
      if (image) return image.size
    }
    return null
  }, imageId)
  if (!images) throw new Error(`No image ${imageId}`)
  const history: LabelHistory = await page.evaluate(
    (id) => studio.data.labelHistory({ imageId: id, isWriter: false }),
    imageId,
  )
  expect(history.problems).toEqual([])
  const raster = emptyRaster(images)
  if (history.base) applyChange(raster, history.base)
  for (const { seq, patch } of history.strokes) if (seq <= history.head) applyChange(raster, patch)
  return raster
}
