import { afterEach, beforeEach, expect, test } from 'vitest'
import { emptyRaster, pixelLabel } from '../annotation/raster'
import { Stroke } from '../annotation/stroke'
import { openStudio, type Studio } from '../storage/database'
import { PROVENANCE, type ProjectRecord, type RoundRecord, type RunRecord } from '../storage/schema'
import { dataService } from './data-service'
import { exportProject, importProject } from './project-file'

const service = dataService()
const signal = new AbortController().signal
let db: Studio
let projectId: string
let imageId: string

beforeEach(async () => {
  db = await openStudio()
  for (const name of db.objectStoreNames) await db.clear(name)
  const project = await service.createDemo({ images: 3, validationImages: 1, seed: 2 }, () => {}, signal)
  projectId = project.id
  imageId = (await service.listImages({ projectId }))[0].id
  const raster = emptyRaster({ height: 128, width: 256 })
  for (let head = 0; head < 3; head++) {
    const stroke = new Stroke(raster)
    stroke.fill(10 + head, 5, 90, pixelLabel(head, PROVENANCE.human))
    const patch = stroke.finish()
    if (patch) await service.appendStroke({ imageId, head, stroke: { id: `s${head}`, at: 1, tool: 'Brush', patch } })
  }
  await service.moveHead({ imageId, from: 3, to: 2 })
  await db.put('runs', { id: 'run-1', projectId, createdAt: 3, config: { weights: 'w' } } as RunRecord)
  await db.put('rounds', {
    runId: 'run-1',
    index: 1,
    trainImages: [imageId],
    regions: [{ imageId, x: 1 }],
  } as RoundRecord)
  const size = { height: 1, width: 2 }
  await db.put('labels', {
    runId: 'run-1',
    imageId,
    size,
    classes: Uint8Array.of(1, 255),
    provenance: Uint8Array.of(1, 0),
  })
  const bytes = new Uint8Array(1000).fill(7).buffer
  await db.put('checkpoints', { runId: 'run-1', slot: 0, round: 1, epoch: 2, savedAt: 4, bytes, sha256: 'abc' })
  await db.put('weights', { key: 'w', name: 'w', bytes } as never)
})

afterEach(async () => {
  for (const name of db.objectStoreNames) await db.clear(name)
})

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
  const file = new File([await exportProject(db, projectId, () => {}, signal)], 'demo.zip')
  const before = await contents({ [projectId]: 'P', 'run-1': 'R' })
  for (const name of db.objectStoreNames) await db.clear(name)
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
  const file = new File([await exportProject(db, projectId, () => {}, signal)], 'demo.zip')
  const copy = await importProject(db, file, () => {}, signal)
  expect(copy.name).toBe('Demo street scenes 2')
  expect(await service.listImages({ projectId: copy.id })).toHaveLength(4)
  await service.deleteProject({ projectId: copy.id })
  expect(await contents({})).toEqual(before)
})

test('labels that are in no project file yet are counted', async () => {
  const unsaved = (id: string) => service.countUnsavedImages({ projectId: id })
  expect(await unsaved(projectId)).toBe(1)
  const file = new File([await service.saveProject({ projectId }, () => {}, signal)], 'demo.zip')
  expect(await unsaved(projectId)).toBe(0)
  await new Promise((resolve) => setTimeout(resolve, 5))
  await service.moveHead({ imageId, from: 2, to: 1 })
  expect(await unsaved(projectId)).toBe(1)
  const copy = await importProject(db, file, () => {}, signal)
  expect(await unsaved(copy.id)).toBe(0)
})

test('what is no project file, or cut off, is named, and leaves nothing', async () => {
  const whole = await exportProject(db, projectId, () => {}, signal)
  const before = await contents({})
  for (const part of [new Blob(['rubbish']), whole.slice(0, whole.size - 500)]) {
    await expect(importProject(db, new File([part], 'mine.zip'), () => {}, signal)).rejects.toMatchObject({
      code: 'bad_file',
      message: expect.stringContaining('"mine.zip"'),
    })
  }
  expect(await contents({})).toEqual(before)
})
