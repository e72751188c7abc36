import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { goTo } from '../../scripts/browser/open-browser.ts'
import { bringAxe, inspect } from './axe.ts'
import { openSession, type Session } from './session.ts'

/** A camera that the browser draws, with a clock in its picture. */
const CAMERA = '--use-fake-device-for-media-stream'
const ALLOWED = '--use-fake-ui-for-media-stream'

let session: Session

afterEach(async () => {
  expect(session.strangers).toEqual([])
  await session.close()
})

async function openDialog(flags: readonly string[]): Promise<Page> {
  session = await openSession({ flags })
  return openDialogOf(session)
}

async function openDialogOf({ page }: Session): Promise<Page> {
  page.setDefaultTimeout(30_000)
  await goTo(page, '#/')
  await page.getByTestId('webcam').click()
  return page
}

const pictures = (page: Page) => page.getByTestId('webcam-dialog').locator('li')

test('pictures are taken by key, looked through, and become the images of a project', async () => {
  const page = await openDialog([CAMERA, ALLOWED])
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-testid') === 'webcam-take')
  await page.keyboard.press('Space')
  await expect.poll(() => pictures(page).count()).toBe(1)
  // A key that is held takes one.
  await page.keyboard.down('Enter')
  await page.keyboard.down('Enter')
  await page.keyboard.up('Enter')
  await expect.poll(() => pictures(page).count()).toBe(2)
  // No button has the focus.
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.keyboard.press('Enter')
  await page.keyboard.press('Space')
  await expect.poll(() => page.getByTestId('webcam-count').textContent()).toBe('4\u00a0pictures')
  expect(await pictures(page).locator('img').first().getAttribute('alt')).toBe('webcam-0004.jpg')
  await page.getByRole('button', { name: 'Remove webcam-0003.jpg' }).click()
  expect(await pictures(page).count()).toBe(3)

  await bringAxe(page)
  await inspect(page, 'webcam')

  // Closed, the camera is off and the pictures stay.
  const stream = await page
    .getByTestId('webcam-dialog')
    .locator('video')
    .evaluateHandle((video: HTMLVideoElement) => video.srcObject as MediaStream)
  const states = () => stream.evaluate((each) => each.getTracks().map(({ readyState }) => readyState))
  expect(await states()).toEqual(['live'])
  await page.keyboard.press('Escape')
  await expect.poll(states).toEqual(['ended'])
  expect(await page.getByTestId('webcam').textContent()).toBe('Webcam (3)')
  await page.getByTestId('webcam').click()
  expect(await pictures(page).count()).toBe(3)
  await page.getByTestId('webcam-use').click()

  await page.getByTestId('import-confirm').click()
  await page.getByTestId('open-project').click()
  const images = await page.evaluate(async () => {
    const project = (await studio.data.listProjects()).find(({ name }) => name === 'Webcam')
    return project ? await studio.data.listImages({ projectId: project.id }) : []
  })
  expect(images.map(({ name, size }) => [name.split('/').at(-1), size]).sort()).toEqual(
    [1, 2, 4].map((number) => [`webcam-000${number}`, { width: 1280, height: 720 }]),
  )
  // What the camera shows, from the first moment on, not an empty canvas: its background is green.
  const means = await page.evaluate(
    async (imageIds) => {
      const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
      const found: number[][] = []
      for (const imageId of imageIds) {
        context?.drawImage(await studio.data.image({ imageId }), 0, 0, 1, 1)
        found.push([...(context?.getImageData(0, 0, 1, 1).data ?? [])])
      }
      return found
    },
    images.map(({ id }) => id),
  )
  for (const [, green, blue] of means) {
    expect(green).toBeGreaterThan(100)
    expect(green).toBeGreaterThan(blue + 50)
  }
})

/** What the dialog says instead of showing a picture, on one line. */
async function refusal(page: Page): Promise<string> {
  const alert = page.getByTestId('webcam-dialog').getByRole('alert')
  await alert.waitFor()
  return ((await alert.textContent()) ?? '').replaceAll(/\s+/g, ' ')
}

test('at the first visit the demo, once it is drawn, does not take the camera away', async () => {
  session = await openSession({ flags: [CAMERA, ALLOWED], place: '#/' })
  const { page } = session
  await page.getByTestId('webcam').click()
  await page.getByTestId('webcam-take').click()
  await expect.poll(() => pictures(page).count()).toBe(1)
  await page.getByText('Preparing the demo project').waitFor({ state: 'detached' })
  await page.getByTestId('project-card').waitFor()
  expect(await page.getByTestId('webcam-take').isVisible()).toBe(true)
  expect(await pictures(page).count()).toBe(1)
})

test('no camera: a sentence says so, and what to do', async () => {
  const page = await openDialog([ALLOWED])
  for (let attempt = 1; attempt <= 2; attempt++) {
    expect(await refusal(page)).toMatch(/No camera was found\. Connect one/)
    await page.getByTestId('webcam-again').click()
  }
  expect(await page.getByTestId('webcam-use').count()).toBe(0)
})

test('permission refused, and taken back while the camera is on', async () => {
  const page = await openDialog([CAMERA])
  expect(await refusal(page)).toMatch(/This page may not use the camera\. Allow it/)
  await session.context.grantPermissions(['camera'])
  await page.getByTestId('webcam-again').click()
  await page.getByTestId('webcam-take').click()
  await expect.poll(() => pictures(page).count()).toBe(1)
  await session.context.clearPermissions()
  expect(await refusal(page)).toMatch(/This page may not use the camera\. Allow it/)
  expect(await pictures(page).count()).toBe(1)
})

test('a camera that another program holds: a sentence says so, and when it is free it is there', async () => {
  session = await openSession({ flags: [CAMERA, ALLOWED] })
  // The drawn camera is never busy: the first answer is the one that browsers give then.
  await session.page.evaluate(() => {
    const { mediaDevices } = navigator
    mediaDevices.getUserMedia = () => {
      Reflect.deleteProperty(mediaDevices, 'getUserMedia')
      return Promise.reject(new DOMException('Could not start video source', 'NotReadableError'))
    }
  })
  const page = await openDialogOf(session)
  expect(await refusal(page)).toMatch(/The camera gives no picture.* Close that program/)
  await page.getByTestId('webcam-again').click()
  await page.getByTestId('webcam-take').click()
  await expect.poll(() => pictures(page).count()).toBe(1)
})
