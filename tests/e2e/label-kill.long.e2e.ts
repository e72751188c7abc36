import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPage } from '../../scripts/browser/open-browser.ts'
import { randomStream } from '../../src/math/random.ts'
import { drag, labelsOnDisk, openTable, untilSaved } from './label-table.ts'
import { crash, openSession, type Session } from './session.ts'

const KILLS = 20

let session: Session

beforeAll(async () => {
  session = await openSession()
})

afterAll(() => session?.close())

test(`a tab killed ${KILLS} times while somebody paints loses nothing but the stroke in hand`, {
  timeout: 600_000,
}, async () => {
  let { page } = session
  const { projectId, imageId } = await page.evaluate(async () => {
    const request = { images: 4, validationImages: 2, seed: 3 }
    const project = await studio.data.createDemo(request, () => {}, new AbortController().signal)
    const [image] = await studio.data.listImages({ projectId: project.id })
    return { projectId: project.id, imageId: image.id }
  })
  const random = randomStream(8, 'kills')
  let kept = await labelsOnDisk(page, imageId)
  let partial = 0
  for (let kill = 0; kill < KILLS; kill++) {
    await openTable(page, projectId, imageId)
    await expect.poll(() => page.getByTestId('save-indicator').textContent()).toBe('Saved')
    await page.keyboard.press('b')
    const paint = async (lift: boolean) => {
      await page.keyboard.press(String(1 + random.below(9)))
      const [x, y] = [0.1 + 0.5 * random.next(), 0.35 + 0.3 * random.next()]
      await drag(
        page,
        [
          [x, y],
          [x + 0.3, y + 0.05],
        ],
        { steps: 1 + random.below(12), lift },
      )
    }
    for (let k = random.below(3); k > 0; k--) await paint(true)
    await untilSaved(page)
    const saved = await labelsOnDisk(page, imageId)
    // The stroke in hand: half made, or just let go.
    const isLifted = random.next() < 0.5
    await paint(isLifted)
    if (random.next() < 0.5) await page.waitForTimeout(random.below(40))
    await crash(session, page)
    page = await openPage(session.context, 'wasm')
    kept = await labelsOnDisk(page, imageId)
    const isSame = Buffer.compare(kept.classes, saved.classes) === 0
    if (isSame) continue
    // Then it must be the stroke that was let go, whole: every pixel that differs has its one class.
    expect(isLifted).toBe(true)
    const added = new Set(kept.classes.filter((id, i) => id !== saved.classes[i]))
    expect(added.size).toBe(1)
    partial++
  }
  expect(partial).toBeLessThan(KILLS)
  expect(kept.classes.some((id) => id !== 255)).toBe(true)
  await openTable(page, projectId, imageId)
  await page.keyboard.press('Control+z')
  await untilSaved(page)
})
