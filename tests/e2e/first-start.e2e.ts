import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSession, type Session } from './session.ts'

let session: Session

beforeAll(async () => {
  session = await openSession({ place: '#/' })
})

afterAll(() => session?.close())

test('the first start draws the demo and opens it', async () => {
  const { page } = session
  await page.getByTestId('gallery').locator('img').first().waitFor()
  expect(await page.locator('h1').textContent()).toMatch(/demo|street/i)
  expect(await page.getByTestId('engine-badge').textContent()).toMatch(/wasm/i)
  const projects = await page.evaluate(() => studio.data.listProjects())
  expect(projects).toHaveLength(1)
  expect(projects[0]).toMatchObject({ source: 'demo', hasGroundTruth: true })
  expect(projects[0]?.classes).toHaveLength(19)
})

test('the page is isolated, so that the WASM engine has its threads', async () => {
  expect(await session.page.evaluate(() => [isSecureContext, crossOriginIsolated])).toEqual([true, true])
})

test('the gallery goes on to its end, also on a page that is busy', async () => {
  const { page } = session
  const items = page.getByTestId('gallery').locator('li')
  await page.getByRole('button', { name: 'validation' }).click()
  await expect.poll(() => items.count()).toBe(40)
  await page.getByRole('button', { name: 'All' }).evaluate((all: HTMLElement) => {
    all.click()
    // The end of the list is seen to be far in this frame and near in the next one, before the page hears of either.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        scrollTo(0, document.body.scrollHeight)
        const begin = performance.now()
        while (performance.now() - begin < 300);
      }
      port2.postMessage('')
    })
  })
  await expect
    .poll(async () => {
      const count = await items.count()
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
      return count
    })
    .toBe(160)
})

test('a reload comes back to where one was, with the same project', async () => {
  const { page } = session
  const before = await page.evaluate(() => studio.data.listProjects())
  await page.reload()
  await page.getByTestId('gallery').locator('img').first().waitFor()
  expect(await page.evaluate(() => studio.data.listProjects())).toEqual(before)
  await page.locator('a.brand').click()
  await page.getByTestId('project-card').first().waitFor()
  expect(await page.getByTestId('project-card').count()).toBe(1)
})

test('nothing is asked for from anywhere else', () => {
  expect(session.strangers).toEqual([])
})

test('a project is renamed where its name stands, by keys alone, and keeps the name', async () => {
  const { page } = session
  const [project] = await page.evaluate(() => studio.data.listProjects())
  await page.evaluate((id) => (location.hash = `#/project/${id}`), project.id)
  const rename = page.getByTestId('rename')
  await rename.focus()
  await page.keyboard.press('Enter')
  const field = page.getByLabel('Name of the project')
  await expect
    .poll(() => field.evaluate((input: HTMLInputElement) => getSelection()?.toString() ?? input.value))
    .toBe(project.name)
  await page.keyboard.type('Something else')
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('h1').textContent()).toBe(project.name)
  expect(await rename.evaluate((button) => button === document.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  await page.keyboard.type('  Streets of Ulm ')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('h1').textContent()).toBe('Streets of Ulm')
  expect(await rename.evaluate((button) => button === document.activeElement)).toBe(true)
  await page.reload()
  await expect.poll(() => page.locator('h1').textContent()).toBe('Streets of Ulm')
})
