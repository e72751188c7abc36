import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { unzip } from './unzip'

const signal = new AbortController().signal
const bytes = (text: string) => new TextEncoder().encode(text)
const archiveOf = (files: Record<string, Uint8Array>, name = 'photos.zip') =>
  new File([new Uint8Array(zipSync(files, { level: 9 }))], name)
const unpack = async (archive: File, keepsTop = false) => (await unzip(archive, () => {}, signal, { keepsTop })).files
const pathsOf = async (files: Record<string, Uint8Array>, keepsTop = false) =>
  (await unpack(archiveOf(files), keepsTop)).map(({ path }) => path)

test('a zip is a folder; the name that all paths begin with is left out', async () => {
  const files = await unpack(archiveOf({ 'set/images/a.jpg': bytes('a'), 'set/labels/a.png': bytes('bc') }))
  expect(files.map(({ path }) => path)).toEqual(['images/a.jpg', 'labels/a.png'])
  expect(await files[1].file.text()).toBe('bc')
  expect(files[1].file.name).toBe('a.png')
  const flat = await unpack(archiveOf({ 'a.jpg': bytes('a'), 'b/c.jpg': bytes('c') }))
  expect(flat.map(({ path }) => path)).toEqual(['a.jpg', 'b/c.jpg'])
})

test('a folder that says what its files are stays, as does any where it tells archives apart', async () => {
  for (const top of ['images', 'Labels', 'train', 'val_labels', 'leftImg8bit', 'seg']) {
    expect(await pathsOf({ [`${top}/1.png`]: bytes('a') })).toEqual([`${top}/1.png`])
  }
  expect(await pathsOf({ 'june/images/1.png': bytes('a') }, true)).toEqual(['june/images/1.png'])
})

test('what systems add beside the folder is left out', async () => {
  const files = { 'set/a.jpg': bytes('a'), '__MACOSX/set/._a.jpg': bytes('b'), '.DS_Store': bytes('c') }
  expect(await pathsOf(files)).toEqual(['a.jpg'])
})

test('backslashes part folders', async () => {
  expect(await pathsOf({ 'set\\images\\a.jpg': bytes('a'), 'set\\labels\\a.png': bytes('b') })).toEqual([
    'images/a.jpg',
    'labels/a.png',
  ])
})

test('paths that climb out are refused by name', async () => {
  const climbing = ['../evil.jpg', 'images/../../evil.jpg', '/etc/evil.jpg', 'c:\\evil.jpg', 'images\\..\\..\\evil.jpg']
  for (const path of climbing) {
    await expect(unpack(archiveOf({ [path]: bytes('x') }))).rejects.toMatchObject({
      code: 'bad_file',
      message: `"photos.zip" holds a file with the unsafe path "${path.replaceAll('\\', '/')}".`,
    })
  }
})

test('a bomb is refused before it is unpacked', async () => {
  const bomb = archiveOf({ 'a.jpg': bytes('fine'), 'big.jpg': new Uint8Array(64 * 2 ** 20) })
  expect(bomb.size).toBeLessThan(2 ** 20)
  await expect(unpack(bomb)).rejects.toMatchObject({ code: 'bad_file', message: expect.stringContaining('"big.jpg"') })
})

test('many files that are each below the limit are refused together', async () => {
  const zip = zipSync(Object.fromEntries(Array.from({ length: 1100 }, (_, i) => [`${i}.jpg`, bytes('x')])), {
    level: 0,
  })
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  // In the directory at the end each file claims a million bytes.
  for (let at = 0; at + 46 < zip.length; at++) {
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 1_000_000, true)
  }
  await expect(unpack(new File([new Uint8Array(zip)], 'photos.zip'))).rejects.toMatchObject({
    code: 'bad_file',
    message: '"photos.zip" unpacks to 1 GB, more than 100 times its size.',
  })
})

test('what is cut off, or no zip, is named', async () => {
  const whole = archiveOf({ 'a.jpg': bytes('fine') })
  for (const part of [whole.slice(0, 30), new Blob(['not a zip at all'])]) {
    await expect(unpack(new File([part], 'broken.zip'))).rejects.toMatchObject({
      code: 'bad_file',
      message: expect.stringContaining('"broken.zip" could not be unpacked'),
    })
  }
})

test('an unpacking that is stopped stops', async () => {
  const controller = new AbortController()
  controller.abort()
  await expect(unzip(archiveOf({ 'a.jpg': bytes('a') }), () => {}, controller.signal)).rejects.toMatchObject({
    name: 'AbortError',
  })
})

/** The archive whose entry `path` says that it is packed by this method. */
function packedBy(archive: Uint8Array, path: string, method: number): Uint8Array {
  const zip = archive.slice()
  const view = new DataView(zip.buffer)
  const name = (at: number, length: number) => new TextDecoder().decode(zip.subarray(at, at + length))
  for (let at = 0; at + 46 < zip.length; at++) {
    const signature = view.getUint32(at, true)
    if (signature === 0x04034b50 && name(at + 30, view.getUint16(at + 26, true)) === path)
      view.setUint16(at + 8, method, true)
    if (signature === 0x02014b50 && name(at + 46, view.getUint16(at + 28, true)) === path)
      view.setUint16(at + 10, method, true)
  }
  return zip
}

const fileOf = (zip: Uint8Array) => new File([new Uint8Array(zip)], 'photos.zip')

test.each([
  [12, 'BZIP2'],
  [14, 'LZMA'],
  [95, 'XZ'],
  [93, 'Zstandard'],
  [98, 'PPMd'],
  [9, 'Deflate64'],
  [77, 'number 77'],
])('method %i is named: %s; the rest goes on', async (method, name) => {
  const both = zipSync({ 'a.jpg': bytes('a'), 'b.jpg': bytes('b') })
  const { files, problems } = await unzip(fileOf(packedBy(both, 'a.jpg', method)), () => {}, signal)
  expect(files.map(({ path }) => path)).toEqual(['b.jpg'])
  expect(problems).toEqual([
    {
      path: 'a.jpg',
      problem: `"a.jpg" is packed in "photos.zip" by a method that is not read here (${name}); it was left out.`,
      remedy: expect.stringContaining('Deflate'),
    },
  ])
  await expect(unpack(fileOf(packedBy(zipSync({ 'a.jpg': bytes('a') }), 'a.jpg', method)))).rejects.toMatchObject({
    message: `"photos.zip" is packed by a method that is not read here (${name}).`,
    remedy: expect.stringContaining('Deflate'),
  })
})

test('one damaged entry is named, and the rest goes on; where all are, the archive is refused', async () => {
  const zip = zipSync({ 'a.jpg': bytes('first file'), 'b.jpg': bytes('second') }, { level: 0 })
  const broken = zip.slice()
  broken[30 + 'a.jpg'.length] ^= 0xff
  const { files, problems } = await unzip(fileOf(broken), () => {}, signal)
  expect(files.map(({ path }) => path)).toEqual(['b.jpg'])
  expect(problems.map(({ problem }) => problem)).toEqual(['"a.jpg" is damaged in "photos.zip"; it was left out.'])
  const alone = zipSync({ 'a.jpg': bytes('first file') }, { level: 0 })
  alone[30 + 'a.jpg'.length] ^= 0xff
  await expect(unpack(fileOf(alone))).rejects.toMatchObject({
    message: expect.stringContaining('could not be unpacked'),
  })
})

test('names that differ only in case or in Unicode form stay apart', async () => {
  const names = ['A.jpg', 'a.jpg', 'b/\u00e9.jpg', 'b/e\u0301.jpg']
  expect(await pathsOf(Object.fromEntries(names.map((name) => [name, bytes(name)])))).toEqual(names)
})

test('a pointer of Git LFS in place of an archive says what it is', async () => {
  const pointer = new File(['version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n'], 'photos.zip')
  await expect(unpack(pointer)).rejects.toMatchObject({
    message: expect.stringContaining('"photos.zip" is not the file itself but a pointer of Git LFS'),
    remedy: expect.stringContaining('git lfs pull'),
  })
})
