import { expect, test } from 'vitest'
import { inBatches } from './batches'
import { Folder } from './files/folder'

/** The head of a PNG of so many million pixels. */
function png(megapixels: number): File {
  const bytes = new Uint8Array(33)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52])
  const view = new DataView(bytes.buffer)
  view.setUint32(16, 1000)
  view.setUint32(20, megapixels * 1000)
  return new File([bytes], 'x.png')
}

async function sizes(...files: File[]): Promise<number[]> {
  const items = files.map((file, i) => ({ path: `${i}`, file }))
  const batches: { path: string }[][] = []
  for await (const batch of inBatches(items, new Folder(items, () => {}))) batches.push(batch)
  expect(batches.flat()).toEqual(items)
  return batches.map(({ length }) => length)
}

test('eight images go together while they are small', async () => {
  expect(await sizes(...Array.from({ length: 18 }, () => png(12)))).toEqual([8, 8, 2])
  expect(await sizes()).toEqual([])
})

test('of large images fewer go together, and one that is larger still goes alone', async () => {
  expect(await sizes(png(50), png(50), png(50), png(1), png(120), png(1), png(99))).toEqual([2, 2, 1, 2])
})

test('a file that does not say its size goes alone', async () => {
  expect(await sizes(png(1), new File(['text'], 'x.png'), png(1))).toEqual([1, 1, 1])
})
