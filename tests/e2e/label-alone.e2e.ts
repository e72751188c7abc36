/** The label table of a folder without masks and without a run: what whoever only labels by hand finds there. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProjectRecord } from '../../src/domain/project.ts'
import { drag, imageOnTable, labelsOnDisk, openTable, untilSaved } from './label-table.ts'
import { openScenes, type SceneSession } from './scenes.ts'

let session: SceneSession
let page: Page
let project: ProjectRecord

beforeAll(async () => {
  session = await openScenes({ train: 3, val: 0 })
  page = session.page
  project = session.project
  page.setDefaultTimeout(30_000)
  await page.getByTestId('label').click()
  await page.getByTestId('label-canvas').waitFor()
})

afterAll(async () => {
  expect(session.strangers).toEqual([])
  await session?.close()
})

const progress = () => page.getByTestId('progress').textContent()

test('it says how far one has come, and leads to what has no labels yet', async () => {
  const first = await imageOnTable(page)
  await expect.poll(progress).toMatch(/^\s*0\.0\s% labelled;\s+0 of 3\simages begun/)
  await page.keyboard.press('b')
  await drag(page, [
    [0.3, 0.5],
    [0.7, 0.5],
  ])
  await expect.poll(progress).toMatch(/[1-9]\d?\.\d\s% labelled;\s+1 of 3\simages begun/)
  await page.keyboard.press('d')
  await expect.poll(() => imageOnTable(page)).not.toBe(first)
  const second = await imageOnTable(page)
  await page.keyboard.press('Shift+D')
  await expect.poll(() => imageOnTable(page)).not.toBe(second)
  expect(await imageOnTable(page)).not.toBe(first)
  await page.getByTestId('next-unlabelled').click()
  await expect.poll(() => imageOnTable(page)).toBe(second)
})

test('keys that answer suggestions say why there are none', async () => {
  for (const key of ['y', 'm']) {
    await page.keyboard.press(key)
    await expect.poll(() => page.getByTestId('label-notice').textContent()).toContain('Only a run')
  }
  await page.keyboard.press('j')
  await expect.poll(() => page.getByTestId('label-notice').textContent()).toContain('Nothing has been spread')
})

test('a class is added where it is missed, and painted with', async () => {
  const id = await imageOnTable(page)
  await openTable(page, project.id, id)
  await page.getByTestId('edit-classes').click()
  await page.getByTestId('add-class').click()
  await page.getByTestId('add-class').click()
  await page.getByTestId('remove-class-20').click()
  await page.getByTestId('class-name-19').fill('kerb')
  await page.keyboard.press('Enter')
  await page.getByTestId('class-19').click()
  // The dialog is gone and keeps no keys: Space is the table's own.
  await page.keyboard.press('Space')
  expect(await page.locator('dialog[open]').count()).toBe(0)
  await page.keyboard.press('Space')
  await page.keyboard.press('b')
  await drag(page, [
    [0.4, 0.4],
    [0.6, 0.4],
  ])
  await untilSaved(page)
  expect(new Set((await labelsOnDisk(page, id)).classes)).toEqual(new Set([19, 255]))
  await expect.poll(() => page.getByTestId('pixel-readout').textContent()).toContain('kerb')
})

test('Escape takes back what was changed of the classes only when it is pressed again', async () => {
  const dialogs = page.locator('dialog[open]')
  const name = page.getByTestId('class-name-0')
  const open = () => page.getByTestId('edit-classes').click()
  await open()
  await page.keyboard.press('Escape')
  await expect.poll(() => dialogs.count()).toBe(0)
  await open()
  const before = await name.inputValue()
  await name.fill('lane')
  await page.locator('dialog [type="file"]').dispatchEvent('cancel', { bubbles: true })
  expect(await dialogs.textContent()).not.toContain('not saved')
  await page.keyboard.press('Escape')
  await expect.poll(() => dialogs.textContent()).toContain('not saved')
  expect(await name.inputValue()).toBe('lane')
  await page.keyboard.press('Escape')
  await expect.poll(() => dialogs.count()).toBe(0)
  await open()
  expect(await name.inputValue()).toBe(before)
  expect(await dialogs.textContent()).not.toContain('not saved')
  await page.keyboard.press('Escape')
})

test('the scale is shown, and buttons change it', async () => {
  const scale = async () => Number.parseInt((await page.getByTestId('zoom').textContent())?.replace(',', '') ?? '', 10)
  const fitted = await scale()
  await page.getByRole('button', { name: 'Zoom in' }).click()
  await expect.poll(scale).toBeGreaterThan(fitted)
  await page.getByTestId('zoom').click()
  await expect.poll(scale).toBe(100)
  await page.keyboard.press('f')
  await expect.poll(scale).toBe(fitted)
})

test('what is told of the engine gives way to the page, and to Escape', async () => {
  const badge = page.getByTestId('engine-badge')
  const isOpen = () => badge.evaluate((details: HTMLDetailsElement) => details.open)
  await badge.locator('summary').click()
  expect(await isOpen()).toBe(true)
  await page.getByRole('heading', { level: 1 }).click()
  await expect.poll(isOpen).toBe(false)
  await badge.locator('summary').click()
  await page.keyboard.press('Escape')
  await expect.poll(isOpen).toBe(false)
})
