import { afterEach, beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { defaultConfig, factsOf } from '../cpral/presets'
import { dataService } from '../data/data-service'
import type { RunRecord } from '../domain/run'
import { saveCheckpoint } from '../storage/checkpoints'
import type { Database } from '../storage/database'
import { writeSafetensors } from '../weights/safetensors'

const service = dataService()
let db: Database

beforeEach(async () => {
  db = await clearDatabase()
})

afterEach(clearDatabase)

/** Header and numbers of a safetensors file, read as the format's description says. */
async function parse(file: Blob) {
  const bytes = await file.arrayBuffer()
  const length = Number(new DataView(bytes).getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, length)))
  const numbers = (name: string) => {
    const [begin, end] = header[name].data_offsets
    return [...new Float32Array(bytes.slice(8 + length + begin, 8 + length + end))]
  }
  return { header, numbers }
}

/** A project with run-1. */
async function makeRun() {
  const project = await service.createDemo(
    { images: 3, validationImages: 1, seed: 2 },
    () => {},
    new AbortController().signal,
  )
  const config = defaultConfig(factsOf(project, { height: 128, width: 256 }), 'tiny', {
    size: { height: 64, width: 128 },
  })
  await db.put('runs', { id: 'run-1', projectId: project.id, createdAt: 3, config, classCount: 2 } as RunRecord)
  return { project, config }
}

test('the newest network, without the momenta of its training and with what one must know to use it', async () => {
  const { project, config } = await makeRun()
  expect(await service.exportNetwork({ runId: 'run-1' })).toBeNull()
  for (const epoch of [1, 2]) {
    const arrays = new Map([
      ['a.weight', { shape: [1, 2], values: Float32Array.of(epoch, 0.5) }],
      ['momentum.a.weight', { shape: [1, 2], values: Float32Array.of(9, 9) }],
    ])
    await saveCheckpoint(db, { runId: 'run-1', round: 4, epoch, bytes: writeSafetensors(arrays) })
  }
  const network = await service.exportNetwork({ runId: 'run-1' })
  expect(network).toMatchObject({ round: 4, epoch: 2 })
  const { header, numbers } = await parse(network?.file ?? new Blob())
  expect(Object.keys(header)).toEqual(['__metadata__', 'a.weight'])
  expect(header['a.weight']).toMatchObject({ dtype: 'F32', shape: [1, 2] })
  expect(numbers('a.weight')).toEqual([2, 0.5])
  const { classes, network: layers, input } = header.__metadata__
  expect(JSON.parse(classes)).toEqual(project.classes.slice(0, 2).map(({ name }) => name))
  expect(JSON.parse(layers)).toEqual(config.network)
  expect(JSON.parse(input)).toMatchObject({ height: 64, width: 128, mean: [0.485, 0.456, 0.406] })
})

test('a run that averages its weights: the averages, under the plain names', async () => {
  await makeRun()
  const arrays = new Map([
    ['a.weight', { shape: [2], values: Float32Array.of(1, 2) }],
    ['momentum.a.weight', { shape: [2], values: Float32Array.of(9, 9) }],
    ['average.a.weight', { shape: [2], values: Float32Array.of(3, 4) }],
  ])
  await saveCheckpoint(db, { runId: 'run-1', round: 1, epoch: 1, bytes: writeSafetensors(arrays) })
  const network = await service.exportNetwork({ runId: 'run-1' })
  const { header, numbers } = await parse(network?.file ?? new Blob())
  expect(Object.keys(header)).toEqual(['__metadata__', 'a.weight'])
  expect(numbers('a.weight')).toEqual([3, 4])
})
