/** A person who does not wait: regions to go on with while the network trains, then those of the next round. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goTo } from '../../scripts/browser/open-browser.ts'
import { initialPool } from '../../src/cpral/image-scores.ts'
import type { ConfigOverrides } from '../../src/cpral/presets.ts'
import { untilAsked, untilSaved } from './label-table.ts'
import { openScenes, type SceneSession } from './scenes.ts'
import { BY_PERSON, createRun, finishRun, roundsOf } from './session.ts'

const AHEAD: ConfigOverrides = {
  ...BY_PERSON,
  // Long enough for a person to label while it trains.
  training: { epochs: 60 },
  // Three regions of 32 x 32 a round.
  selection: { method: 'balanced-margin', rounds: 3, initialImages: 2, budgetImages: 0.375, regionSide: 32 },
}

let session: SceneSession

beforeAll(async () => {
  session = await openScenes({ train: 8, val: 2 })
})

afterAll(() => session?.close())

/** Labels the left half of an image as one class and the right half as another. */
async function labelHalves(imageId: string): Promise<void> {
  await session.page.evaluate(async (imageId) => {
    const half = (128 * 256) / 2
    const patch = {
      starts: Uint32Array.of(0, half),
      lengths: Uint32Array.of(half, half),
      before: Uint16Array.of(255, 255),
      after: Uint16Array.of(1 << 8, (1 << 8) | 1),
    }
    const stroke = { id: crypto.randomUUID(), at: 0, tool: 'Brush', patch }
    await studio.data.appendStroke({ imageId, head: 0, stroke })
  }, imageId)
}

test('after the last answer comes a region ahead at once, and after training the next round', async () => {
  const { page, project, images } = session
  const runId = await createRun(page, project, AHEAD)
  const pool = images.filter(({ split }) => split === 'train').map(({ id }) => id)
  for (const imageId of initialPool(pool, 2, AHEAD.seed ?? 0)) await labelHalves(imageId)
  await finishRun(page, runId)
  const run = `#/project/${encodeURIComponent(project.id)}/run/${runId}`
  await goTo(page, run)
  await page.getByTestId('label').click()

  const queue = page.getByTestId('queue')
  const accept = async () => {
    await page.getByTestId('accept').waitFor()
    await page.keyboard.press('y')
    await page.keyboard.press('Enter')
  }
  for (let k = 1; k <= 3; k++) {
    await untilAsked(page, project.id, `region ${k} of 3`)
    expect(await page.getByTestId('reason').textContent()).toMatch(/^Unsure between .+ and .+\./)
    await accept()
  }
  const sentence = page.getByTestId('queue-sentence')
  await untilAsked(page, project.id, 'ahead 1 of 4')
  await expect
    .poll(() => sentence.textContent())
    .toBe('3 of 3\u00a0regions; the network is training, 4 more to go on with.')
  await accept()
  await untilAsked(page, project.id, 'ahead 2 of 4')
  await expect.poll(() => sentence.textContent()).toContain('3 more to go on with')
  await untilSaved(page)

  // The run says the same, and leads back to the region at hand.
  await page.getByRole('link', { name: 'Back to the run' }).click()
  await expect
    .poll(() => page.getByTestId('meanwhile').textContent())
    .toBe('3 of 3\u00a0regions; the network is training, 3 more to go on with.')
  await page.getByTestId('label-ahead').click()
  await untilAsked(page, project.id, 'ahead 2 of 4')

  // The next round's regions come, and this one stays until it has an answer.
  await expect
    .poll(() => sentence.textContent(), { timeout: 120_000 })
    .toBe('Round 2 has its regions. They come after this one.')
  expect(await queue.getByRole('heading').textContent()).toBe('Round 1')
  const [first, second] = await roundsOf(page, runId)
  await accept()
  const asked = `region 1 of ${second.regions.length}`
  await untilAsked(page, project.id, asked)
  expect(await queue.getByRole('heading').textContent()).toBe('Round 2')
  await untilSaved(page)

  // What was labelled ahead is a part of the second round's budget.
  const region = 32 * 32
  expect(first.answer?.newPixels).toBeGreaterThan(0.9 * 3 * region)
  expect(second.aheadPixels).toBeGreaterThan(0.9 * region)
  expect(second.regions).toHaveLength(2)
  expect(second.labelledPixels).toBe(first.labelledPixels + (first.answer?.newPixels ?? 0))
  const answers = await page.evaluate((runId) => studio.data.answers({ runId, round: 1 }), runId)
  expect(answers.map(({ index, status }) => [index, status])).toEqual([0, 1, 2, 3, 4].map((index) => [index, 'done']))

  // The last regions: the run goes on, and ends. The region that came too late for the second query counts here.
  for (let k = 1; k <= 2; k++) {
    await untilAsked(page, project.id, `region ${k} of 2`)
    await accept()
  }
  await page.getByTestId('to-run').click()
  await page.locator('[data-testid="run-controls"][data-status="done"]').waitFor()
  const [, answered, last] = await roundsOf(page, runId)
  expect(answered.answer?.images).toContain(first.ahead?.[1].imageId)
  const { newPixels: ahead = 0 } = answered.answerAhead ?? {}
  expect(last.labelledPixels).toBe(answered.labelledPixels + ahead + (answered.answer?.newPixels ?? 0))
  expect(session.strangers).toEqual([])
})
