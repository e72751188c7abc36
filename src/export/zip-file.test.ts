import { unzipSync } from 'fflate'
import { expect, test, vi } from 'vitest'
import { ZipFile } from './zip-file'

const place = vi.hoisted(() => ({ offset: 0 }))

vi.mock(import('@zip.js/zip.js/lib/zip-core.js'), async (original) => {
  const library = await original()
  /** Takes a zip to begin at `place`. */
  class PlacedWriter extends library.ZipWriter<Blob> {
    constructor(writer: ConstructorParameters<typeof library.ZipWriter<Blob>>[0], options: object) {
      super(writer, { ...options, offset: place.offset })
    }
  }
  return { ...library, ZipWriter: PlacedWriter as unknown as typeof library.ZipWriter }
})

test('bytes, text and blobs come back under their paths', async () => {
  place.offset = 0
  const zip = new ZipFile()
  await zip.add('a/ä.bin', Uint8Array.of(1, 2, 3))
  await zip.add('b.txt', 'Grün')
  await zip.add('c', new Blob(['x', 'y']))
  await zip.add('empty', '')
  const files = unzipSync(new Uint8Array(await (await zip.finish()).arrayBuffer()))
  const text = new TextDecoder()
  expect([...files['a/ä.bin']]).toEqual([1, 2, 3])
  expect(['b.txt', 'c', 'empty'].map((path) => text.decode(files[path]))).toEqual(['Grün', 'xy', ''])
})

test('what lies behind the first 4 GB has a place of 64 bits', async () => {
  place.offset = 2 ** 32 + 5
  const zip = new ZipFile()
  await zip.add('a', 'x')
  const bytes = new DataView(await (await zip.finish()).arrayBuffer())
  const signature = (id: number) => {
    const at = Array.from({ length: bytes.byteLength - 3 }, (_, i) => i).find((i) => bytes.getUint32(i) === id)
    if (at === undefined) throw new Error(`There is no ${id.toString(16)}`)
    return at
  }
  // The entry says 0xffffffff, and the true place in an extra field of kind 1; the end has a record and a locator of its own.
  const entry = signature(0x504b0102)
  expect(bytes.getUint32(entry + 42, true)).toBe(0xffffffff)
  const extra = entry + 46 + bytes.getUint16(entry + 28, true)
  expect(bytes.getUint16(extra, true)).toBe(1)
  expect(bytes.getBigUint64(extra + 4, true)).toBe(BigInt(place.offset))
  expect(bytes.getBigUint64(signature(0x504b0606) + 48, true)).toBe(BigInt(place.offset + entry))
  expect(bytes.getBigUint64(signature(0x504b0607) + 8, true)).toBe(BigInt(place.offset + signature(0x504b0606)))
})
