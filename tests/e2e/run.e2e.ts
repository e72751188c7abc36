import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTinyRun, finishRun, openSession, outcomeOf, roundsOf, type Session, type TinyRun } from './session.ts'

let session: Session
let run: TinyRun

beforeAll(async () => {
  session = await openSession()
  run = await createTinyRun(session.page)
  await finishRun(session.page, run.runId)
})

afterAll(() => session?.close())

test('every round trains, measures and asks for exactly its budget', async () => {
  const rounds = await roundsOf(session.page, run.runId)
  expect(rounds.map(({ index, isComplete }) => [index, isComplete])).toEqual([
    [1, true],
    [2, true],
    [3, true],
  ])
  for (const { evaluation, losses, steps, trainImages } of rounds) {
    expect(evaluation?.mIoU).toBeGreaterThan(0)
    expect(evaluation?.mIoU).toBeLessThan(1)
    expect(losses).toHaveLength(2)
    expect(losses.every(Number.isFinite)).toBe(true)
    expect(steps).toBe(2 * Math.ceil(trainImages.length / 4))
  }
  // 1.5 images of 64 x 128 pixels in regions of 16 x 16 are 48 regions, none of which overlap.
  expect(rounds.map(({ regions }) => regions.length)).toEqual([48, 48, 0])
  expect(rounds.map(({ labelledPixels }) => labelledPixels / (64 * 128))).toEqual([4, 5.5, 7])
  expect(rounds.map(({ poolPixels }) => poolPixels / (64 * 128))).toEqual([12, 12, 12])
  for (const { regions } of rounds) {
    for (const [i, a] of regions.entries()) {
      expect([a.width, a.height, a.x >= 0 && a.x + 16 <= 128, a.y >= 0 && a.y + 16 <= 64]).toEqual([16, 16, true, true])
      for (const b of regions.slice(i + 1)) {
        const overlaps = a.imageId === b.imageId && Math.abs(a.x - b.x) < 16 && Math.abs(a.y - b.y) < 16
        expect(overlaps).toBe(false)
      }
    }
  }
})

test('the same seed again gives the same regions and the same mIoU, bit for bit', async () => {
  const again = await createTinyRun(session.page)
  expect(again.projectId).toBe(run.projectId)
  await finishRun(session.page, again.runId)
  const [first, second] = [await roundsOf(session.page, run.runId), await roundsOf(session.page, again.runId)]
  expect(outcomeOf(second)).toEqual(outcomeOf(first))
})

test('the screen shows the run, also after a reload', async () => {
  const { page } = session
  await page.goto(`${new URL(page.url()).origin}/?engine=wasm#/project/${run.projectId}/run/${run.runId}`)
  await page.reload()
  await page.locator('main svg').first().waitFor()
  const best = (await roundsOf(page, run.runId)).at(-1)?.evaluation?.mIoU ?? 0
  expect(await page.locator('main').textContent()).toContain((100 * best).toFixed(1))
})

test('the report holds every round and its pictures, and nothing from elsewhere', async () => {
  const { page, strangers } = session
  const report = await page.evaluate((runId) => studio.report({ runId }), run.runId)
  const rounds = await roundsOf(page, run.runId)
  for (const { evaluation } of rounds) expect(report).toContain(`${(100 * (evaluation?.mIoU ?? 0)).toFixed(2)} %`)
  const pictures = report.match(/src="data:image\/png;base64,/g) ?? []
  // Four validation images with six pictures, six queried ones with six.
  expect(pictures).toHaveLength(4 * 6 + 6 * 6)
  expect(strangers).toEqual([])
})
