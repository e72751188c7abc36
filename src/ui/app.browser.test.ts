import { mount, unmount } from 'svelte'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openWorkers } from '../app/open-workers'
import { Studio } from '../state/studio.svelte'
import App from './App.svelte'

/** The page as a person meets it: real workers, real storage. */
let studio: Studio
let page: ReturnType<typeof mount>

async function deleteProjects() {
  for (const { id } of await studio.workers.data.listProjects())
    await studio.workers.data.deleteProject({ projectId: id })
}

const find = <T extends HTMLElement>(selector: string) =>
  expect
    .poll(() => document.querySelector<T>(selector), { timeout: 60_000 })
    .not.toBeNull()
    .then(() => document.querySelector<T>(selector) as T)

beforeEach(async () => {
  location.hash = '#/'
  studio = new Studio(openWorkers, '?engine=wasm')
  await deleteProjects()
})

const show = () => {
  page = mount(App, { target: document.body, props: { studio } })
}

afterEach(async () => {
  await unmount(page)
  await deleteProjects()
  studio.workers.restart('data')
  studio.workers.restart('compute')
  location.hash = ''
})

it('draws and opens the demo at the first start, refuses a bad config with a remedy, and deletes after asking', async () => {
  show()
  await expect.poll(() => location.hash, { timeout: 60_000 }).toMatch(/^#\/project\/./)
  await expect.poll(() => document.querySelectorAll('[data-testid=gallery] li').length, { timeout: 60_000 }).toBe(60)
  expect(document.querySelector('h1')?.textContent).toContain('Demo')

  const size = await find<HTMLInputElement>('[data-testid=initial-images]')
  size.value = '500'
  size.dispatchEvent(new Event('change', { bubbles: true }))
  ;(await find<HTMLButtonElement>('[data-testid=start-run]')).click()
  const alert = await find('[data-testid=new-run-panel] [role=alert]')
  expect(alert.textContent).toMatch(/500.*120/s)

  studio.router.go({ view: 'projects' })
  const card = await find('[data-testid=project-card]')
  card.querySelector('button')?.click()
  ;(await find<HTMLButtonElement>('dialog[open] [data-testid=confirm]')).click()
  await expect.poll(() => document.querySelector('[data-testid=project-card]'), { timeout: 30_000 }).toBeNull()
  expect(await studio.workers.data.listProjects()).toEqual([])
})

it('names what is wrong with a folder and keeps the rest of the page', async () => {
  await studio.open({ name: 'notes', files: [{ path: 'a.txt', file: new File(['hello'], 'a.txt') }] })
  show()
  const alert = await find('main [role=alert]')
  expect(alert.textContent?.length).toBeGreaterThan(40)
  expect(studio.importSession?.scanning.error?.code).toBe('no_images')
  studio.closeImport()
  await expect.poll(() => document.querySelector('main')?.textContent).toContain('Create the demo')
  expect(location.hash).toBe('#/')
})
