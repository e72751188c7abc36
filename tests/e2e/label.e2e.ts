import { readFileSync } from 'node:fs'
import { unzipSync } from 'fflate'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goTo, openPage } from '../../scripts/browser/open-browser.ts'
import type { ConfigOverrides } from '../../src/cpral/presets.ts'
import { PROVENANCE } from '../../src/domain/labels.ts'
import { drag, importFolder, labelsOnDisk, openTable, untilAsked, untilSaved, writeFiles } from './label-table.ts'
import { openScenes, type SceneSession } from './scenes.ts'
import { BY_PERSON, createRun, roundsOf } from './session.ts'

const THREE_ROUNDS: ConfigOverrides = {
  ...BY_PERSON,
  // Two images to start from; two regions of 32 x 32 a round.
  selection: { rounds: 3, initialImages: 2, panopticSize: 3, budgetImages: 0.25, regionSide: 32 },
}

let session: SceneSession

beforeAll(async () => {
  session = await openScenes({ train: 8, val: 2 })
})

afterAll(() => session?.close())

/** The masks of an export, by path. */
async function exportMasks(page: Page, projectId: string): Promise<Record<string, Uint8Array>> {
  await goTo(page, `#/project/${projectId}`)
  await page.getByTestId('export').click()
  const download = page.waitForEvent('download')
  await page.getByTestId('export-start').click()
  const path = await (await download).path()
  await page.getByTestId('export-result').waitFor()
  await page.keyboard.press('Escape')
  return unzipSync(new Uint8Array(readFileSync(path)))
}

test('a person labels two queries with pointer and keys; the masks come back byte for byte', async () => {
  const { page, project, folder } = session
  expect(project.hasGroundTruth).toBe(false)
  const runId = await createRun(page, project, THREE_ROUNDS)
  await goTo(page, `#/project/${project.id}/run/${runId}`)

  // Nothing is labelled yet: the run asks for its first images.
  await page.getByTestId('continue').click()
  await page.getByTestId('label').click()
  for (let k = 1; k <= 2; k++) {
    await untilAsked(page, project.id, `image ${k} of 2`)
    // Superpixels of road, a line around something above, a brush of sky.
    await page.keyboard.press('1')
    await page.keyboard.press('s')
    await expect
      .poll(async () => {
        await drag(page, [
          [0.3, 0.7],
          [0.7, 0.72],
        ])
        return page.getByTestId('undo').isEnabled()
      })
      .toBe(true)
    await page.keyboard.press('l')
    await page.keyboard.press('3')
    await drag(page, [
      [0.1, 0.3],
      [0.3, 0.3],
      [0.3, 0.5],
      [0.1, 0.5],
    ])
    await page.keyboard.press('b')
    await page.keyboard.press('9')
    await drag(page, [
      [0.5, 0.3],
      [0.8, 0.35],
    ])
    await page.keyboard.press('Enter')
  }
  await page.getByTestId('continue-run').click()

  for (let round = 1; round <= 2; round++) {
    await page.locator('[data-testid="run-controls"][data-status="waiting"]').waitFor()
    await expect.poll(async () => (await roundsOf(page, runId)).length).toBe(round)
    await page.getByTestId('label').click()
    for (let k = 1; k <= 2; k++) {
      await untilAsked(page, project.id, `region ${k} of 2`)
      await page.getByTestId('accept').waitFor()
      // Part by hand, the rest as suggested.
      await page.keyboard.press('b')
      await page.keyboard.press('2')
      await drag(page, [
        [0.45, 0.5],
        [0.55, 0.5],
      ])
      await page.keyboard.press('y')
      await page.keyboard.press('Enter')
    }
    // With the last answer the run goes on by itself.
    await untilSaved(page)
    await goTo(page, `#/project/${project.id}/run/${runId}`)
  }
  await page.locator('[data-testid="run-controls"][data-status="done"]').waitFor()

  const rounds = await roundsOf(page, runId)
  // Regions are squares at the input size, half of the images': everything in them got a label.
  expect(rounds.map(({ answer }) => (answer ? answer.newPixels : null))).toEqual([
    expect.any(Number),
    expect.any(Number),
    null,
  ])
  for (const { answer, regions } of rounds.slice(0, 2)) {
    expect(regions).toHaveLength(2)
    expect(answer?.newPixels).toBeGreaterThan(0.9 * 2 * 32 * 32)
    expect(answer?.judgedPixels).toBe(answer?.newPixels)
    expect(answer?.agreeingPixels).toBeGreaterThan(0)
  }
  const asked = rounds[1].regions[0]
  const raster = await labelsOnDisk(page, asked.imageId)
  const inside = new Set<number>()
  for (let y = 2 * asked.y; y < 2 * (asked.y + 32); y++) {
    for (let x = 2 * asked.x; x < 2 * (asked.x + 32); x++) inside.add(raster.provenance[y * 256 + x])
  }
  expect(inside).toEqual(new Set([PROVENANCE.human, PROVENANCE.accepted]))

  const masks = await exportMasks(page, project.id)
  const paths = Object.keys(masks).filter((path) => path.endsWith('.png'))
  expect(paths.length).toBeGreaterThanOrEqual(3)
  writeFiles(folder, masks)
  const again = await importFolder(page, folder)
  const images = await page.evaluate((projectId) => studio.data.listImages({ projectId }), again.id)
  for (const image of images.filter(({ hasGroundTruth }) => hasGroundTruth)) {
    await openTable(page, again.id, image.id)
    await page.getByTestId('import-mask').click()
    await expect.poll(() => page.getByTestId('undo').isEnabled()).toBe(true)
    await untilSaved(page)
  }
  const second = await exportMasks(page, again.id)
  expect(Object.keys(second).sort()).toEqual(Object.keys(masks).sort())
  for (const [path, bytes] of Object.entries(masks))
    expect([path, Buffer.compare(bytes, second[path])]).toEqual([path, 0])
  expect(session.strangers).toEqual([])
})

test('a second tab reads, changes nothing, and takes over when the first goes', async () => {
  const { context } = session
  const first = await openPage(context, 'wasm')
  const [project] = await first.evaluate(() => studio.data.listProjects())
  const [image] = await first.evaluate((projectId) => studio.data.listImages({ projectId }), project.id)
  await openTable(first, project.id, image.id)
  await expect.poll(() => first.getByTestId('save-indicator').textContent()).toBe('Saved')
  const second = await openPage(context, 'wasm')
  await openTable(second, project.id, image.id)
  await expect.poll(() => second.getByTestId('save-indicator').textContent()).toBe('Read only')
  const before = await labelsOnDisk(second, image.id)
  await second.keyboard.press('b')
  await second.keyboard.press('4')
  await drag(second, [
    [0.4, 0.4],
    [0.6, 0.6],
  ])
  expect(Buffer.compare((await labelsOnDisk(second, image.id)).classes, before.classes)).toBe(0)

  await first.bringToFront()
  await first.keyboard.press('b')
  await first.keyboard.press('4')
  await drag(first, [
    [0.4, 0.4],
    [0.6, 0.6],
  ])
  await untilSaved(first)
  const painted = await labelsOnDisk(first, image.id)
  expect(Buffer.compare(painted.classes, before.classes)).not.toBe(0)
  await first.close()

  await second.bringToFront()
  await expect.poll(() => second.getByTestId('save-indicator').textContent()).toBe('Saved')
  await expect.poll(() => second.getByTestId('undo').isEnabled()).toBe(true)
  await second.keyboard.press('Control+z')
  await untilSaved(second)
  expect(Buffer.compare((await labelsOnDisk(second, image.id)).classes, before.classes)).toBe(0)
  await second.close()
})
