/** Two runs are named, compared, and one is duplicated with another method: a journey through the screen. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goTo } from '../../scripts/browser/open-browser.ts'
import type { ConfigOverrides } from '../../src/cpral/presets.ts'
import type { ProjectRecord } from '../../src/domain/project.ts'
import type { RunRecord } from '../../src/domain/run.ts'
import { bringAxe, inspect } from './axe.ts'
import { createRun, createTinyRun, finishRun, openSession, roundsOf, type Session, TINY } from './session.ts'

const SHORT: ConfigOverrides = { ...TINY, training: { epochs: 1 }, selection: { ...TINY.selection, rounds: 2 } }
const ALL_LABELS: ConfigOverrides = { ...SHORT, selection: { ...SHORT.selection, initialImages: 12, rounds: 1 } }

let session: Session
let projectId: string
let project: ProjectRecord
let first: string
/** Errors that nothing in the page has caught. */
const uncaught: string[] = []

const runsOf = (): Promise<RunRecord[]> =>
  session.page.evaluate((projectId) => studio.data.listRuns({ projectId }), projectId)

beforeAll(async () => {
  session = await openSession()
  const { page } = session
  page.setDefaultTimeout(60_000)
  page.on('pageerror', ({ message }) => uncaught.push(message))
  const made = await createTinyRun(page, SHORT)
  projectId = made.projectId
  first = made.runId
  project = (await page.evaluate(() => studio.data.listProjects()))[0]
  await finishRun(page, first)
  const second = await createRun(page, project, { ...SHORT, seed: 6 })
  await finishRun(page, second)
  // A fresh page: it reads what is stored.
  await page.reload()
  await page.waitForFunction(() => 'studio' in globalThis)
  await bringAxe(page)
})

afterAll(() => session?.close())

test('a run is renamed where its name stands', async () => {
  const { page } = session
  await goTo(page, `#/project/${projectId}/run/${first}`)
  await page.getByTestId('rename').click()
  await page.getByLabel('Name of the run').fill('  Seed five ')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Seed five', exact: true }).waitFor()
  expect((await runsOf()).find(({ id }) => id === first)?.name).toBe('Seed five')
  await inspect(page, 'run-named')
})

test('an empty comparison asks for runs', async () => {
  const { page } = session
  await goTo(page, `#/project/${projectId}/compare`)
  await page.getByTestId('tick-runs').waitFor()
  await inspect(page, 'compare-empty')
  await page.getByTestId('run-picker').getByText('Seed five').click()
  await page.getByTestId('tick-more').waitFor()
  await page.locator('[data-testid="image-comparison"] canvas').first().waitFor()
  await inspect(page, 'compare-one')
})

test('ticked runs are shown beside each other: measures, settings that differ, classes, one image', async () => {
  const { page } = session
  await goTo(page, `#/project/${projectId}`)
  const ticks = page.getByTestId('tick-run')
  expect(await page.getByTestId('compare-runs').count()).toBe(0)
  await ticks.nth(1).check()
  await ticks.nth(0).check()
  await inspect(page, 'project-ticked')
  await page.getByTestId('compare-runs').click()
  const measures = page.getByTestId('measures')
  await measures.waitFor()
  const heads = await measures.locator('thead th').allTextContents()
  expect(heads.map((text) => text.trim())).toEqual(['Measure', 'A Seed five', 'B CPRAL'])
  const rounds = await roundsOf(page, first)
  const [mIoU] = await measures.locator('tbody tr').first().locator('td').allTextContents()
  expect(mIoU).toContain((100 * (rounds.at(-1)?.evaluation?.mIoU ?? 0)).toFixed(1))
  expect(await measures.getByText('tick a run with all labels').count()).toBe(1)
  // The seed is all that differs.
  const differences = await page.getByTestId('setting-differences').locator('tbody :is(th, td)').allTextContents()
  expect(differences.map((text) => text.trim())).toEqual(['Seed', '5', '6'])
  expect(await page.getByTestId('class-ious').locator('tbody tr').count()).toBe(project.classes.length)
  // Ground truth and both runs' pictures of a validation image.
  await expect.poll(() => page.locator('[data-testid="image-comparison"] canvas').count()).toBe(3)
  const place = await page.getByTestId('compared-image').inputValue()
  await page.getByLabel('Next image').click()
  await expect.poll(() => page.getByTestId('compared-image').inputValue()).not.toBe(place)
  await page.getByTestId('compared-round').selectOption('1')
  await page.getByTestId('compared-image').selectOption(rounds[0].regions[0].imageId)
  await page.getByTestId('compared-layer').selectOption('attention')
  await page
    .getByText(/^\d+ regions?$/)
    .first()
    .waitFor()
  await inspect(page, 'compare-two')
  // Windows of other sizes have come and gone: every picture is drawn at the size of its place.
  const canvases = page.locator('[data-testid="image-comparison"] canvas')
  // Both are rounded.
  const off = () =>
    canvases.evaluateAll((all) => all.map((one) => Math.abs((one as HTMLCanvasElement).width - one.clientWidth)))
  await expect.poll(async () => Math.max(...(await off()))).toBeLessThanOrEqual(1)
  // The address holds the choice.
  await page.reload()
  await measures.waitFor()
  expect(await measures.locator('thead th').count()).toBe(3)
  await bringAxe(page)
})

test('a duplicate says what differs, begins with the same first round, and runs', async () => {
  const { page } = session
  await goTo(page, `#/project/${projectId}/run/${first}`)
  await page.getByTestId('duplicate').click()
  const panel = page.getByTestId('new-run-panel')
  const note = page.getByTestId('duplicate-note')
  await note.getByText('Nothing differs').waitFor()
  await page.getByText('It begins with the trained first round of the original').waitFor()
  await page.getByTestId('seed').fill('7')
  await page.getByTestId('seed').blur()
  await page.getByText('It trains its own first round').waitFor()
  expect(await note.textContent()).toMatch(/Seed: 5\s*→\s*becomes\s*7/)
  await panel.getByText('Back to the original').click()
  await page.getByTestId('method').selectOption('random-regions')
  await page.getByText('It begins with the trained first round of the original').waitFor()
  expect(await note.textContent()).toContain('Random regions')
  await page.getByTestId('run-name').fill('By chance')
  await inspect(page, 'duplicate')
  await page.getByTestId('start-run').click()
  await page.locator('[data-testid="run-controls"][data-status="done"]').waitFor()
  const made = (await runsOf()).find(({ name }) => name === 'By chance')
  expect([made?.config.selection.method, made?.firstRound?.steps]).toEqual([
    'random-regions',
    (await roundsOf(page, first))[0].steps,
  ])
  const [own, original] = await Promise.all([made?.id ?? '', first].map((id) => roundsOf(page, id)))
  expect(own[0].evaluation).toEqual(original[0].evaluation)
  expect(own[0].regions).not.toEqual(original[0].regions)
})

test('with all labels among four runs there is p90, and what the budget took is said', async () => {
  const { page } = session
  const all = await createRun(page, project, ALL_LABELS)
  await finishRun(page, all)
  const ids = (await runsOf()).map(({ id }) => id).reverse()
  await goTo(page, `#/project/${projectId}/compare?runs=${ids.join(',')}`)
  await page.getByTestId('p90').waitFor()
  const best = (await roundsOf(page, all))[0].evaluation?.mIoU ?? 0
  expect(await page.getByTestId('p90').textContent()).toContain(`${(90 * best).toFixed(1)}`)
  const row = page.getByTestId('measures').locator('tbody tr', { hasText: 'Candidates taken' })
  expect(await row.textContent()).toContain('little choice')
  await expect.poll(() => page.locator('[data-testid="image-comparison"] canvas').count()).toBe(5)
  await inspect(page, 'compare-four')
  await goTo(page, `#/project/${projectId}/run/${first}`)
  await page.getByTestId('round-warnings').waitFor()
  await inspect(page, 'run-warnings')
})

test('a run with wrong labels says so wherever it stands, and how many there were', async () => {
  const { page } = session
  const noisy = await createRun(page, project, {
    ...SHORT,
    training: { epochs: 1, steps: 2 },
    adversary: { imageSide: 32, steps: 2 },
    noise: { kind: 'mixed', share: 0.4, unit: 'pixel' },
    selection: { ...SHORT.selection, method: 'vaal', budgetImages: 2 },
  })
  await finishRun(page, noisy)
  await goTo(page, `#/project/${projectId}/run/${noisy}`)
  const table = page.getByTestId('rounds-table')
  await table.getByText('Wrong labels').waitFor()
  await page.getByText('40 % mixed noise by pixel').first().waitFor()
  const [{ noise, adversary }] = await roundsOf(page, noisy)
  const wrong = ((noise?.wrong ?? 0) + (noise?.missing ?? 0)) / (noise?.answered ?? 1)
  const accuracy = adversary?.accuracy ?? { labelled: 0, unlabelled: 0 }
  const cells = (await table.locator('tbody tr').first().locator('td').allTextContents()).map((text) => text.trim())
  expect(cells.at(-2)?.replace('\u00a0', ' ')).toBe(`${(100 * wrong).toFixed(0)} %`)
  expect(cells.at(-1)?.replace('\u00a0', ' ')).toContain(
    `${(100 * accuracy.labelled).toFixed(0)} / ${(100 * accuracy.unlabelled).toFixed(0)} %`,
  )
  await inspect(page, 'run-noisy')
  await goTo(page, `#/project/${projectId}/compare?runs=${(await runsOf()).map(({ id }) => id).join(',')}`)
  await page.getByTestId('measures').waitFor()
  await page.getByTestId('run-picker').getByText('40 % mixed noise by pixel').waitFor()
  const window = page.viewportSize()
  await page.setViewportSize({ width: 400, height: 900 })
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(400)
  if (window) await page.setViewportSize(window)
  expect([session.strangers, uncaught]).toEqual([[], []])
})
