import { afterEach, beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { SIZE, sourceFiles, twoGoodPairs } from '../../tests/support/test-files'
import { openDatabase } from '../storage/database'
import { dataService } from './data-service'

const service = dataService()

beforeEach(clearDatabase)
afterEach(clearDatabase)

test('what a killed import left is swept away by the next start', async () => {
  const files = sourceFiles(await twoGoodPairs())
  const { project } = await service.import({ name: 'Killed', files }, () => {}, new AbortController().signal)
  const db = await openDatabase()
  await db.delete('projects', project.id)
  expect(await dataService().listProjects()).toEqual([])
  expect(await db.count('images')).toBe(0)
})

/** Ids of images that no project has, as an import leaves them that is under way or was killed. */
async function putOrphans(...projectIds: string[]): Promise<void> {
  const db = await openDatabase()
  for (const projectId of projectIds) {
    const image = { id: `${projectId}/a`, projectId, name: 'a', split: 'train' as const, order: 0, size: SIZE }
    await db.put('images', { ...image, blob: new Blob(['x']), orientation: 1 })
  }
}

test('what a killed import left is swept, never a project whose import ends meanwhile', async () => {
  const db = await openDatabase()
  await putOrphans('dead', 'fresh')
  const request = navigator.locks.request
  // The import of the other tab ends while the dead one is removed.
  navigator.locks.request = async (...rest: unknown[]) => {
    if (`${rest[0]}`.endsWith('/fresh')) await db.put('projects', { id: 'fresh', name: 'fresh', createdAt: 1 } as never)
    return Reflect.apply(request, navigator.locks, rest)
  }
  try {
    expect((await dataService().listProjects()).map(({ id }) => id)).toEqual(['fresh'])
    expect(await db.getAllKeys('images')).toEqual(['fresh/a'])
  } finally {
    Reflect.deleteProperty(navigator.locks, 'request')
  }
})

test('a sweep that fails keeps no call from its answer, and is tried again', async () => {
  const db = await openDatabase()
  await putOrphans('dead')
  const again = dataService()
  navigator.locks.request = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))
  try {
    expect(await again.listProjects()).toEqual([])
    expect(await db.count('images')).toBe(1)
  } finally {
    Reflect.deleteProperty(navigator.locks, 'request')
  }
  expect(await again.listProjects()).toEqual([])
  expect(await db.count('images')).toBe(0)
})
