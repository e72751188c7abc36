import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { APP_ORIGIN } from '../../scripts/browser/open-browser.ts'
import { bringAxe, violations } from './axe.ts'
import { drag, placeOf, untilSaved } from './label-table.ts'
import { BY_PERSON, createTinyRun, finishRun, openSession, type Session, type TinyRun } from './session.ts'

let session: Session
let run: TinyRun
let imageId: string

beforeAll(async () => {
  session = await openSession()
  session.page.setDefaultTimeout(30_000)
  run = await createTinyRun(session.page, BY_PERSON)
  await finishRun(session.page, run.runId)
  const images = await session.page.evaluate((projectId) => studio.data.listImages({ projectId }), run.projectId)
  imageId = images[0].id
})

afterAll(() => session?.close())

/** As somebody who has never been here. */
beforeEach(async () => {
  const { page } = session
  await page.evaluate(() => localStorage.clear())
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await page.setViewportSize({ width: 1280, height: 900 })
})

const tableHash = (place = '') =>
  `#/project/${encodeURIComponent(run.projectId)}${place}/label/${encodeURIComponent(imageId)}`

async function openTable(page: Page, search: string, hash = tableHash()): Promise<void> {
  await page.goto(`${APP_ORIGIN}/?engine=wasm${search}${hash}`)
  await reload(page)
}

/** Until the image is open: by then the tour is there, or does not come. */
async function reload(page: Page): Promise<void> {
  await page.reload()
  await page.getByTestId('label-canvas').waitFor()
  await untilSaved(page)
}

const position = (page: Page) => page.getByTestId('tour-position').textContent()
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? null)

test('the tour comes once, goes through by keyboard, and does not come back', async () => {
  const { page } = session
  await openTable(page, '&tour=on')
  expect(await page.getByTestId('tour').count()).toBe(1)
  const card = page.getByRole('dialog', { name: 'A colour for every class' })
  await card.waitFor()
  expect(await position(page)).toBe('1 of 4')
  expect(await card.locator('[aria-live="polite"]').count()).toBe(1)
  expect(await focused(page)).toBe('tour-next')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Large areas first' }).waitFor()
  await page.keyboard.press('ArrowRight')
  await page.getByRole('dialog', { name: 'Nothing gets lost' }).waitFor()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  expect(await position(page)).toBe('1 of 4')
  for (let step = 2; step <= 4; step++) {
    await page.keyboard.press('Enter')
    expect(await position(page)).toBe(`${step} of 4`)
  }
  // "Back" by tab key, down to where it is no more: the focus stays in the card.
  await page.keyboard.press('Tab')
  for (let step = 3; step >= 1; step--) {
    expect(await focused(page)).toBe('tour-back')
    await page.keyboard.press('Enter')
    expect(await position(page)).toBe(`${step} of 4`)
  }
  expect(await focused(page)).toBe('tour-next')
  for (let step = 1; step <= 4; step++) await page.keyboard.press('Space')
  expect(await page.getByTestId('tour').count()).toBe(0)
  expect(await placeOf(page)).toContain('/label/')
  await reload(page)
  expect(await page.getByTestId('tour').count()).toBe(0)
})

test('Escape closes it, from the card and from the table, and leaves the table where it is', async () => {
  const { page } = session
  for (const place of ['card', 'table']) {
    await page.evaluate(() => localStorage.clear())
    await openTable(page, '&tour=on')
    await page.getByTestId('tour').waitFor()
    if (place === 'table') await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.keyboard.press('Escape')
    expect([place, await page.getByTestId('tour').count()]).toEqual([place, 0])
    expect(await placeOf(page)).toContain('/label/')
    await reload(page)
    expect(await page.getByTestId('tour').count()).toBe(0)
  }
})

test('one labels while it is there: keys, pointer and undo do what they do without it', async () => {
  const { page } = session
  await openTable(page, '&tour=on')
  await page.getByTestId('tour').waitFor()
  await page.keyboard.press('b')
  expect(await page.locator('[name="tool"]:checked').inputValue()).toBe('brush')
  await page.keyboard.press('4')
  expect(await page.locator('[name="class"]:checked').inputValue()).toBe('3')
  await drag(page, [
    [0.4, 0.4],
    [0.6, 0.45],
  ])
  await untilSaved(page)
  expect(await page.getByTestId('undo').isEnabled()).toBe(true)
  await page.keyboard.press('Control+z')
  await untilSaved(page)
  expect(await page.getByTestId('undo').isEnabled()).toBe(false)
  expect(await position(page)).toBe('1 of 4')
  await page.getByTestId('tour-skip').click()
  expect(await page.getByTestId('tour').count()).toBe(0)
})

test('a page that a script drives shows it only from the key help; keys are named as they are mapped', async () => {
  const { page } = session
  await page.evaluate(() => localStorage.setItem('cpral-studio/keys', JSON.stringify({ 'tool-line': ['w'] })))
  await openTable(page, '')
  expect(await page.getByTestId('tour').count()).toBe(0)
  await page.keyboard.press('?')
  await page.getByTestId('show-tour').click()
  expect(await page.getByTestId('key-help').count()).toBe(0)
  expect(await focused(page)).toBe('tour-next')
  await page.keyboard.press('Enter')
  expect(await page.getByTestId('tour').locator('kbd').allTextContents()).toEqual(['S', 'W', 'B', '[', ']'])
  await page.keyboard.press('Escape')
})

test('with a queue it speaks about the queue; axe finds nothing, and the card is whole, at every step', async () => {
  const { page } = session
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 400]) {
      await page.evaluate(() => localStorage.clear())
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height: 900 })
      await openTable(page, '&tour=on', tableHash(`/run/${encodeURIComponent(run.runId)}`))
      await page.getByTestId('tour').waitFor()
      await bringAxe(page)
      for (let step = 1; step <= 5; step++) {
        const at = `${colorScheme}, ${width}: ${await position(page)}`
        expect(at).toBe(`${colorScheme}, ${width}: ${step} of 5`)
        if (step === 3) expect(await page.getByTestId('tour').locator('h2').textContent()).toBe('The first images')
        expect([at, await violations(page)]).toEqual([at, []])
        const box = await page.getByTestId('tour').boundingBox()
        const isWhole = box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= 900
        expect([at, isWhole]).toEqual([at, true])
        expect(await page.locator('.ring').count()).toBeGreaterThan(0)
        await page.getByTestId('tour-next').click()
      }
    }
  }
})
