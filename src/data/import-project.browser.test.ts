import { unzipSync, zipSync } from 'fflate'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStudio, type Studio } from '../storage/database'
import { dataService } from './data-service'
import { exportProject } from './export-project'
import { importProject } from './import-project'
import { isProjectFile } from './project-file'
import { makeTestProject } from './test-project'

const service = dataService()
const signal = new AbortController().signal
let db: Studio
let projectId: string
let imageId: string

beforeEach(async () => {
  db = await openStudio()
  await clear()
  const made = await makeTestProject(db, service)
  projectId = made.projectId
  imageId = made.imageId
})

afterEach(clear)

async function clear(): Promise<void> {
  for (const name of db.objectStoreNames) await db.clear(name)
}

/** Expects a refusal that names the file, after which the database is as it was. */
async function expectRefused(file: File, reason = ''): Promise<void> {
  const before = await contents()
  await expect(importProject(db, file, () => {}, signal)).rejects.toMatchObject({
    code: 'bad_file',
    message: expect.stringContaining(`"mine.zip" ${reason}`),
    remedy: expect.stringMatching(/./),
  })
  expect(await contents()).toEqual(before)
}

async function contents() {
  const stores = [...db.objectStoreNames]
  const keys = await Promise.all(stores.map((name) => db.getAllKeys(name)))
  const small = await Promise.all((['projects', 'journals', 'weights'] as const).map((name) => db.getAll(name)))
  return { keys, small }
}

test('what is made to unpack to much more than its size is refused before it is unpacked', async () => {
  const zip = await exportProject(db, projectId, () => {}, signal)
  const files = unzipSync(new Uint8Array(await zip.arrayBuffer()))
  for (const name of ['project.json', 'labels/1']) {
    const bomb = zipSync({ ...files, [name]: new Uint8Array(64 * 2 ** 20) }, { level: 9 })
    const file = new File([new Uint8Array(bomb)], 'mine.zip')
    expect(await isProjectFile(file)).toBe(false)
    await expectRefused(file, `holds "${name}", which unpacks to`)
  }
})

test('labels of one class, which would pack to next to nothing, open like any others', async () => {
  const [run] = await db.getAll('runs')
  const size = { height: 2048, width: 1024 }
  const empty = new Uint8Array(size.height * size.width)
  await db.put('labels', { runId: run.id, imageId, size, classes: empty, provenance: empty })
  const file = new File([await exportProject(db, projectId, () => {}, signal)], 'mine.zip')
  expect(await isProjectFile(file)).toBe(true)
  const project = await importProject(db, file, () => {}, signal)
  const [copy] = await service.listRuns({ projectId: project.id })
  const labels = await service.labels({ runId: copy.id, imageId: imageId.replace(projectId, project.id) })
  expect(labels?.classes).toHaveLength(empty.length)
})

test("another tool's archive with a project.json is no project file", async () => {
  const file = (text: string) =>
    new File([new Uint8Array(zipSync({ 'project.json': new TextEncoder().encode(text) }))], 'backup.zip')
  for (const text of ['{"name":"streets","labels":[],"tasks":["task_0"]}', '', '[]', 'null']) {
    expect(await isProjectFile(file(text))).toBe(false)
  }
})
