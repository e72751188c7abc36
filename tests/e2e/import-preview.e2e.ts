/** A person looks at a folder that leaves questions open, answers, corrects, and gets what the preview showed. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goTo } from '../../scripts/browser/open-browser.ts'
import { generateScene, SCENE_SIZE } from '../../src/demo/scenes/scene.ts'
import { bringAxe, inspect } from './axe.ts'
import { placeOf, writeFiles } from './label-table.ts'
import { openSession, type Session } from './session.ts'

let session: Session
let folder: string

/** Ground, things and sky of a scene of Cityscapes' classes. */
function threeClasses(labels: Uint8Array): Uint8Array {
  return labels.map((id) => (id <= 1 ? 0 : id === 10 ? 2 : 1))
}

/** The same with the numbers moved on: the labels of the other set of masks. */
const movedOn = (classIds: Uint8Array) => classIds.map((id) => (id + 1) % 3)

const png = (data: Uint8Array, channels: 1 | 3) => encode({ ...SCENE_SIZE, data, channels, depth: 8 })
const SCENES = Array.from({ length: 6 }, (_, index) => generateScene(4, index))

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cpral-studio-preview-'))
  const lists = { 'classes.txt': 'ground\nthings\nsky\n' }
  const plain: Record<string, Uint8Array | string> = {
    ...lists,
    'images/scene-1b.png': png(SCENES[0].rgb, 3).slice(0, 900),
  }
  const twoSets: Record<string, Uint8Array | string> = { ...lists }
  for (const [index, { rgb, labels }] of SCENES.entries()) {
    const classIds = threeClasses(labels)
    plain[`images/scene-${index}.png`] = png(rgb, 3)
    plain[`labels/scene-${index}.png`] = png(classIds, 1)
    twoSets[`JPEGImages/scene-${index}.png`] = png(rgb, 3)
    twoSets[`SegmentationClass/scene-${index}.png`] = png(classIds, 1)
    twoSets[`SegmentationClassAug/scene-${index}.png`] = png(movedOn(classIds), 1)
  }
  plain['labels/scene-1b.png'] = plain['labels/scene-1.png']
  for (const index of [0, 1]) twoSets[`holiday/beach-${index}.png`] = png(generateScene(5, index).rgb, 3)
  writeFiles(join(folder, 'plain'), plain)
  writeFiles(join(folder, 'two-sets'), twoSets)
  session = await openSession()
  session.page.setDefaultTimeout(60_000)
})

afterAll(async () => {
  await session?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Resolves when the folder has been looked through again, and the import could begin. */
async function untilLookedThrough(page: Page): Promise<void> {
  await page.locator('[data-testid="import-confirm"]:enabled').waitFor()
}

/** The colour that the labels of the open image have at a pixel, RGBA. */
async function labelColorAt(page: Page, place: { x: number; y: number }): Promise<number[]> {
  return await page.locator('canvas.labels').evaluate((canvas, { x, y }) => {
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error('no canvas')
    return [...(canvas.getContext('2d')?.getImageData(x, y, 1, 1).data ?? [])]
  }, place)
}

async function choose(page: Page, name: string): Promise<void> {
  await goTo(page, '#/')
  await page.getByTestId('folder-input').first().setInputFiles(join(folder, name))
  await untilLookedThrough(page)
}

/** Imports what the preview shows: the new project's classes, and its images with their ground truth. */
async function importIt(page: Page) {
  await page.getByTestId('import-confirm').click()
  await page.getByTestId('open-project').click()
  const projectId = /project\/([^/]+)/.exec(await placeOf(page))?.[1] ?? ''
  return await page.evaluate(
    async ({ projectId, size }) => {
      const project = (await studio.data.listProjects()).find(({ id }) => id === projectId)
      const images = await studio.data.listImages({ projectId })
      const truths = images.map(async ({ name, id }) => {
        return [name, [...((await studio.data.groundTruth({ imageId: id, size })) ?? [])]] as const
      })
      return { classes: project?.classes, truths: Object.fromEntries(await Promise.all(truths)) }
    },
    { projectId, size: SCENE_SIZE },
  )
}

/** What `importIt` finds when the scenes have these labels. */
function truthsOf(prefix: string, labelsOf: (labels: Uint8Array) => Uint8Array): Record<string, number[]> {
  return Object.fromEntries(SCENES.map(({ labels }, index) => [`${prefix}/scene-${index}`, [...labelsOf(labels)]]))
}

test('names and colours are corrected, images leafed through, and the import is what was shown', async () => {
  const { page } = session
  await choose(page, 'plain')
  await bringAxe(page)
  await page.getByTestId('import-class-2').fill('things')
  await page.locator('[data-testid="import-confirm"]:disabled').waitFor()
  await inspect(page, 'import-two-of-one-name')
  await page.getByTestId('import-class-2').fill('heaven')
  await page.locator('[data-class="2"] input[type="color"]').fill('#0a141e')

  const viewer = page.getByTestId('pair-view')
  await page.getByTestId('pair-number').fill('2')
  await page.getByTestId('pair-number').press('Enter')
  await viewer.getByText('labels/scene-1.png').waitFor()
  await page.getByTestId('next-pair').press('ArrowRight')
  await viewer.getByText('"images/scene-1b.png" is cut off').waitFor()
  await inspect(page, 'import-broken-pair')
  await page.getByTestId('next-pair').press('ArrowRight')
  await viewer.getByText('labels/scene-2.png').waitFor()
  const at = threeClasses(SCENES[2].labels).indexOf(2)
  const place = { x: at % SCENE_SIZE.width, y: Math.floor(at / SCENE_SIZE.width) }
  expect(await labelColorAt(page, place)).toEqual([10, 20, 30, 255])

  const { classes, truths } = await importIt(page)
  expect(classes?.map(({ name }) => name)).toEqual(['ground', 'things', 'heaven'])
  expect(classes?.[2].color).toEqual([10, 20, 30])
  expect(truths).toEqual(truthsOf('images', threeClasses))
  expect(session.strangers).toEqual([])
})

test('of two sets of masks the one that was chosen is imported, without the files that are no part of it', async () => {
  const { page } = session
  await choose(page, 'two-sets')
  await bringAxe(page)
  const questions = page.getByTestId('import-questions')
  const viewer = page.getByTestId('pair-view')
  await viewer.getByText('SegmentationClass/scene-0.png').waitFor()
  await inspect(page, 'import-questions')
  await page.getByTestId('import-class-0').fill('floor')
  await questions.getByRole('radio', { name: 'SegmentationClassAug' }).check()
  await untilLookedThrough(page)
  await viewer.getByText('SegmentationClassAug/scene-0.png').waitFor()
  expect(await page.getByTestId('import-class-0').inputValue()).toBe('floor')

  const holiday = page.locator('[data-group]', { hasText: 'holiday' })
  await holiday.getByText('Ignored', { exact: true }).click()
  await untilLookedThrough(page)
  expect(await questions.getByRole('radio', { name: 'SegmentationClassAug' }).isChecked()).toBe(true)
  const chosen = page.getByTestId('problems').locator('li', { hasText: 'You chose this' })
  await chosen.locator('summary').click()
  await chosen.locator('code').first().waitFor()
  const left = await chosen.locator('code').allInnerTexts()
  expect(left.sort()).toEqual(['holiday/beach-0.png', 'holiday/beach-1.png'])

  const { classes, truths } = await importIt(page)
  expect(classes?.map(({ name }) => name)).toEqual(['floor', 'things', 'sky'])
  expect(truths).toEqual(truthsOf('JPEGImages', (labels) => movedOn(threeClasses(labels))))
})
