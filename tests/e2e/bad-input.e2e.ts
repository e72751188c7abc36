import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { encode } from 'fast-png'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeSafetensors } from '../../src/weights/safetensors.ts'
import { openSession, type Session } from './session.ts'
import { mobileNetFile } from './weights-files.ts'

const WIDTH = 64
const HEIGHT = 48

let session: Session
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cpral-studio-input-'))
  session = await openSession()
  session.page.setDefaultTimeout(30_000)
})

afterAll(async () => {
  await session?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A grey-blue photograph with a gradient, as PNG. */
function photo(): Uint8Array {
  const data = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i % 3) * 60 + Math.floor(i / (WIDTH * 3)) * 4)
  return encode({ width: WIDTH, height: HEIGHT, data, channels: 3, depth: 8 })
}

/** A label PNG: class 0 above, class 1 below, the first pixels `stray`. */
function mask({ width = WIDTH, height = HEIGHT, stray = 0 } = {}): Uint8Array {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    i < 5 ? stray : Math.floor((2 * i) / (width * height)),
  )
  return encode({ width, height, data, channels: 1, depth: 8 })
}

function writeFolder(name: string, files: Record<string, Uint8Array | string>): string {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, name, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  return join(folder, name)
}

/** Good pairs, so that there is something to import beside what is bad. */
function goodPairs(): Record<string, Uint8Array | string> {
  const files: Record<string, Uint8Array | string> = { 'classes.txt': 'above\nbelow\n' }
  for (const [split, count] of [
    ['train', 4],
    ['val', 2],
  ] as const) {
    for (let i = 0; i < count; i++) {
      files[`images/${split}/good-${i}.png`] = photo()
      files[`labels/${split}/good-${i}.png`] = mask()
    }
  }
  return files
}

async function chooseFolder(page: Page, path: string): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/?engine=wasm#/`)
  // The page of a former import has this address too.
  await page.reload()
  await page.getByTestId('folder-input').first().setInputFiles(path)
}

/** The problems on the screen by path: sentence and remedy. */
async function problemsShown(page: Page): Promise<Record<string, { problem: string; remedy: string }>> {
  const list = page.getByTestId('problems')
  // Files with one sentence stand together, their names behind a click.
  for (const summary of await list.locator('summary').all()) await summary.click()
  const shown: Record<string, { problem: string; remedy: string }> = {}
  for (const item of await list.locator('li').all()) {
    const [problem = '', remedy = ''] = await item.locator('p').allInnerTexts()
    for (const path of await item.locator('code').allInnerTexts()) shown[path] = { problem, remedy }
  }
  return shown
}

/** What a person reads there, on one line. */
async function textOf(found: Locator): Promise<string> {
  return (await found.allInnerTexts()).join(' ').replaceAll(/\s+/g, ' ')
}

/** The error notice on the screen, as one text. */
async function alertShown(page: Page): Promise<string> {
  const alert = page.getByRole('alert').first()
  await alert.waitFor()
  return await textOf(alert)
}

/** Opens the form for a new run of a project: of the one that the first test made, if no name is given. */
async function openNewRun(page: Page, projectName = 'mixed'): Promise<void> {
  const projects = await page.evaluate(() => studio.data.listProjects())
  const project = projects.find(({ name }) => name === projectName)
  await page.goto(`${new URL(page.url()).origin}/?engine=wasm#/project/${project?.id}`)
  await page.reload()
  const panel = page.getByTestId('new-run-panel')
  const open = page.getByTestId('new-run')
  await panel.or(open).first().waitFor()
  if (await open.isVisible()) await open.click()
  await panel.waitFor()
}

test('bad files of a folder are named with what to do; the rest is imported', async () => {
  const { page } = session
  const path = writeFolder('mixed', {
    ...goodPairs(),
    'images/train/letter.jpg': 'Dear reader, this is no image.',
    'labels/train/letter.png': mask(),
    'images/train/small.png': photo(),
    'labels/train/small.png': mask({ width: 16, height: 12 }),
    'images/train/wild.png': photo(),
    'labels/train/wild.png': mask({ stray: 42 }),
    'images/train/june/1.png': photo(),
    'images/train/july/1.png': photo(),
    'labels/train/1.png': mask(),
  })
  await chooseFolder(page, path)
  await page.getByTestId('import-confirm').click()
  await page.getByTestId('import-result').waitFor()
  const problems = await problemsShown(page)
  expect(problems['images/train/letter.jpg']?.problem).toMatch(/letter\.jpg.* is not a JPEG, PNG or WebP/)
  expect(problems['labels/train/small.png']?.problem).toMatch(/small\.png.* 16 x 12 .*small\.png.* 64 x 48/)
  expect(problems['labels/train/wild.png']?.problem).toMatch(/wild\.png.* outside the 2 classes: 42 on 5 pixels/)
  // One mask for two images of the same name: it is guessed for neither.
  expect(problems['labels/train/1.png']?.problem).toMatch(/june\/1\.png.*july\/1\.png|july\/1\.png.*june\/1\.png/)
  for (const { remedy } of Object.values(problems)) expect(remedy).toMatch(/\w+ .*\./)
  const [project] = await page.evaluate(() => studio.data.listProjects())
  expect(project).toMatchObject({ counts: { train: 5, val: 2 }, hasGroundTruth: true })
})

test('images whose masks hold no class are offered as unlabelled, for a person to label', async () => {
  const { page } = session
  const empty = (): Uint8Array => {
    const data = new Uint8Array(WIDTH * HEIGHT).fill(255)
    return encode({ width: WIDTH, height: HEIGHT, data, channels: 1, depth: 8 })
  }
  const pictures = { 'images/train/a.png': photo(), 'images/train/b.png': photo(), 'images/val/c.png': photo() }
  const classes = { 'classes.txt': 'above\nbelow\n' }
  const masks = { 'labels/train/a.png': empty(), 'labels/train/b.png': empty(), 'labels/val/c.png': empty() }
  await chooseFolder(page, writeFolder('no-class', { ...pictures, ...classes, ...masks }))
  await page.getByTestId('import-confirm').waitFor()
  expect(await page.locator('main').textContent()).toMatch(
    /3\s+images\s+without\s+a\s+mask[\s\S]*Their\s+masks\s+are\s+void/,
  )
  await page.getByTestId('import-confirm').click()
  await page.getByTestId('import-result').waitFor()
  await openNewRun(page, 'no-class')
  const warnings = page.getByTestId('training-warnings')
  await warnings.waitFor()
  expect(await textOf(warnings)).toMatch(/has no validation images, so no mIoU is measured/)
  const projects = await page.evaluate(() => studio.data.listProjects())
  expect(projects.find(({ name }) => name === 'no-class')).toMatchObject({ hasGroundTruth: false })
})

test('equal names in two folders stay two images with their own masks', async () => {
  const { page } = session
  const path = writeFolder('months', {
    'images/june/1.png': photo(),
    'images/july/1.png': photo(),
    'labels/june/1.png': mask(),
    'labels/july/1.png': mask({ stray: 1 }),
  })
  await chooseFolder(page, path)
  await page.getByTestId('import-confirm').click()
  await page.getByTestId('import-result').waitFor()
  const names = await page.evaluate(async () => {
    const projects = await studio.data.listProjects()
    const project = projects.find(({ name }) => name === 'months')
    const images = await studio.data.listImages({ projectId: project?.id ?? '' })
    return images.map(({ name }) => name)
  })
  expect(names).toEqual(['images/july/1', 'images/june/1'])
})

test('names and pictures that hold scripts are shown as what they are', async () => {
  const { page } = session
  const name = '<img src=x onerror="document.title=1">'
  const script = '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = 1</script></svg>'
  const path = writeFolder('hostile', {
    ...goodPairs(),
    [`images/train/${name}.png`]: photo(),
    [`labels/train/${name}.png`]: mask(),
    'images/train/drawing.svg': script,
    'classes.txt': '<b onclick="document.title=1">above</b>\nbelow\n',
  })
  await chooseFolder(page, path)
  await page.getByTestId('import-confirm').waitFor()
  expect((await problemsShown(page))['images/train/drawing.svg'].problem).toContain('is a drawing (SVG)')
  await page.getByTestId('import-confirm').click()
  await page.getByTestId('open-project').click()
  await page.getByText(`${name}`, { exact: true }).first().waitFor()
  await page.locator('summary', { hasText: 'classes' }).click()
  await page.getByText('<b onclick="document.title=1">above</b>').first().waitFor()
  expect(await page.title()).not.toBe('1')
  expect(await page.locator('[onerror], [onclick]').count()).toBe(0)
})

test('a folder without images says so', async () => {
  const { page } = session
  await chooseFolder(page, writeFolder('empty', { 'notes.txt': 'nothing here' }))
  expect(await alertShown(page)).toMatch(/No images .* Choose a folder with /)
  expect(await page.getByTestId('import-confirm').count()).toBe(0)
})

test('a panoptic size above the pool is refused with the number that fits', async () => {
  const { page } = session
  await openNewRun(page)
  await page.getByTestId('recipe').getByRole('radio', { name: "The paper's training" }).check()
  await page.getByTestId('initial-images').fill('2')
  await page.getByTestId('panoptic-size').fill('99')
  await page.getByTestId('panoptic-size').press('Tab')
  await page.getByTestId('start-run').click()
  expect(await alertShown(page)).toMatch(/panoptic size of 99 .*3 of 5 .*Choose 1 to 3/)
})

test('a truncated weights file is refused by name', async () => {
  const { page } = session
  const whole = new Uint8Array(
    writeSafetensors(new Map([['features.0.0.weight', { shape: [8], values: new Float32Array(8) }]])),
  )
  const path = join(
    writeFolder('weights', { 'cut.safetensors': whole.subarray(0, whole.length - 7) }),
    'cut.safetensors',
  )
  await openNewRun(page)
  await page.getByTestId('weights-input').setInputFiles(path)
  expect(await alertShown(page)).toMatch(/"cut\.safetensors" is truncated.*features\.0\.0\.weight.*Choose /)
})

test('weights of a shape that does not fit name the file, the tensor and both shapes', async () => {
  const { page } = session
  const path = join(writeFolder('weights', { 'narrow.safetensors': mobileNetFile(0.5) }), 'narrow.safetensors')
  await openNewRun(page)
  await page.getByTestId('weights-input').setInputFiles(path)
  // The button waits for the file.
  await page.getByTestId('start-run').click()
  expect(await alertShown(page)).toMatch(
    /"narrow\.safetensors" has "features\.0\.0\.weight" of shape \[16,3,3,3\], but this network needs \[32,3,3,3\].*Choose /,
  )
})

test('a browser without WebGPU says so when WebGPU is asked for, and what to do', async () => {
  const { page } = session
  await page.goto(`${new URL(page.url()).origin}/?engine=webgpu#/project/none`)
  await page.reload()
  const badge = page.getByTestId('engine-badge')
  await badge.getByText('No engine').waitFor()
  await badge.locator('summary').click()
  expect(await textOf(badge)).toMatch(/WebGPU.*(engine=wasm|WASM)/)
})

test('nothing was asked for from anywhere else', () => {
  expect(session.strangers).toEqual([])
})
