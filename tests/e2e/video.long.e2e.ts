import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { goTo } from '../../scripts/browser/open-browser.ts'
import { writeFiles } from './label-table.ts'
import { openSession, type Session } from './session.ts'

let session: Session
let recordings: Recordings

beforeAll(async () => {
  session = await openSession()
  session.page.setDefaultTimeout(30_000)
  recordings = await record(session.page)
})

afterAll(async () => {
  expect(session.strangers).toEqual([])
  await session.close()
})

beforeEach(async () => {
  const { page } = session
  await goTo(page, '#/project/none')
  // Forgets the import before.
  await page.reload()
  await page.waitForFunction(() => 'studio' in globalThis)
  await showList(page)
})

async function showList(page: Page): Promise<void> {
  await goTo(page, '#/')
  await page.getByTestId('files-input').first().waitFor({ state: 'attached' })
}

/** Of one scene; without its length, as a recorder hands it out in slices. */
interface Recordings {
  whole: Buffer
  sliced: Buffer
}

/** Four seconds recorded in the page: blue, from 1.5 s on yellow, with a small square that moves all the time. */
async function record(page: Page): Promise<Recordings> {
  const recorded = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 })
    const context = canvas.getContext('2d') as CanvasRenderingContext2D
    const draw = (second: number) => {
      context.fillStyle = second < 1.5 ? 'rgb(0 0 200)' : 'rgb(230 230 0)'
      context.fillRect(0, 0, 320, 240)
      context.fillStyle = 'white'
      context.fillRect(10 + 20 * second, 10, 6, 6)
    }
    draw(0)
    const stream = canvas.captureStream(25)
    const start = (slice?: number) => {
      const recorder = new MediaRecorder(stream, { mimeType: 'video/webm;codecs=vp8' })
      const parts: Blob[] = []
      recorder.ondataavailable = ({ data }) => parts.push(data)
      recorder.start(slice)
      return async () => {
        const stopped = new Promise((resolve) => {
          recorder.onstop = resolve
        })
        recorder.stop()
        await stopped
        const bytes = new Uint8Array(await new Blob(parts).arrayBuffer())
        return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
      }
    }
    const [stopWhole, stopSliced] = [start(), start(200)]
    const startedAt = performance.now()
    for (let second = 0; second < 4; second = (performance.now() - startedAt) / 1000) {
      draw(second)
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
    return { whole: await stopWhole(), sliced: await stopSliced() }
  })
  return { whole: Buffer.from(recorded.whole, 'base64'), sliced: Buffer.from(recorded.sliced, 'base64') }
}

/** What a video element says about a file before anything was sought in it. */
async function durationSaid(page: Page, bytes: Buffer): Promise<string> {
  return await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
    const video = document.createElement('video')
    video.src = URL.createObjectURL(new Blob([bytes], { type: 'video/webm' }))
    await new Promise((resolve) => {
      video.onloadedmetadata = resolve
    })
    URL.revokeObjectURL(video.src)
    return String(video.duration)
  }, bytes.toString('base64'))
}

async function pick(page: Page, files: Readonly<Record<string, Buffer>>): Promise<void> {
  await page
    .getByTestId('files-input')
    .first()
    .setInputFiles(Object.entries(files).map(([name, buffer]) => ({ name, buffer, mimeType: '' })))
}

/** Imports what was picked; name, size and mean colour of each image. */
async function importPicked(page: Page, name: string) {
  await page.getByTestId('import-name').fill(name)
  await page.getByTestId('import-confirm').click()
  await page.getByTestId('open-project').click()
  return await page.evaluate(async (name) => {
    const project = (await studio.data.listProjects()).find((each) => each.name === name)
    const images = project ? await studio.data.listImages({ projectId: project.id }) : []
    const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
    const found = []
    for (const image of images) {
      context?.drawImage(await studio.data.image({ imageId: image.id }), 0, 0, 1, 1)
      const [red, , blue] = context?.getImageData(0, 0, 1, 1).data ?? []
      const color = red > 150 && blue < 100 ? 'yellow' : blue > 120 && red < 100 ? 'blue' : `${red} ${blue}`
      found.push([image.name.replace(`${image.split}/`, ''), image.size.width, image.size.height, color])
    }
    return found.toSorted()
  }, name)
}

/** One frame of each scene, named after its second: what shows the same as the frame before is left out. */
const SCENES = [
  ['drive-00000.0s', 320, 240, 'blue'],
  ['drive-00002.0s', 320, 240, 'yellow'],
]

test('a video becomes its distinct frames, named after the second they are from', async () => {
  const { page } = session
  const video = recordings.whole
  expect(Number(await durationSaid(page, video))).toBeCloseTo(4, 0)
  await pick(page, { 'drive.webm': video })
  expect(await importPicked(page, 'Said')).toEqual(SCENES)

  await showList(page)
  await pick(page, { 'drive.webm': video, 'drive.mkv': video })
  const both = ['mkv', 'webm'].flatMap((kind) => SCENES.map(([name, ...rest]) => [`drive.${kind}/${name}`, ...rest]))
  expect(await importPicked(page, 'Two of one name')).toEqual(both)

  await goTo(page, '#/')
  await pick(page, { 'drive.webm': video })
  await page.getByTestId('frame-interval').fill('3')
  await page.getByTestId('frame-interval').press('Tab')
  await page.getByRole('progressbar').first().waitFor({ state: 'detached' })
  expect(await importPicked(page, 'Seldom')).toEqual([SCENES[0], ['drive-00003.0s', 320, 240, 'yellow']])
})

test('a recording that does not say how long it is has the same frames; cut off, those that are left', async () => {
  const { page } = session
  const video = recordings.sliced
  expect(await durationSaid(page, video)).toBe('Infinity')
  await pick(page, { 'drive.webm': video })
  expect(await importPicked(page, 'Not said')).toEqual(SCENES)

  await showList(page)
  await pick(page, { 'drive.webm': video.subarray(0, Math.floor(video.length / 3)) })
  expect(await importPicked(page, 'Cut')).toEqual(SCENES.slice(0, 1))
})

test('what is no video says so, and the files beside it are imported, each video in its folder', async () => {
  const { page } = session
  const broken = Buffer.from('This was a film once.')
  await pick(page, { 'broken.webm': broken })
  const alert = page.getByRole('alert')
  await alert.waitFor()
  expect((await alert.textContent())?.replaceAll(/\s+/g, ' ')).toMatch(
    /"broken\.webm" is no video that this browser plays\. Save it as MP4 or WebM\./,
  )

  const video = recordings.whole
  const folder = mkdtempSync(join(tmpdir(), 'cpral-studio-video-'))
  writeFiles(folder, { 'broken.mp4': broken, 'monday/drive.webm': video, 'friday/drive.webm': video })
  await page.getByTestId('folder-input').first().setInputFiles(folder)
  const problem = page.getByTestId('problems').locator('li')
  await problem.waitFor()
  rmSync(folder, { recursive: true, force: true })
  expect((await problem.textContent())?.replaceAll(/\s+/g, ' ')).toMatch(
    /broken\.mp4.*"broken\.mp4" is no video.*Save it as MP4 or WebM/,
  )
  const both = ['friday', 'monday'].flatMap((day) => SCENES.map(([name, ...rest]) => [`${day}/${name}`, ...rest]))
  expect(await importPicked(page, 'Beside')).toEqual(both)
})
