/** Fingers and pens at the label table, by the browser's own input events. */
import type { CDPSession } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { labelsOnDisk, openTable, untilSaved } from './label-table.ts'
import { openScenes, type SceneSession } from './scenes.ts'

let session: SceneSession
let debug: CDPSession
let imageId: string
let box: { x: number; y: number; width: number; height: number }

beforeAll(async () => {
  session = await openScenes({ train: 1, val: 0 })
  const { page, project, images } = session
  imageId = images[0].id
  await openTable(page, project.id, imageId)
  await page.getByTestId('save-indicator').getByText('Saved', { exact: true }).waitFor()
  await page.keyboard.press('b')
  await page.keyboard.press('4')
  const found = await page.getByTestId('label-canvas').boundingBox()
  if (!found) throw new Error('The canvas is not there.')
  box = found
  debug = await page.context().newCDPSession(page)
})

afterAll(() => session?.close())

type Place = readonly [x: number, y: number]

/** Fingers at places given as shares of the canvas; `touchEnd` lifts those that are not named. */
async function touch(type: 'touchStart' | 'touchMove' | 'touchEnd', ...places: Place[]): Promise<void> {
  const touchPoints = places.map(([x, y], id) => ({ x: box.x + x * box.width, y: box.y + y * box.height, id }))
  await debug.send('Input.dispatchTouchEvent', { type, touchPoints })
}

async function pen(type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', [x, y]: Place): Promise<void> {
  const at = { x: box.x + x * box.width, y: box.y + y * box.height }
  const button = { button: 'left', buttons: type === 'mouseReleased' ? 0 : 1, clickCount: 1 } as const
  await debug.send('Input.dispatchMouseEvent', { type, ...at, ...button, pointerType: 'pen', force: 0.5 })
}

async function painted(): Promise<number> {
  await untilSaved(session.page)
  return (await labelsOnDisk(session.page, imageId)).classes.filter((id) => id === 3).length
}

async function undo(): Promise<void> {
  await session.page.keyboard.press('Control+z')
  await untilSaved(session.page)
}

/** What one finger paints along a way of a given length on the screen. */
async function paintedByFinger(): Promise<number> {
  await touch('touchStart', [0.4, 0.5])
  await touch('touchMove', [0.5, 0.5])
  await touch('touchMove', [0.6, 0.5])
  await touch('touchEnd')
  const count = await painted()
  await undo()
  return count
}

test('one finger draws, two zoom and draw nothing', async () => {
  const before = await paintedByFinger()
  expect(before).toBeGreaterThan(500)
  expect(await painted()).toBe(0)
  await touch('touchStart', [0.45, 0.5])
  await touch('touchStart', [0.45, 0.5], [0.55, 0.5])
  for (const spread of [0.06, 0.08, 0.1]) await touch('touchMove', [0.5 - spread, 0.5], [0.5 + spread, 0.5])
  await touch('touchEnd', [0.4, 0.5])
  await touch('touchMove', [0.3, 0.4])
  await touch('touchEnd')
  expect(await painted()).toBe(0)
  // Twice as near, the same way on the screen is half as long in the image.
  const after = await paintedByFinger()
  expect(after).toBeLessThan(0.75 * before)
  expect(after).toBeGreaterThan(0.35 * before)
})

test('a third finger draws nothing, and a late second one takes nothing back', async () => {
  await touch('touchStart', [0.45, 0.5])
  await touch('touchStart', [0.45, 0.5], [0.55, 0.5])
  await touch('touchStart', [0.45, 0.5], [0.55, 0.5], [0.5, 0.6])
  await touch('touchMove', [0.45, 0.5], [0.55, 0.5], [0.6, 0.7])
  await touch('touchEnd')
  expect(await painted()).toBe(0)
  await touch('touchStart', [0.4, 0.5])
  await touch('touchMove', [0.5, 0.5])
  await touch('touchMove', [0.6, 0.5])
  await touch('touchStart', [0.6, 0.5], [0.7, 0.6])
  await touch('touchEnd')
  expect(await painted()).toBeGreaterThan(100)
  await undo()
})

test.each([
  ['that comes after it', 0],
  ['that lay there before, with two contacts', 2],
])('a pen draws, and the palm %s does not', async (_, contacts) => {
  if (contacts > 0) {
    await touch('touchStart', [0.7, 0.8])
    await touch('touchStart', [0.7, 0.8], [0.75, 0.8])
  }
  await pen('mousePressed', [0.4, 0.4])
  await pen('mouseMoved', [0.45, 0.4])
  if (contacts === 0) await touch('touchStart', [0.7, 0.8])
  await touch('touchMove', [0.75, 0.8], ...(contacts > 0 ? [[0.8, 0.85] as const] : []))
  await pen('mouseMoved', [0.5, 0.4])
  await touch('touchEnd')
  await pen('mouseMoved', [0.6, 0.4])
  await pen('mouseReleased', [0.6, 0.4])
  const { classes, size } = await (async () => {
    await untilSaved(session.page)
    return labelsOnDisk(session.page, imageId)
  })()
  const rows = new Set([...classes.keys()].filter((i) => classes[i] === 3).map((i) => Math.floor(i / size.width)))
  expect(rows.size).toBeGreaterThan(5)
  // A brush of 8 pixels radius, and nothing of the palm's way far below.
  expect(Math.max(...rows) - Math.min(...rows)).toBeLessThan(20)
  await undo()
  expect(await painted()).toBe(0)
})
