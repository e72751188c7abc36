import { mount, tick, unmount } from 'svelte'
import { afterEach, expect, test } from 'vitest'
import { drawnPair, drawnScene, heicProblems, reportOf } from '../../../tests/support/import-reports'
import { dataService } from '../../data/data-service'
import { AppError } from '../../domain/errors'
import { ImportSession } from '../../state/import-session.svelte'
import ImportPreview from './ImportPreview.svelte'

let page: ReturnType<typeof mount>
let target: HTMLElement

/** The preview of a folder that a scan would find to be like that; image 1 is broken. */
async function show(found: Parameters<typeof reportOf>[1] = {}): Promise<ImportSession> {
  const session = new ImportSession(
    {
      ...dataService(),
      scan: async (request) => reportOf(request, found),
      previewPair: async ({ index }) => {
        if (index === 1) throw new AppError('bad_file', '"images/b.png" is cut off.', 'Copy it again.')
        return drawnPair(index)
      },
      previewClass: async ({ classId }) => (await drawnScene(classId)).image,
      previewFile: async ({ path }) => (await drawnScene(path.length)).image,
    },
    { name: 'Set', files: [{ path: 'images/a.png', file: new File([], 'a.png') }] },
  )
  await session.scan()
  target = document.createElement('main')
  document.body.append(target)
  const props = {
    session,
    get report() {
      return session.report ?? reportOf({ files: [] })
    },
  }
  page = mount(ImportPreview, { target, props })
  return session
}

afterEach(async () => {
  await unmount(page)
  target.remove()
})

function find<Found extends HTMLElement = HTMLElement>(selector: string): Found {
  const found = target.querySelector<Found>(selector)
  if (!found) throw new Error(`There is no ${selector}.`)
  return found
}

const buttonCalled = (name: string) => {
  const buttons = [...target.querySelectorAll<HTMLButtonElement>('button')]
  return buttons.find((button) => (button.getAttribute('aria-label') ?? button.textContent?.trim()) === name)
}

function type(field: HTMLInputElement, value: string) {
  field.value = value
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

const shownPair = () => target.querySelector('[data-testid=pair-view] dd')?.textContent

test('an answer scans again; focus, scroll and other choices stay', async () => {
  const session = await show({ classes: 40 })
  type(find<HTMLInputElement>('[data-testid=import-class-2]'), 'heaven')
  scrollTo(0, 200)
  const scrolled = scrollY
  expect(scrolled).toBeGreaterThan(0)
  const radio = find<HTMLInputElement>('[data-question=grey-255] input[value=class]')
  radio.focus({ preventScroll: true })
  radio.click()
  await expect.poll(() => session.report?.classes.length).toBe(41)
  await tick()
  expect([document.activeElement, radio.checked, scrollY]).toEqual([radio, true, scrolled])
  expect(find<HTMLInputElement>('[data-testid=import-class-2]').value).toBe('heaven')
  expect(find<HTMLInputElement>('[data-question=mask-set] input[value=SegmentationClass]').checked).toBe(true)
})

test('a refused answer goes back to the one that counts', async () => {
  const session = await show()
  const [first, second] = target.querySelectorAll<HTMLInputElement>('[data-question=mask-set] input')
  second.click()
  session.scanning.abort()
  await expect.poll(() => session.scanning.isRunning).toBe(false)
  await tick()
  expect([first.checked, second.checked]).toEqual([true, false])
})

test('a corrected colour is seen in the masks; an empty name is refused beside its field and at the button', async () => {
  await show()
  const labels = () => target.querySelector<HTMLCanvasElement>('canvas.labels')
  const sky = () => labels()?.getContext('2d')?.getImageData(2, 2, 1, 1).data.slice(0, 3)
  await expect.poll(sky).toBeTruthy()
  type(find<HTMLInputElement>('[data-class="2"] input[type=color]'), '#0a141e')
  await expect.poll(sky).toEqual(Uint8ClampedArray.of(10, 20, 30))
  const name = find<HTMLInputElement>('[data-testid=import-class-2]')
  const confirm = find<HTMLButtonElement>('[data-testid=import-confirm]')
  expect(confirm.disabled).toBe(false)
  type(name, ' ')
  await tick()
  const said = document.getElementById(name.getAttribute('aria-describedby') ?? '')?.textContent
  expect([name.getAttribute('aria-invalid'), said]).toEqual(['true', 'Class 2 has no name: give it one.'])
  const why = document.getElementById(confirm.getAttribute('aria-describedby') ?? '')?.textContent
  expect([confirm.disabled, why?.trim()]).toEqual([true, 'Class 2 has no name: give it one.'])
  buttonCalled('Undo 1\u00a0correction')?.click()
  await tick()
  expect([name.value, confirm.disabled]).toEqual(['sky', false])
})

test('images are leafed through by buttons, keys and number; a broken one says why and is passed', async () => {
  await show({ items: 3 })
  await expect.poll(shownPair).toBe('images/scene-0')
  const next = find<HTMLButtonElement>('[data-testid=next-pair]')
  next.click()
  await expect.poll(() => target.textContent).toContain('"images/b.png" is cut off.')
  next.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))
  await expect.poll(shownPair).toBe('images/scene-2')
  expect(target.textContent).not.toContain('is cut off')
  buttonCalled('Next image')?.click()
  await expect.poll(shownPair).toBe('images/scene-0')
  const number = find<HTMLInputElement>('[data-testid=pair-number]')
  number.value = '99'
  number.dispatchEvent(new Event('change', { bubbles: true }))
  await expect.poll(shownPair).toBe('images/scene-2')
  expect(number.value).toBe('3')
})

test('a role that is given scans again; a hundred groups can be searched', async () => {
  const session = await show({ groups: 100 })
  const rows = () => target.querySelectorAll('[data-group]').length
  expect(rows()).toBe(100)
  type(find<HTMLInputElement>('[data-testid=file-groups] input[type=search]'), 'DRAW')
  await tick()
  expect(rows()).toBe(1)
  find<HTMLInputElement>('[data-group="old/drawings/*_v2.png"] input[value=mask]').click()
  await expect.poll(() => session.report?.groups[3]).toMatchObject({ role: 'mask', reason: 'You chose this.' })
  expect(find<HTMLInputElement>('[data-group="old/drawings/*_v2.png"] input[value=mask]').checked).toBe(true)
})

test('what is sure and used stays folded away', async () => {
  await show({ groups: 2 })
  expect(find<HTMLDetailsElement>('[data-testid=file-groups]').open).toBe(false)
  expect(find('[data-testid=file-groups] summary').textContent).toMatch(/120 images, 117 masks/)
})

test('a thousand files with one problem are one entry, in which each can be found', async () => {
  await show({ problems: heicProblems(1000) })
  const list = find('[data-testid=problems]')
  expect(list.querySelectorAll('li')).toHaveLength(1)
  expect(list.textContent).toContain('Each of them is a HEIC image')
  list.querySelector('summary')?.click()
  await expect.poll(() => list.querySelectorAll('code').length).toBe(200)
  const search = list.querySelector('input')
  if (!search) throw new Error('no search')
  type(search, 'img_1999')
  await tick()
  expect([...list.querySelectorAll('code')].map((code) => code.textContent)).toEqual(['photos/holiday/IMG_1999.heic'])
})

test('much void is warned of, and little only counted', async () => {
  await show({ voidShare: 0.38 })
  expect(find('[data-testid=import-classes]').textContent).toContain('38.0\u00a0% of the pixels of the masks are void.')
  await unmount(page)
  target.remove()
  await show({ voidShare: 0.19 })
  expect(target.querySelector('[data-testid=import-classes] .notice')).toBeNull()
  expect(find('[data-testid=void-row]').textContent).toContain('19.0\u00a0%')
})
