import { beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { loseRecord } from '../../tests/support/lost-records'
import { emptyRaster, pixelLabel } from '../annotation/raster'
import { Stroke } from '../annotation/stroke'
import { dataService } from '../data/data-service'
import type { ExportRequest } from '../domain/export'
import { PROVENANCE } from '../domain/labels'

const service = dataService()
const size = { height: 4, width: 4 }

beforeEach(async () => {
  const db = await clearDatabase()
  await db.put('projects', { id: 'p', name: 'p', classes: [{ name: 'x', color: [0, 0, 0] }] } as never)
  for (const [order, name] of ['a', 'b'].entries()) {
    const imageId = `p/${name}`
    await db.put('images', {
      id: imageId,
      projectId: 'p',
      name,
      split: 'train',
      order,
      size,
      blob: new Blob(['x']),
      orientation: 1,
    })
    const raster = emptyRaster(size)
    for (let row = 0; row < 2; row++) {
      const stroke = new Stroke(raster)
      stroke.fill(row, 0, 4, pixelLabel(0, PROVENANCE.human))
      const patch = stroke.finish()
      if (!patch) throw new Error('nothing was painted')
      await service.appendStroke({ imageId, head: row, stroke: { id: `${row}`, at: 1, tool: 'Brush', patch } })
    }
  }
})

const exported = () => {
  const request: ExportRequest = { projectId: 'p', format: 'index', runId: null, extended: 'out' }
  return service.exportLabels(request, () => {}, new AbortController().signal)
}

test('an export names the images whose labels could not all be read', async () => {
  expect(await exported()).toMatchObject({ images: 2, damaged: [] })
  using _lost = loseRecord('strokes', ['p/b', 2])
  expect(await exported()).toMatchObject({ images: 2, damaged: ['b'] })
})
