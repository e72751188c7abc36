/** A disk that is full, for one store after the other: nothing is lost, a sentence says what to do, and it goes on when there is room. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { goTo } from '../../scripts/browser/open-browser.ts'
import { UNDO_DEPTH } from '../../src/annotation/stroke.ts'
import type { ConfigOverrides } from '../../src/cpral/presets.ts'
import type { ImageSummary, ProjectRecord } from '../../src/domain/project.ts'
import type { RoundRecord } from '../../src/domain/round.ts'
import { fill } from './disk.ts'
import { drag, importFolder, labelsOnDisk, openTable, untilAsked, untilSaved, writeFiles } from './label-table.ts'
import { openScenes, type SceneSession } from './scenes.ts'
import { createRun, createTinyRun, finishRun, outcomeOf, roundsOf, TINY } from './session.ts'
import { mobileNetFile } from './weights-files.ts'

const NO_ROOM = /no room left.*Free disk space or delete a project/s

let session: SceneSession
let project: ProjectRecord
let images: ImageSummary[]

beforeAll(async () => {
  session = await openScenes({ train: 5, val: 1 })
  project = session.project
  images = session.images
})

afterEach(() => fill(session.page, null))

afterAll(() => session?.close())

async function untilRefused(page: Page): Promise<void> {
  await expect.poll(async () => (await page.getByRole('alert').allTextContents()).join(' ')).toMatch(NO_ROOM)
}

async function untilNotSaved(page: Page): Promise<void> {
  await expect.poll(() => page.getByTestId('save-indicator').textContent()).toBe('Not saved')
  await untilRefused(page)
}

/** Pixels of class 5 on the disk: what the strokes below paint. */
async function paintedOn(page: Page, imageId: string): Promise<number> {
  return (await labelsOnDisk(page, imageId)).classes.filter((id) => id === 5).length
}

async function exportedImages(page: Page, projectId: string): Promise<number> {
  return await page.evaluate(async (projectId) => {
    const request = { projectId, format: 'index' as const, runId: null, extended: 'out' as const }
    return (await studio.data.exportLabels(request, () => {}, new AbortController().signal))?.images ?? 0
  }, projectId)
}

/** Strokes of one pixel each, so many that the next but one folds the oldest. */
async function fillJournal(page: Page, imageId: string): Promise<void> {
  await page.evaluate(
    async ({ imageId, count }) => {
      const writes: Promise<void>[] = []
      for (let head = 0; head < count; head++) {
        const patch = {
          starts: Uint32Array.of(head),
          lengths: Uint32Array.of(1),
          before: Uint16Array.of(255),
          after: Uint16Array.of((1 << 8) | 2),
        }
        const stroke = { id: crypto.randomUUID(), at: 0, tool: 'Brush', patch }
        writes.push(studio.data.appendStroke({ imageId, head, stroke }))
      }
      await Promise.all(writes)
    },
    { imageId, count: UNDO_DEPTH + 98 },
  )
}

test.each([
  ['strokes', 0],
  ['journals', 1],
  ['bases', 2],
] as const)('%s', async (store, index) => {
  const { page } = session
  const { id } = images[index]
  if (store === 'bases') await fillJournal(page, id)
  await openTable(page, project.id, id)
  await page.keyboard.press('b')
  await page.keyboard.press('7')
  await drag(page, [
    [0.2, 0.8],
    [0.3, 0.8],
  ])
  await untilSaved(page)
  await page.keyboard.press('6')
  const before = await paintedOn(page, id)
  await fill(page, store)
  await drag(page, [
    [0.2, 0.6],
    [0.5, 0.65],
  ])
  await untilNotSaved(page)
  await drag(page, [
    [0.5, 0.4],
    [0.7, 0.4],
  ])
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+y')
  expect(await page.getByTestId('save-indicator').textContent()).toBe('Not saved')
  expect(await paintedOn(page, id)).toBe(before)
  // What is on the disk can be exported all the same.
  expect(await exportedImages(page, project.id)).toBeGreaterThan(0)
  await fill(page, null)
  await page.getByTestId('save-again').click()
  await untilSaved(page)
  const saved = await paintedOn(page, id)
  expect(saved).toBeGreaterThan(before + 500)
  await page.reload()
  await page.getByTestId('label-canvas').waitFor()
  await untilSaved(page)
  await page.keyboard.press('Control+z')
  await untilSaved(page)
  expect(await paintedOn(page, id)).toBeLessThan(saved)
})

test('answers', async () => {
  const { page } = session
  const runId = await createRun(page, project, {
    annotator: 'person',
    size: { height: 64, width: 128 },
    selection: { rounds: 2, initialImages: 2, panopticSize: 3, budgetImages: 1, regionSide: 16 },
  })
  await finishRun(page, runId)
  await goTo(page, `#/project/${project.id}/run/${runId}/label/${encodeURIComponent(images[0].id)}`)
  await untilAsked(page, project.id, 'region 1 of')
  await untilSaved(page)
  await fill(page, 'answers')
  await page.keyboard.press('Enter')
  await untilNotSaved(page)
  const answers = () =>
    page.evaluate(
      async ({ runId, projectId }) => {
        const run = (await studio.data.listRuns({ projectId })).find(({ id }) => id === runId)
        return studio.data.answers({ runId, round: run?.round ?? 0 })
      },
      { runId, projectId: project.id },
    )
  expect(await answers()).toEqual([])
  await fill(page, null)
  await page.getByTestId('save-again').click()
  await untilSaved(page)
  expect(await answers()).toMatchObject([{ index: 0, status: 'done' }])
})

test('projects: classes are not changed by halves', async () => {
  const { page } = session
  const names = () =>
    page.evaluate(async (id) => {
      const project = (await studio.data.listProjects()).find((each) => each.id === id)
      return project?.classes.map(({ name }) => name) ?? []
    }, project.id)
  const before = await names()
  await goTo(page, `#/project/${project.id}`)
  await page.locator('summary', { hasText: 'classes' }).click()
  await page.getByTestId('edit-classes').click()
  await page.getByTestId('add-class').click()
  await page.getByTestId(`class-name-${before.length}`).fill('kite')
  await fill(page, 'projects')
  await page.getByTestId('save-classes').click()
  await untilRefused(page)
  expect(await names()).toEqual(before)
  await fill(page, null)
  await page.getByTestId('save-classes').click()
  await expect.poll(async () => (await names()).length).toBe(before.length + 1)
})

test.each(['projects', 'images', 'groundTruth', 'thumbnails'] as const)(
  '%s: an import leaves nothing behind, and what was there before stays',
  async (store) => {
    const { page } = session
    const other = mkdtempSync(join(tmpdir(), 'cpral-studio-full-'))
    try {
      const files: Record<string, Uint8Array | string> = { 'classes.txt': 'above\nbelow\n' }
      for (let i = 0; i < 3; i++) {
        const [width, height] = [32, 24]
        const data = Uint8Array.from({ length: width * height }, (_, at) => at % 2)
        const rgb = Uint8Array.from({ length: 3 * width * height }, (_, at) => (at * (i + 3)) % 256)
        files[`images/train/${i}.png`] = encode({ width, height, data: rgb, channels: 3, depth: 8 })
        files[`labels/train/${i}.png`] = encode({ width, height, data, channels: 1, depth: 8 })
      }
      writeFiles(other, files)
      const painted = await paintedOn(page, images[0].id)
      const projects = await page.evaluate(() => studio.data.listProjects())
      await goTo(page, '#/')
      await page.getByTestId('folder-input').first().setInputFiles(other)
      await page.getByTestId('import-confirm').waitFor()
      await fill(page, store)
      await page.getByTestId('import-confirm').click()
      await untilRefused(page)
      expect(await page.evaluate(() => studio.data.listProjects())).toEqual(projects)
      expect(await paintedOn(page, images[0].id)).toBe(painted)
      await fill(page, null)
      const { id } = await importFolder(page, other)
      expect(await page.evaluate((projectId) => studio.data.listImages({ projectId }), id)).toHaveLength(3)
      await page.evaluate((projectId) => studio.data.deleteProject({ projectId }), id)
    } finally {
      rmSync(other, { recursive: true, force: true })
    }
  },
)

test('weights', async () => {
  const { page } = session
  await goTo(page, `#/project/${project.id}`)
  const panel = page.getByTestId('new-run-panel')
  await page.getByTestId('new-run').or(panel).first().waitFor()
  if (!(await panel.isVisible())) await page.getByTestId('new-run').click()
  const choose = () =>
    page.getByTestId('weights-input').setInputFiles({
      name: 'net.safetensors',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(mobileNetFile(0.35)),
    })
  await fill(page, 'weights')
  await choose()
  await untilRefused(page)
  expect(await page.evaluate(() => studio.data.listWeights())).toEqual([])
  await fill(page, null)
  await choose()
  await page.getByTestId('weights-facts').waitFor()
})

const SHORT: ConfigOverrides = { ...TINY, training: { epochs: 1 }, selection: { ...TINY.selection, rounds: 2 } }
let undisturbed: RoundRecord[] | null = null

test.each(['runs', 'rounds', 'labels', 'layers', 'queries', 'checkpoints'] as const)(
  '%s: a run stops with its sentence, goes on when there is room, and ends the same',
  async (store) => {
    const { page } = session
    if (!undisturbed) {
      const { runId } = await createTinyRun(page, SHORT)
      await finishRun(page, runId)
      undisturbed = await roundsOf(page, runId)
    }
    const { projectId, runId } = await createTinyRun(page, SHORT)
    await goTo(page, `#/project/${projectId}/run/${runId}`)
    await page.getByTestId('continue').waitFor()
    await fill(page, store)
    await page.getByTestId('continue').click()
    await untilRefused(page)
    await fill(page, null)
    await page.getByTestId('continue').click()
    await page.locator('[data-testid="run-controls"][data-status="done"]').waitFor()
    const ids = (rounds: RoundRecord[]) => JSON.stringify(outcomeOf(rounds)).replaceAll(/[0-9a-f-]{36}\//g, '')
    expect(ids(await roundsOf(page, runId))).toBe(ids(undisturbed))
    await page.evaluate((projectId) => studio.data.deleteProject({ projectId }), projectId)
  },
)
