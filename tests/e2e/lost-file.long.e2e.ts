/** Files that the browser keeps large records in are gone or cut off: what is left of the project is saved, and opens. */
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBrowser } from '../../scripts/browser/find-browser.ts'
import { goTo, type OpenBrowser, openBrowser } from '../../scripts/browser/open-browser.ts'
import { drag, openTable, untilSaved } from './label-table.ts'

let profile: string
let session: OpenBrowser

const open = async () => {
  session = await openBrowser({ executable: findBrowser() ?? 'none', profile, engine: 'wasm', webgpu: 'off' })
  return session.page
}

beforeAll(() => {
  profile = mkdtempSync(join(tmpdir(), 'cpral-studio-lost-'))
})

afterAll(async () => {
  await session.close()
  rmSync(profile, { recursive: true, force: true })
})

/** The one file of the browser's storage that is as large. */
function fileOfSize(size: (bytes: number) => boolean): string {
  const found = readdirSync(profile, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes('indexeddb.blob'))
    .map((path) => join(profile, path))
    .filter((path) => statSync(path).isFile() && size(statSync(path).size))
  expect(found).toHaveLength(1)
  return found[0]
}

/** More than any picture here has. */
const PADDING = 131_072

test('a picture and a stroke that the disk has lost are named; all else is saved and opens', async () => {
  let page = await open()
  const { projectId, images } = await page.evaluate(async () => {
    const request = { images: 3, validationImages: 1, seed: 3 }
    const { id } = await studio.data.createDemo(request, () => {}, new AbortController().signal)
    return { projectId: id, images: await studio.data.listImages({ projectId: id }) }
  })
  await openTable(page, projectId, images[0].id)
  await page.keyboard.press('b')
  for (const y of [0.3, 0.5, 0.7]) {
    await page.keyboard.press('1')
    const line: [number, number][] = [
      [0.2, y],
      [0.7, y],
    ]
    await drag(page, line, { steps: 5, lift: true })
  }
  await untilSaved(page)
  const pictureBytes = await page.evaluate(pad, { labelled: images[0].id, other: images[1].id, padding: PADDING })
  await session.close()
  truncateSync(
    fileOfSize((bytes) => bytes > PADDING),
    PADDING / 2,
  )
  unlinkSync(fileOfSize((bytes) => bytes === pictureBytes))

  page = await open()
  await goTo(page, `#/project/${projectId}`)
  const download = page.waitForEvent('download')
  await page.getByTestId('save-project').click()
  const file = join(profile, 'saved.zip')
  await (await download).saveAs(file)
  const lost = `the picture of ${images[1].name}, whose labels are there; some labels of ${images[0].name}.`
  expect(await page.getByTestId('not-saved').textContent()).toContain(lost)

  await goTo(page, '#/')
  await page.getByTestId('files-input').first().setInputFiles(file)
  await page.waitForURL((url) => url.hash.startsWith('#/project/') && !url.hash.includes(projectId))
  expect(await page.getByTestId('missing').textContent()).toContain(lost)
  const kept = await page.evaluate(async (old) => {
    const copy = (await studio.data.listProjects()).find(({ id }) => id !== old)
    if (!copy) throw new Error('no copy')
    const images = await studio.data.listImages({ projectId: copy.id })
    const { head, base } = await studio.data.labelHistory({ imageId: images[0].id, isWriter: false })
    return {
      images: images.length,
      head,
      hasBase: base !== null,
      first: await studio.data.image({ imageId: images[0].id }).then(() => 'shown'),
    }
  }, projectId)
  expect(kept).toEqual({ images: 4, head: 3, hasBase: true, first: 'shown' })
})

/** Makes the second stroke large enough for a file of its own; returns the bytes of another image's picture. */
async function pad({ labelled, other, padding }: { labelled: string; other: string; padding: number }) {
  const settled = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  const db = await settled(indexedDB.open('cpral-studio'))
  const half = () => crypto.getRandomValues(new Uint8Array(padding / 2))
  const strokes = db.transaction('strokes', 'readwrite', { durability: 'strict' }).objectStore('strokes')
  const stroke = await settled(strokes.get([labelled, 2]))
  await settled(strokes.put({ ...stroke, padding: [half(), half()] }))
  const { blob } = await settled(db.transaction('images').objectStore('images').get(other))
  db.close()
  return blob.size as number
}
