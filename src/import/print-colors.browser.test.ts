import { afterEach, beforeEach, expect, test } from 'vitest'
import cmyk from '../../tests/fixtures/cmyk.jpg?url'
import ycck from '../../tests/fixtures/ycck.jpg?url'
import { clearDatabase } from '../../tests/support/database'
import { pixelsOf, sourceFiles } from '../../tests/support/test-files'
import { dataService } from '../data/data-service'

const service = dataService()

beforeEach(clearDatabase)
afterEach(clearDatabase)

// Files of the four inks, made by tests/fixtures/make_cmyk_files.py: red, a dark green, blue, white.
test.each([
  ['CMYK', cmyk],
  ['YCCK', ycck],
])('a JPEG in the colours of print has its colours: %s', async (_, url) => {
  const files = sourceFiles({ 'a.jpg': new Uint8Array(await (await fetch(url)).arrayBuffer()) })
  const { project } = await service.import({ name: 'Print', files }, () => {}, new AbortController().signal)
  const [image] = await service.listImages({ projectId: project.id })
  const at = await pixelsOf(await service.image({ imageId: image.id, size: image.size }))
  const quarters = [at(3, 3), at(12, 3), at(3, 12), at(12, 12)]
  const inks = [
    [255, 0, 0],
    [0, 160, 0],
    [0, 0, 255],
    [255, 255, 255],
  ]
  for (const [i, color] of inks.entries()) {
    for (const [channel, value] of color.entries()) expect(Math.abs(quarters[i][channel] - value)).toBeLessThan(8)
  }
})
