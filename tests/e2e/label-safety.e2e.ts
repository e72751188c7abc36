/** What guards labels beside the disk's own faults: a stroke that can be kept no more, eviction, masks that come under the brush. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goTo } from '../../scripts/browser/open-browser.ts'
import type { ProjectRecord } from '../../src/domain/project.ts'
import { drag, importFolder, labelsOnDisk, openTable, untilSaved, writeFiles } from './label-table.ts'
import { openSession, type Session } from './session.ts'

const MASKED = 40
const SIZE = { width: 256, height: 128 }

/** Watches what the page asks of the browser, and lets it through. */
const COUNT_PERSIST = `{
  const { persist } = StorageManager.prototype
  StorageManager.prototype.persist = function () {
    sessionStorage.setItem('persist', 1 + Number(sessionStorage.getItem('persist')))
    return persist.call(this)
  }
}`

let session: Session
let folder: string
let project: ProjectRecord
let imageIds: string[]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cpral-studio-safety-'))
  const files: Record<string, Uint8Array | string> = { 'classes.txt': 'above\nbelow\n' }
  const data = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, at) => Number(at > SIZE.width * 64))
  for (let index = 0; index <= MASKED; index++) {
    const rgb = Uint8Array.from({ length: 3 * data.length }, (_, at) => (at * (index + 3)) % 256)
    files[`images/train/${index}.png`] = encode({ ...SIZE, data: rgb, channels: 3, depth: 8 })
    if (index > 0) files[`labels/train/${index}.png`] = encode({ ...SIZE, data, channels: 1, depth: 8 })
  }
  writeFiles(folder, files)
  session = await openSession({ scripts: [COUNT_PERSIST] })
  const { page } = session
  page.setDefaultTimeout(60_000)
  project = await importFolder(page, folder, { keepUnmasked: true })
  const images = await page.evaluate((projectId) => studio.data.listImages({ projectId }), project.id)
  imageIds = images.map(({ id }) => id)
})

afterAll(async () => {
  await session?.close()
  rmSync(folder, { recursive: true, force: true })
})

const untaken = () => session.page.evaluate((projectId) => studio.data.untakenMasks({ projectId }), project.id)

test('whoever goes to the label table stops the taking of masks: none comes under the brush', async () => {
  const { page } = session
  await page.getByTestId('take-masks').waitFor()
  expect(await untaken()).toBe(MASKED)
  const hash = `#/project/${encodeURIComponent(project.id)}/label/${encodeURIComponent(imageIds[MASKED])}`
  await page.getByTestId('take-masks').evaluate((button: HTMLElement, hash) => {
    button.click()
    location.hash = hash
  }, hash)
  await openTable(page, project.id, imageIds[MASKED])
  await untilSaved(page)
  const left = await untaken()
  expect(left).toBeGreaterThan(0)
  // While it would have gone on, other images are opened.
  for (const image of [imageIds[0], imageIds[MASKED]]) {
    await openTable(page, project.id, image)
    await untilSaved(page)
  }
  expect(await untaken()).toBe(left)
  // Taken another time, all are.
  await goTo(page, `#/project/${encodeURIComponent(project.id)}`)
  await page.getByTestId('take-masks').click()
  await expect.poll(untaken).toBe(0)
  const { classes } = await labelsOnDisk(page, imageIds[MASKED])
  expect([classes[0], classes.at(-1)]).toEqual([0, 1])
})

test('the browser is asked once to keep what it stores, at the first label', async () => {
  const { page } = session
  await page.reload()
  await openTable(page, project.id, imageIds[0])
  await untilSaved(page)
  const asked = () => page.evaluate(() => Number(sessionStorage.getItem('persist')))
  await page.evaluate(() => sessionStorage.clear())
  await page.keyboard.press('b')
  for (const y of [0.4, 0.5]) {
    await drag(page, [
      [0.4, y],
      [0.5, y],
    ])
    await untilSaved(page)
    expect(await asked()).toBe(1)
  }
})

test('a stroke on labels that were changed elsewhere is refused, says so, and the table shows what is on the disk', async () => {
  const { page } = session
  await openTable(page, project.id, imageIds[1])
  await untilSaved(page)
  await page.evaluate(async (imageId) => {
    const { head } = await studio.data.labelHistory({ imageId, isWriter: false })
    const patch = {
      starts: Uint32Array.of(0),
      lengths: Uint32Array.of(256),
      before: Uint16Array.of(0),
      after: Uint16Array.of((1 << 8) | 1),
    }
    await studio.data.appendStroke({ imageId, head, stroke: { id: crypto.randomUUID(), at: 0, tool: 'Brush', patch } })
  }, imageIds[1])
  const elsewhere = await labelsOnDisk(page, imageIds[1])
  await page.keyboard.press('b')
  await page.keyboard.press('2')
  const stroke = () =>
    drag(page, [
      [0.4, 0.3],
      [0.6, 0.3],
    ])
  await stroke()
  await page.getByTestId('refusal-read').waitFor()
  expect((await page.getByRole('alert').allTextContents()).join(' ').replaceAll(/\s+/g, ' ')).toMatch(
    /were changed elsewhere.*1 change made here could not be kept/,
  )
  expect(Buffer.compare((await labelsOnDisk(page, imageIds[1])).classes, elsewhere.classes)).toBe(0)
  await page.getByTestId('refusal-read').click()
  expect(await page.getByTestId('refusal-read').count()).toBe(0)
  // What is painted now is painted on what is there.
  await page.getByTestId('label-canvas').waitFor()
  await expect
    .poll(async () => {
      await stroke()
      await untilSaved(page)
      return Buffer.compare((await labelsOnDisk(page, imageIds[1])).classes, elsewhere.classes)
    })
    .not.toBe(0)
  expect((await labelsOnDisk(page, imageIds[1])).classes.slice(0, 256)).toEqual(elsewhere.classes.slice(0, 256))
})
