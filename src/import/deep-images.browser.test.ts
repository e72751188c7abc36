import { encode } from 'fast-png'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clearDatabase } from '../../tests/support/database'
import { pngChunk, pngWith, tiff } from '../../tests/support/exif-files'
import { halves, photo, pixelsOf, SIZE, sourceFiles } from '../../tests/support/test-files'
import { dataService } from '../data/data-service'

const service = dataService()
const signal = new AbortController().signal
const PIXELS = SIZE.width * SIZE.height

beforeEach(clearDatabase)
afterEach(clearDatabase)

/** A ramp of all columns from `least` to `most`, with a little noise, as a photo of 16 bits a sample. */
function deepPhoto(channels: 1 | 3, least: number, most: number): Uint8Array {
  const data = new Uint16Array(PIXELS * channels)
  for (let i = 0; i < data.length; i++) {
    const column = Math.floor(i / channels) % SIZE.width
    const isEdge = column === 0 || column === SIZE.width - 1
    data[i] = least + Math.round(((most - least) * column) / (SIZE.width - 1)) + (isEdge ? 0 : (i * 7919) % 5)
  }
  return encode({ ...SIZE, channels, depth: 16, data })
}

async function imported(contents: Record<string, Uint8Array | string>) {
  const files = sourceFiles(contents)
  const scan = await service.scan({ files }, () => {}, signal)
  const { project, problems } = await service.import({ name: 'Deep', files, plan: scan.plan }, () => {}, signal)
  const images = await service.listImages({ projectId: project.id })
  const greys = async (name: string) => {
    const image = images.find((one) => one.name === name)
    if (!image) throw new Error(`${name} was not imported`)
    const at = await pixelsOf(await service.image({ imageId: image.id, size: image.size }))
    return Array.from({ length: image.size.width }, (_, x) => at(x, 3)[0])
  }
  return { scan, problems, greys }
}

const ends = (greys: number[]) => [greys[0], greys[greys.length - 1]]

test('greys of a camera of 12 bits: all are told apart, in the preview as in the project', async () => {
  const { scan, problems, greys } = await imported({
    'images/a.png': deepPhoto(1, 0, 4095),
    'images/b.png': deepPhoto(1, 1000, 2000),
    'images/c.jpg': await photo('image/jpeg', SIZE),
    'labels/a.png': halves(),
    'labels/b.png': halves(),
    'labels/c.png': halves(),
  })
  expect(problems).toEqual([])
  expect(scan.description).toContain(
    '2 images have 16 bits a sample; they were brought to 8 bits: 0 to 4095 became 0 to 255.',
  )
  const a = await greys('images/a')
  expect(ends(a)).toEqual([0, 255])
  expect(new Set(a).size).toBe(SIZE.width)
  // The range is that of both images together: 1000 * 255 / 4095 = 62.3 and 2000 * 255 / 4095 = 124.5.
  expect(ends(await greys('images/b'))).toEqual([62, 125])
  const preview = await service.previewPair({ plan: scan.plan, index: 0 })
  expect(ends(await rowOf(preview.image))).toEqual([0, 255])
  const file = await service.previewFile({ plan: scan.plan, path: 'images/a.png' })
  if (!file) throw new Error('no picture')
  expect(ends(await rowOf(file))).toEqual([0, 255])
})

test('colours, and the whole range of 16 bits', async () => {
  const { scan, greys } = await imported({ 'a.png': deepPhoto(3, 300, 65535) })
  expect(scan.description).toContain('1 image has 16 bits a sample; it was brought to 8 bits: 300 to 65535 became')
  const row = await greys('a')
  expect(ends(row)).toEqual([0, 255])
  expect(new Set(row).size).toBe(SIZE.width)
})

test('the images are turned by their EXIF as before', async () => {
  const turned = pngWith(deepPhoto(1, 0, 4095), pngChunk('eXIf', tiff(6)))
  const { greys } = await imported({ 'a.png': turned })
  // Turned by 90 degrees, columns are rows: a row is even but for the noise.
  const row = await greys('a')
  expect(row).toHaveLength(SIZE.height)
  expect(Math.max(...row) - Math.min(...row)).toBeLessThan(3)
})

test('a damaged image is named, and does not keep the others from their range', async () => {
  const { scan, problems, greys } = await imported({
    'a.png': deepPhoto(1, 0, 4095),
    'b.png': deepPhoto(1, 0, 60000).subarray(0, 200),
  })
  expect(scan.description).toContain('1 image has 16 bits')
  expect(problems.map(({ path }) => path)).toEqual(['b.png'])
  expect(ends(await greys('a'))).toEqual([0, 255])
})

async function rowOf(bitmap: ImageBitmap): Promise<number[]> {
  const at = await pixelsOf(bitmap)
  return Array.from({ length: bitmap.width }, (_, x) => at(x, 3)[0])
}
