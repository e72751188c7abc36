/** What hands do at the table besides what they mean to: hold keys, press them too early, rest beside the pen. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { goTo } from '../../scripts/browser/open-browser.ts'
import type { LabelRaster } from '../../src/annotation/raster.ts'
import { initialPool } from '../../src/cpral/image-scores.ts'
import type { ConfigOverrides } from '../../src/cpral/presets.ts'
import { PROVENANCE } from '../../src/domain/labels.ts'
import type { ProjectRecord } from '../../src/domain/project.ts'
import type { RoundRecord } from '../../src/domain/round.ts'
import { drag, imageOnTable, labelsOnDisk, untilAsked, untilSaved } from './label-table.ts'
import { openScenes, type SceneSession } from './scenes.ts'
import { BY_PERSON, createRun, finishRun } from './session.ts'

const TWO_ROUNDS: ConfigOverrides = {
  ...BY_PERSON,
  selection: { rounds: 2, initialImages: 2, panopticSize: 4, budgetImages: 1, regionSide: 16 },
}

let session: SceneSession
let page: Page
let project: ProjectRecord
let runId: string

beforeAll(async () => {
  session = await openScenes({ train: 8, val: 2 })
  page = session.page
  project = session.project
  runId = await runUntilAsked()
})

afterAll(async () => {
  expect(session.strangers).toEqual([])
  await session?.close()
})

/** Each test begins at the first region that has no answer yet. */
beforeEach(async () => {
  await goTo(page, `#/project/${encodeURIComponent(project.id)}`)
  await openQueue()
})

/** A run that has been trained on two images, one half of them class 0 and the other class 1, and asks for its first regions. */
async function runUntilAsked(): Promise<string> {
  const pool = session.images.filter(({ split }) => split === 'train').map(({ id }) => id)
  const initial = initialPool(pool, 2, TWO_ROUNDS.seed ?? 0)
  const runId = await createRun(page, project, TWO_ROUNDS)
  await page.evaluate(async (initial) => {
    const half = (128 * 256) / 2
    for (const imageId of initial) {
      const patch = {
        starts: Uint32Array.of(0, half),
        lengths: Uint32Array.of(half, half),
        before: Uint16Array.of(255, 255),
        after: Uint16Array.of(1 << 8, (1 << 8) | 1),
      }
      const stroke = { id: crypto.randomUUID(), at: 0, tool: 'Brush', patch }
      await studio.data.appendStroke({ imageId, head: 0, stroke })
    }
  }, initial)
  await finishRun(page, runId)
  return runId
}

/** Opens the first image that a region lies in, and waits until the queue asks. */
async function openQueue(): Promise<void> {
  const { regions } = await lastRound()
  const [{ imageId }] = regions
  await goTo(page, `#/project/${encodeURIComponent(project.id)}/run/${runId}/label/${encodeURIComponent(imageId)}`)
  await untilAsking()
}

async function untilAsking(): Promise<void> {
  await page.getByTestId('queue').waitFor()
  await untilSaved(page)
  await page.getByTestId('accept').waitFor()
}

async function lastRound(): Promise<RoundRecord> {
  const rounds = await page.evaluate((runId) => studio.data.rounds({ runId }), runId)
  const last = rounds.at(-1)
  if (!last) throw new Error('The run has asked for nothing.')
  return last
}

const answers = () => page.evaluate((runId) => studio.data.answers({ runId, round: 1 }), runId)

const count = ({ provenance }: LabelRaster, wanted: number) => provenance.filter((each) => each === wanted).length

const position = async () =>
  Number(/(\d+) of/.exec((await page.getByTestId('queue-position').textContent()) ?? '')?.[1])

async function untilPosition(wanted: number): Promise<void> {
  await untilAsked(page, project.id, `region ${wanted} of`)
  await untilSaved(page)
}

test('a held key answers one region, and scrolls through sizes', async () => {
  const first = await position()
  for (const [key, status] of [
    ['v', 'empty'],
    ['x', 'skipped'],
    ['Enter', 'done'],
  ]) {
    const before = await position()
    for (let repeat = 0; repeat < 6; repeat++) await page.keyboard.down(key)
    await page.keyboard.up(key)
    await untilPosition(before + 1)
    expect((await answers()).at(-1)).toMatchObject({ index: before - 1, status })
  }
  expect(await answers()).toHaveLength(3)
  expect(await position()).toBe(first + 3)
  await page.keyboard.press('b')
  const radius = async () => 2 ** Number(await page.getByTestId('brush-radius').inputValue())
  const before = await radius()
  for (let repeat = 0; repeat < 3; repeat++) await page.keyboard.down(']')
  await page.keyboard.up(']')
  expect(await radius()).toBeGreaterThan(1.25 * 1.25 * before)
})

test('what answers the network waits until the region lies on the table', async () => {
  const { regions } = await lastRound()
  // On to where the next region lies in another image.
  let at = await position()
  while (regions[at].imageId === regions[at - 1].imageId) {
    await page.keyboard.press('x')
    await untilPosition(++at)
  }
  const left = await imageOnTable(page)
  const accepted = count(await labelsOnDisk(page, left), PROVENANCE.accepted)
  await page.evaluate(() => {
    for (const [key, code] of [
      ['Enter', 'Enter'],
      ['y', 'KeyY'],
      ['v', 'KeyV'],
    ])
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true }))
  })
  expect(await page.getByTestId('label-notice').textContent()).toMatch(/another image|still being opened/)
  await untilPosition(at + 1)
  expect(count(await labelsOnDisk(page, left), PROVENANCE.accepted)).toBe(accepted)
  expect((await answers()).at(-1)).toMatchObject({ index: at - 1, status: 'done' })
  expect(await answers()).toHaveLength(at)

  // A look at the neighbour is no answer either; W leads back.
  const asked = await imageOnTable(page)
  await page.keyboard.press('d')
  await expect.poll(() => imageOnTable(page)).not.toBe(asked)
  const neighbour = await imageOnTable(page)
  await page.waitForFunction((name) => document.title.includes(name), neighbour.slice(project.id.length + 1))
  const before = await labelsOnDisk(page, neighbour)
  await page.keyboard.press('v')
  await page.keyboard.press('y')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByTestId('label-notice').textContent()).toContain('another image')
  await untilSaved(page)
  expect(Buffer.compare((await labelsOnDisk(page, neighbour)).provenance, before.provenance)).toBe(0)
  expect(await answers()).toHaveLength(at)
  // Nothing can be answered from here, so nothing offers to; a button leads back as well.
  expect(await page.getByTestId('done').count()).toBe(0)
  await page.getByTestId('to-region').click()
  await expect.poll(() => imageOnTable(page)).toBe(asked)
  expect(await page.getByTestId('done').count()).toBe(1)
  await page.keyboard.press('d')
  await expect.poll(() => imageOnTable(page)).not.toBe(asked)
  await page.keyboard.press('w')
  await expect.poll(() => imageOnTable(page)).toBe(asked)
})

test('a key in the middle of a stroke: two strokes, and the screen shows what is on the disk', async () => {
  const id = await imageOnTable(page)
  const before = await labelsOnDisk(page, id)
  await page.keyboard.press('b')
  await page.keyboard.press('3')
  await drag(
    page,
    [
      [0.48, 0.5],
      [0.52, 0.5],
    ],
    { lift: false },
  )
  await page.keyboard.press('y')
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await untilSaved(page)
  const both = await labelsOnDisk(page, id)
  expect(count(both, PROVENANCE.human)).toBeGreaterThan(count(before, PROVENANCE.human))
  expect(count(both, PROVENANCE.accepted)).toBeGreaterThan(count(before, PROVENANCE.accepted))
  const picture = async () => {
    await page.mouse.move(5, 5)
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
    return page.locator('canvas.labels').evaluate(async (canvas: HTMLCanvasElement) => {
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data
      return new Uint8Array(await crypto.subtle.digest('SHA-256', pixels ?? new Uint8Array())).join(' ')
    })
  }
  const shown = await picture()
  await page.reload()
  await untilAsking()
  await expect.poll(picture).toBe(shown)
  await page.keyboard.press('Control+z')
  await untilSaved(page)
  const one = await labelsOnDisk(page, id)
  expect(count(one, PROVENANCE.accepted)).toBe(count(before, PROVENANCE.accepted))
  expect(count(one, PROVENANCE.human)).toBe(count(both, PROVENANCE.human))
})

test('the next image in the middle of a stroke: what was painted is kept', async () => {
  const id = await imageOnTable(page)
  const before = count(await labelsOnDisk(page, id), PROVENANCE.human)
  await page.keyboard.press('b')
  await page.getByTestId('only-region').uncheck()
  await drag(
    page,
    [
      [0.2, 0.2],
      [0.8, 0.2],
    ],
    { lift: false },
  )
  await page.keyboard.press('d')
  await expect.poll(() => imageOnTable(page)).not.toBe(id)
  await expect.poll(async () => count(await labelsOnDisk(page, id), PROVENANCE.human)).toBeGreaterThan(before)
  await page.mouse.up()
  await page.keyboard.press('w')
  await page.getByTestId('only-region').check()
})

test('undo takes back the last corner of a polygon, then strokes; corners count as clicks, and going back loses none', async () => {
  const id = await imageOnTable(page)
  const at = await position()
  await page.keyboard.press('b')
  await drag(page, [
    [0.45, 0.45],
    [0.5, 0.45],
  ])
  await untilSaved(page)
  const stroke = count(await labelsOnDisk(page, id), PROVENANCE.human)
  await page.keyboard.press('p')
  for (const [x, y] of [
    [0.4, 0.55],
    [0.6, 0.55],
    [0.6, 0.65],
    [0.4, 0.65],
    [0.3, 0.6],
  ] as const)
    await drag(page, [[x, y]])
  // The hand moves the view, and the corners wait.
  await page.keyboard.press('h')
  await page.keyboard.press('p')
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Enter')
  await untilSaved(page)
  expect(count(await labelsOnDisk(page, id), PROVENANCE.human)).toBeGreaterThan(stroke)
  expect(await position()).toBe(at)
  // One region back, answered again, and on: the five clicks here are still known.
  await page.keyboard.press('Backspace')
  await untilPosition(at - 1)
  await page.keyboard.press('Enter')
  await untilPosition(at)
  await page.keyboard.press('Enter')
  await untilPosition(at + 1)
  expect((await answers()).find(({ index }) => index === at - 1)?.clicks).toBe(1 + 4 + 1)
})

test('Q needs no superpixel tool in hand before it', async () => {
  const id = await imageOnTable(page)
  await page.keyboard.press('b')
  await page.reload()
  await untilAsking()
  await page.keyboard.press('b')
  const box = await page.getByTestId('label-canvas').boundingBox()
  await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2)
  const before = count(await labelsOnDisk(page, id), PROVENANCE.accepted)
  await page.keyboard.press('q')
  await expect.poll(async () => count(await labelsOnDisk(page, id), PROVENANCE.accepted)).toBeGreaterThan(before)
})

test('a clicked button does not keep the keys, and Escape does not lead away', async () => {
  const id = await imageOnTable(page)
  await page.keyboard.press('b')
  for (const y of [0.45, 0.55])
    await drag(page, [
      [0.45, y],
      [0.55, y],
    ])
  await page.getByTestId('undo').click()
  await untilSaved(page)
  const before = await labelsOnDisk(page, id)
  await page.keyboard.press('Space')
  expect(await page.locator('[data-layer="labels"]').isChecked()).toBe(false)
  await page.keyboard.press('Space')
  await page.keyboard.press('Escape')
  await untilSaved(page)
  expect(Buffer.compare((await labelsOnDisk(page, id)).classes, before.classes)).toBe(0)
  expect(await imageOnTable(page)).toBe(id)
})

test('no panel is wider than its room', async () => {
  const overhang = () =>
    page.evaluate(() =>
      ['aside', '[aria-label="Tools"]', 'html'].map((selector) => {
        const element = document.querySelector(selector)
        return element ? element.scrollWidth - element.clientWidth : null
      }),
    )
  await page.locator('[data-layer="entropy"]').waitFor()
  try {
    for (const size of [
      { width: 1280, height: 900 },
      { width: 400, height: 800 },
    ]) {
      await page.setViewportSize(size)
      await expect.poll(overhang).toEqual([0, 0, 0])
    }
  } finally {
    await page.setViewportSize({ width: 1280, height: 900 })
  }
})
