/** What a newcomer starts who changes nothing, and what the form offers with each recipe. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goTo } from '../../scripts/browser/open-browser.ts'
import { methodName } from '../../src/cpral/method-names.ts'
import { defaultMethod } from '../../src/cpral/methods.ts'
import { DEMO_RULES, FROM_SCRATCH_RULES, RECIPE_RULES } from '../../src/cpral/recipes.ts'
import type { RunRecord } from '../../src/domain/run.ts'
import { bringAxe, inspect } from './axe.ts'
import { openSession, type Session } from './session.ts'

let session: Session
let projectId: string

beforeAll(async () => {
  session = await openSession()
  const project = await session.page.evaluate(() => {
    const request = { images: 12, validationImages: 4, seed: 3 }
    return studio.data.createDemo(request, () => {}, new AbortController().signal)
  })
  projectId = project.id
})

afterAll(() => session?.close())

async function openForm(): Promise<void> {
  const { page } = session
  await goTo(page, `#/project/${projectId}`)
  const panel = page.getByTestId('new-run-panel')
  await page.getByTestId('new-run').or(panel).first().waitFor()
  if (!(await panel.isVisible())) await page.getByTestId('new-run').click()
  await panel.waitFor()
}

const choose = (group: string, name: string) =>
  session.page.getByTestId(group).getByRole('radio', { name, exact: false }).check()

/** Starts the run of the form, and resolves to its record. */
async function start(): Promise<RunRecord | undefined> {
  const { page } = session
  const runs = () => page.evaluate((projectId) => studio.data.listRuns({ projectId }), projectId)
  const before = new Set((await runs()).map(({ id }) => id))
  await page.getByTestId('start-run').click()
  await page.getByTestId('run-controls').waitFor()
  return (await runs()).find(({ id }) => !before.has(id))
}

test('who starts a run to label gets our recipe, and the method that is recommended', async () => {
  const { page } = session
  await openForm()
  await choose('annotator', 'You label')
  const method = page.getByTestId('method')
  const recommended = defaultMethod('person', 'studio')
  expect(await method.inputValue()).toBe(recommended)
  const first = method.locator('optgroup').first()
  expect(await first.getAttribute('label')).toBe('Recommended')
  expect(await first.locator('option').allTextContents()).toEqual([methodName(recommended)])
  const run = await start()
  expect(run?.config).toMatchObject({
    recipe: 'studio',
    annotator: 'person',
    selection: { method: recommended },
    training: { ...RECIPE_RULES.studio, ...FROM_SCRATCH_RULES.studio.training, ...DEMO_RULES.studio },
  })
  // Nothing is labelled yet: it waits for its first images.
  await page.locator('[data-testid="run-controls"][data-status="waiting"]').waitFor()
})

test('the form says what a recipe is for, and offers what it has a use for', async () => {
  const { page } = session
  await openForm()
  const panel = page.getByTestId('new-run-panel')
  await panel.getByText('learns more in the same time').waitFor()
  await panel.getByText("Repeats the paper's experiments").waitFor()
  await panel.getByText('Advanced').click()
  const shown = async () => {
    const ids = ['panoptic-size', 'classWeightPower', 'averaging', 'fine-rules', 'regionsPerImage', 'extension']
    const all = await Promise.all(ids.map(async (id) => ((await panel.getByTestId(id).isVisible()) ? id : null)))
    return all.filter((id) => id !== null)
  }
  expect(await shown()).toEqual(['classWeightPower', 'averaging', 'fine-rules', 'regionsPerImage', 'extension'])
  await page.getByTestId('method').selectOption('cpral')
  expect(await shown()).toEqual(['panoptic-size', 'classWeightPower', 'averaging', 'fine-rules', 'extension'])
  await panel.getByText('by default four times the budget').waitFor()
  await panel.getByText('More rules of studio training').click()
  await bringAxe(page)
  await inspect(page, 'new-run-with-all-rules')
  await choose('recipe', "The paper's training")
  expect(await shown()).toEqual(['panoptic-size', 'extension'])
  await panel.getByText('by default four times the budget').waitFor({ state: 'detached' })
  await choose('annotator', 'The oracle labels')
  await page.getByTestId('rounds').fill('1')
  await page.getByTestId('epochs').fill('1')
  await page.getByTestId('epochs').blur()
  const run = await start()
  expect(run?.config).toMatchObject({ annotator: 'oracle', selection: { method: 'cpral' } })
  expect([run?.config.recipe, run?.config.training.schedule]).toEqual([undefined, undefined])
})

test('a rule out of its range is refused by its name, with its range', async () => {
  const { page } = session
  await openForm()
  const panel = page.getByTestId('new-run-panel')
  await panel.getByText('Advanced').click()
  await panel.getByText('More rules of studio training').click()
  await page.getByTestId('scaleLeast').fill('2')
  await page.getByTestId('scaleLeast').blur()
  await page.getByTestId('start-run').click()
  await panel.getByRole('alert').waitFor()
  expect(await panel.getByRole('alert').textContent()).toMatch(
    /training\.scaleLeast is 2\..*Choose at most training\.scaleMost, which is 1\.25/s,
  )
})
