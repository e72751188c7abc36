import { expect, test, vi } from 'vitest'
import golden from '../../tests/golden/run-lengths.json'
import { CAMVID_CLASSES } from '../domain/classes'
import { randomStream } from '../math/random'
import type { ExportedImage } from './export-format'
import { createExporter } from './formats'
import { compressRuns } from './run-lengths'

function imageOf(name: string, size: ExportedImage['size'], classes: Uint8Array): ExportedImage {
  return { name, fileName: `${name}.jpg`, split: 'train', size, classes }
}

/** The document of an export of these images. */
async function exported(...images: ExportedImage[]) {
  const exporter = createExporter('coco', CAMVID_CLASSES, images)
  const files = [...images.flatMap((image) => exporter.image(image)), ...exporter.finish()]
  expect(files.map(({ path }) => path)).toEqual(['annotations/stuff_train.json', 'classes.json'])
  const text = await new Response(files[0].content as Blob).text()
  return { length: text.length, document: JSON.parse(text) }
}

test('run lengths by columns, areas and boxes by hand; nothing is a crowd', async () => {
  // Column by column: 0 0 255, 0 1 255, 1 1 255, 255 255 255, 2 255 0.
  const classes = Uint8Array.of(0, 0, 1, 255, 2, 0, 1, 1, 255, 255, 255, 255, 255, 255, 0)
  const { document } = await exported(imageOf('images/day/ä', { height: 3, width: 5 }, classes))
  expect(document.images).toEqual([{ id: 1, file_name: 'images/day/ä.jpg', width: 5, height: 3 }])
  expect(document.categories[1]).toMatchObject({ id: 2, name: 'Building' })
  const size = [3, 5]
  const [first, second, third] = ['021O90', '41116', '<12'].map((counts) => ({ counts, size }))
  expect(document.annotations).toEqual([
    { id: 1, image_id: 1, category_id: 1, iscrowd: 0, area: 4, bbox: [0, 0, 5, 3], segmentation: first },
    { id: 2, image_id: 1, category_id: 2, iscrowd: 0, area: 3, bbox: [1, 0, 2, 2], segmentation: second },
    { id: 3, image_id: 1, category_id: 3, iscrowd: 0, area: 1, bbox: [4, 0, 1, 1], segmentation: third },
  ])
})

test('run lengths are packed as pycocotools does', () => {
  expect(golden.map(({ runs }) => compressRuns(runs))).toEqual(golden.map(({ packed }) => packed))
})

test('a document of many masks is never one string', async () => {
  const size = { height: 100, width: 100 }
  const random = randomStream(5, 'coco')
  const noise = Uint8Array.from({ length: 10_000 }, () => random.below(5))
  const images = Array.from({ length: 70 }, (_, i) => imageOf(`${i}`, size, noise))
  const stringify = vi.spyOn(JSON, 'stringify')
  const { length, document } = await exported(...images)
  const longest = Math.max(...stringify.mock.results.map(({ value }) => String(value).length))
  stringify.mockRestore()
  expect(longest).toBeLessThan(length / 100)
  expect([document.images.length, document.annotations.length]).toEqual([70, 350])
  expect(length).toBeGreaterThan(2 ** 20)
})
