/** axe-core finds nothing to complain about on any screen, light and dark, wide and narrow; and everything is reached by keyboard. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goTo } from '../../scripts/browser/open-browser.ts'
import type { ConfigOverrides } from '../../src/cpral/presets.ts'
import { bringAxe, inspect, picture, untilStill, violations } from './axe.ts'
import { labelsOnDisk, openTable, placeOf, untilSaved } from './label-table.ts'
import { createTinyRun, finishRun, openSession, roundsOf, type Session, TINY, type TinyRun } from './session.ts'

const TWO_ROUNDS: ConfigOverrides = { ...TINY, selection: { ...TINY.selection, rounds: 2 } }

let session: Session
let run: TinyRun
let imageId: string

beforeAll(async () => {
  session = await openSession()
  run = await createTinyRun(session.page, TWO_ROUNDS)
  await finishRun(session.page, run.runId)
  imageId = (await roundsOf(session.page, run.runId))[0].regions[0].imageId
  await session.page.reload()
  await session.page.waitForFunction(() => 'studio' in globalThis)
  await bringAxe(session.page)
})

afterAll(() => session?.close())

async function go(page: Page, hash: string, testid: string): Promise<void> {
  await goTo(page, hash)
  await page.getByTestId(testid).first().waitFor()
  await untilStill(page)
}

const SCREENS: readonly [name: string, hash: () => string, testid: string][] = [
  ['projects', () => '#/', 'storage-meter'],
  ['project', () => `#/project/${run.projectId}`, 'gallery'],
  ['run', () => `#/project/${run.projectId}/run/${run.runId}`, 'rounds-table'],
  ['comparison', () => `#/project/${run.projectId}/compare?runs=${run.runId}`, 'image-canvas'],
  ['duplicate', () => `#/project/${run.projectId}/duplicate/${run.runId}`, 'duplicate-note'],
  [
    'image',
    () => `#/project/${run.projectId}/run/${run.runId}/round/1/image/${encodeURIComponent(imageId)}`,
    'image-canvas',
  ],
  ['label table', () => `#/project/${run.projectId}/label/${encodeURIComponent(imageId)}`, 'label-canvas'],
  [
    'label table of a run',
    () => `#/project/${run.projectId}/run/${run.runId}/label/${encodeURIComponent(imageId)}`,
    'label-canvas',
  ],
]

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 400]) {
    test(`axe finds nothing: ${colorScheme}, ${width} pixels wide`, async () => {
      const { page } = session
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height: 900 })
      for (const [name, hash, testid] of SCREENS) {
        await go(page, hash(), testid)
        expect([name, await violations(page)]).toEqual([name, []])
        await picture(page, `${name}-${colorScheme}-${width}`)
      }
    })
  }
}

test('axe finds nothing in the dialogs and the form of a new run', async () => {
  const { page } = session
  await page.setViewportSize({ width: 1280, height: 900 })
  await go(page, `#/project/${run.projectId}`, 'gallery')
  await page.getByTestId('new-run').click()
  await inspect(page, 'new-run')
  await page.getByTestId('export').click()
  await inspect(page, 'export-dialog')
  await page.keyboard.press('Escape')
  await page.locator('summary', { hasText: 'classes' }).click()
  await page.getByTestId('edit-classes').click()
  await inspect(page, 'class-editor')
  await page.keyboard.press('Escape')
  await go(page, `#/project/${run.projectId}/label/${encodeURIComponent(imageId)}`, 'label-canvas')
  await page.keyboard.press('?')
  await page.getByTestId('key-help').waitFor()
  await inspect(page, 'key-help')
  await page.keyboard.press('Escape')
})

test('the label table by keyboard alone: tool, class, layers, next image, undo', async () => {
  const { page } = session
  await openTable(page, run.projectId, imageId)
  await untilSaved(page)
  const checked = (group: string) => page.locator(`[name="${group}"]:checked`).inputValue()
  await page.keyboard.press('e')
  expect(await checked('tool')).toBe('eraser')
  await page.keyboard.press('4')
  expect(await checked('class')).toBe('3')
  await page.keyboard.press('0')
  expect(await checked('class')).toBe('255')
  const labels = page.locator('[data-layer="labels"]')
  expect(await labels.isChecked()).toBe(true)
  await page.keyboard.press('Space')
  expect(await labels.isChecked()).toBe(false)
  // From the tool on with the tab key: a radio group is one stop, arrows go through it.
  await page.locator('[name="tool"]:checked').focus()
  await page.keyboard.press('ArrowDown')
  expect(await checked('tool')).toBe('line')
  const before = await placeOf(page)
  await page.keyboard.press('d')
  expect(await placeOf(page)).not.toBe(before)
  await page.keyboard.press('a')
  expect(await placeOf(page)).toBe(before)
})

test('the picture by keyboard alone: arrows move, Space draws as long as it is held', async () => {
  const { page } = session
  await openTable(page, run.projectId, imageId)
  await untilSaved(page)
  const painted = async () => {
    await untilSaved(page)
    return (await labelsOnDisk(page, imageId)).classes.filter((id) => id === 6).length
  }
  await page.keyboard.press('b')
  await page.keyboard.press('7')
  await page.getByTestId('label-canvas').focus()
  const labels = page.locator('[data-layer="labels"]')
  const isShown = await labels.isChecked()
  await page.keyboard.press('Space')
  const dab = await painted()
  expect(dab).toBeGreaterThan(0)
  await page.keyboard.down('Space')
  for (let step = 0; step < 20; step++) await page.keyboard.press('ArrowDown')
  await page.keyboard.up('Space')
  expect(await painted()).toBeGreaterThan(1.5 * dab)
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  expect(await painted()).toBe(0)
  expect(await labels.isChecked()).toBe(isShown)
  // A click gives Space back to the table.
  await page.locator('body').click({ position: { x: 5, y: 5 } })
  await page.keyboard.press('Space')
  expect(await labels.isChecked()).toBe(!isShown)
  await page.keyboard.press('Space')
})
