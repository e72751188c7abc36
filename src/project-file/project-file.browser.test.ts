import { unzipSync, zipSync } from 'fflate'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { makeTestProject, nextMillisecond } from '../../tests/support/test-project'
import { dataService } from '../data/data-service'
import type { ProjectRecord } from '../domain/project'
import type { Database } from '../storage/database'
import { importProject } from './open-project'
import { exportProject } from './save-project'

const service = dataService()
const signal = new AbortController().signal
let db: Database
let projectId: string
let imageId: string

beforeEach(async () => {
  db = await clearDatabase()
  const made = await makeTestProject(db, service)
  projectId = made.projectId
  imageId = made.imageId
})

afterEach(clearDatabase)

/** Every record of the database, blobs as text, with the ids of one project and run replaced. */
async function contents(ids: Record<string, string>): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {}
  const plain = async (value: unknown): Promise<unknown> => {
    if (value instanceof Blob) return `${value.type} ${new Uint8Array(await value.arrayBuffer()).join()}`
    if (value instanceof ArrayBuffer) return `buffer ${new Uint8Array(value).join()}`
    if (ArrayBuffer.isView(value)) return `${value.constructor.name} ${(value as Uint8Array).join()}`
    if (Array.isArray(value)) return Promise.all(value.map(plain))
    if (typeof value === 'string') {
      for (const [from, to] of Object.entries(ids)) if (value.startsWith(from)) return to + value.slice(from.length)
      return value
    }
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      await Promise.all(Object.entries(value).map(async ([key, child]) => [key, await plain(child)])),
    )
  }
  for (const name of db.objectStoreNames) all[name] = (await plain(await db.getAll(name))) as unknown[]
  // When a project was last in a file is of this machine, not of the project.
  all.projects = all.projects.map((project) => ({ ...(project as ProjectRecord), savedAt: undefined }))
  return all
}

test('a project file opens to the same state where there is nothing', async () => {
  const file = new File([(await exportProject(db, projectId, () => {}, signal)).file], 'demo.zip')
  const before = await contents({ [projectId]: 'P', 'run-1': 'R' })
  await clearDatabase()
  const project = await importProject(db, file, () => {}, signal)
  const [run] = await db.getAll('runs')
  expect(project.id).not.toBe(projectId)
  expect(await contents({ [project.id]: 'P', [run.id]: 'R' })).toEqual(before)
  const history = await service.labelHistory({
    imageId: `${project.id}${imageId.slice(projectId.length)}`,
    isWriter: true,
  })
  expect([history.head, history.strokes.length, history.problems]).toEqual([2, 3, []])
})

test('beside itself it becomes a second project, and the first stays', async () => {
  const before = await contents({})
  const file = new File([(await exportProject(db, projectId, () => {}, signal)).file], 'demo.zip')
  const copy = await importProject(db, file, () => {}, signal)
  expect(copy.name).toBe('Demo street scenes 2')
  expect(await service.listImages({ projectId: copy.id })).toHaveLength(4)
  await service.deleteProject({ projectId: copy.id })
  expect(await contents({})).toEqual(before)
})

test('a file that begins with its head, and counts records that it lacks, opens as before', async () => {
  const { file: zip } = await exportProject(db, projectId, () => {}, signal)
  const { 'project.json': head, ...records } = unzipSync(new Uint8Array(await zip.arrayBuffer()))
  const text = new TextDecoder().decode(head).replace(/"records":\d\d/, '"records":99')
  const old = zipSync({ 'project.json': new TextEncoder().encode(text), ...records }, { level: 0 })
  const project = await importProject(db, new File([new Uint8Array(old)], 'old.zip'), () => {}, signal)
  expect(await service.listImages({ projectId: project.id })).toHaveLength(4)
})

test('a file that lacks a record is refused', async () => {
  const { file: zip } = await exportProject(db, projectId, () => {}, signal)
  const [, ...rest] = Object.entries(unzipSync(new Uint8Array(await zip.arrayBuffer())))
  const file = new File([new Uint8Array(zipSync(Object.fromEntries(rest), { level: 0 }))], 'mine.zip')
  await expect(importProject(db, file, () => {}, signal)).rejects.toMatchObject({ code: 'bad_file' })
})

test('a file in which one byte is another is refused, whichever record that is in', async () => {
  const zip = new Uint8Array(await (await exportProject(db, projectId, () => {}, signal)).file.arrayBuffer())
  const before = await contents({})
  for (const share of [0.2, 0.5, 0.8]) {
    const damaged = zip.slice()
    damaged[Math.floor(share * damaged.length)] ^= 4
    const file = new File([damaged], 'mine.zip')
    await expect(importProject(db, file, () => {}, signal)).rejects.toMatchObject({ code: 'bad_file' })
  }
  expect(await contents({})).toEqual(before)
})

test('labels that are in no project file yet are counted', async () => {
  const unsaved = (id: string) => service.countUnsavedImages({ projectId: id })
  expect(await unsaved(projectId)).toBe(1)
  const file = new File([(await service.saveProject({ projectId }, () => {}, signal)).file], 'demo.zip')
  expect(await unsaved(projectId)).toBe(0)
  await nextMillisecond()
  await service.moveHead({ imageId, from: 2, to: 1 })
  expect(await unsaved(projectId)).toBe(1)
  const copy = await importProject(db, file, () => {}, signal)
  expect(await unsaved(copy.id)).toBe(0)
})

test('what is no project file, or cut off, is named, and leaves nothing', async () => {
  const { file: whole } = await exportProject(db, projectId, () => {}, signal)
  const before = await contents({})
  for (const part of [new Blob(['rubbish']), whole.slice(0, whole.size - 500)]) {
    await expect(importProject(db, new File([part], 'mine.zip'), () => {}, signal)).rejects.toMatchObject({
      code: 'bad_file',
      message: expect.stringContaining('"mine.zip"'),
    })
  }
  expect(await contents({})).toEqual(before)
})
