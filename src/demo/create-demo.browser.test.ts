import { afterEach, beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { dataService } from '../data/data-service'
import { openDatabase } from '../storage/database'

const service = dataService()

beforeEach(clearDatabase)
afterEach(clearDatabase)

test('a demo project is made once and found again', async () => {
  const request = { images: 3, validationImages: 2, seed: 5 }
  const project = await service.createDemo(request, () => {}, new AbortController().signal)
  expect(project).toMatchObject({ source: 'demo', counts: { train: 3, val: 2 }, hasGroundTruth: true })
  const again = await service.createDemo(request, () => {}, new AbortController().signal)
  expect(again).toEqual(project)
  const images = await service.listImages({ projectId: project.id })
  expect(images.map(({ split }) => split)).toEqual(['train', 'train', 'train', 'val', 'val'])
})

test('a demo that another tab has made meanwhile is found, not drawn over', async () => {
  const db = await openDatabase()
  const made = { id: 'demo-1-0-9', name: 'made elsewhere', createdAt: 1 }
  const request = navigator.locks.request
  navigator.locks.request = async (...rest: unknown[]) => {
    await db.put('projects', made as never)
    return Reflect.apply(request, navigator.locks, rest)
  }
  try {
    const demo = { images: 1, validationImages: 0, seed: 9 }
    expect(await service.createDemo(demo, () => {}, AbortSignal.abort())).toEqual(made)
  } finally {
    Reflect.deleteProperty(navigator.locks, 'request')
  }
  expect(await db.get('projects', made.id)).toEqual(made)
})
