/** axe-core finds nothing to complain about while something is missing, being done, or has gone wrong. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goTo, openPage } from '../../scripts/browser/open-browser.ts'
import { SCENE_SIZE } from '../../src/demo/scenes/scene.ts'
import { bringAxe, inspect } from './axe.ts'
import { fill } from './disk.ts'
import { drag, importFolder, openTable, untilAsked, untilSaved, writeFiles, writeScenes } from './label-table.ts'
import { BY_PERSON, createTinyRun, finishRun, openSession, type Session, TINY } from './session.ts'

let session: Session
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cpral-studio-states-'))
  writeScenes(join(folder, 'scenes'), { train: 3, val: 0 })
  // One of the three has a mask.
  const data = new Uint8Array(SCENE_SIZE.width * SCENE_SIZE.height)
  const mask = encode({ ...SCENE_SIZE, data, channels: 1, depth: 8 })
  writeFiles(join(folder, 'scenes'), { 'labels/train/scene-0.png': mask })
  writeFiles(join(folder, 'broken'), {
    'images/letter.jpg': 'no image',
    'images/scan.tif': 'no image',
    'labels/a.jpg': 'no image',
  })
  session = await openSession()
  session.page.setDefaultTimeout(60_000)
})

afterAll(async () => {
  await session?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('nothing there yet, the import, and what it found wrong', async () => {
  const { page } = session
  await bringAxe(page)
  await page.getByRole('alert').waitFor()
  await inspect(page, 'no-such-project')
  await goTo(page, '#/')
  await page.getByText('Create the demo').waitFor()
  await inspect(page, 'no-projects')
  const input = page.getByTestId('folder-input').first()
  await input.setInputFiles(join(folder, 'broken'))
  await page.getByTestId('import-confirm').click()
  await page.getByRole('alert').waitFor()
  await inspect(page, 'import-refused')
  await page.getByText('Back to the projects').click()
  await input.setInputFiles(folder)
  await page.getByTestId('keep-unmasked').waitFor()
  await inspect(page, 'import-preview')
  await page.getByTestId('import-confirm').click()
  await page.getByTestId('import-result').waitFor()
  await inspect(page, 'import-result')
  await page.getByTestId('open-project').click()
  await page.getByTestId('new-run-panel').waitFor()
  await page.getByTestId('take-masks').waitFor()
  await inspect(page, 'project-without-runs')
  await page.getByTestId('take-masks').click()
  await page.getByTestId('take-masks').waitFor({ state: 'detached' })
})

test('a label table that cannot save, and one that only reads', async () => {
  const { page } = session
  const project = await importFolder(page, join(folder, 'scenes'))
  const [image] = await page.evaluate((projectId) => studio.data.listImages({ projectId }), project.id)
  await openTable(page, project.id, image.id)
  await untilSaved(page)
  const reading = await openPage(session.context, 'wasm')
  await bringAxe(reading)
  await openTable(reading, project.id, image.id)
  await reading.getByText('Another tab labels this project').waitFor()
  await inspect(reading, 'label-table-read-only')
  await reading.close()
  await page.bringToFront()
  await fill(page, 'strokes')
  await page.keyboard.press('b')
  await drag(page, [
    [0.3, 0.5],
    [0.6, 0.5],
  ])
  await page.getByTestId('save-again').waitFor()
  await inspect(page, 'label-table-not-saved')
  await fill(page, null)
  await page.getByTestId('save-again').click()
  await untilSaved(page)
})

test('a run at work, one that an error stopped, and one that asks for labels', async () => {
  const { page } = session
  const { projectId, runId } = await createTinyRun(page, { ...TINY, training: { epochs: 200 } })
  await goTo(page, `#/project/${projectId}/run/${runId}`)
  await page.getByTestId('continue').click()
  await page.locator('[data-testid="run-controls"][data-status="computing"]').waitFor()
  await inspect(page, 'run-at-work')
  await fill(page, 'checkpoints')
  await page.getByRole('alert').waitFor()
  await inspect(page, 'run-stopped')
  await fill(page, null)
  const { runId: asking } = await createTinyRun(page, BY_PERSON)
  await finishRun(page, asking)
  await goTo(page, `#/project/${projectId}/run/${asking}`)
  await page.locator('[data-testid="run-controls"][data-status="waiting"]').waitFor()
  await inspect(page, 'run-asks')
  await page.getByTestId('label').click()
  await untilAsked(page, projectId, 'image 1 of 4')
  await untilSaved(page)
  await inspect(page, 'label-table-queue')
  // The queue by keyboard alone: done, skipped, back.
  for (const [key, place] of [
    ['Enter', 'image 2 of 4'],
    ['x', 'image 3 of 4'],
    ['Backspace', 'image 2 of 4'],
  ]) {
    await page.keyboard.press(key)
    await untilAsked(page, projectId, place)
  }
  await untilSaved(page)
  const answers = await page.evaluate((runId) => studio.data.answers({ runId, round: 0 }), asking)
  expect(answers.map(({ index, status }) => [index, status])).toEqual([
    [0, 'done'],
    [1, 'skipped'],
  ])
  const compute = page.workers().find((worker) => worker.url().includes('compute.worker'))
  await compute?.evaluate(() => {
    setTimeout(() => {
      throw new Error('it met its end')
    })
  })
  await page.getByTestId('recover').waitFor()
  await inspect(page, 'worker-died')
  expect(session.strangers).toEqual([])
})

test('the first start, while the demo is drawn', async () => {
  const first = await openSession({ place: '#/' })
  try {
    await bringAxe(first.page)
    await first.page.getByText('Preparing the demo project').waitFor()
    await inspect(first.page, 'first-start')
  } finally {
    await first.close()
  }
})
