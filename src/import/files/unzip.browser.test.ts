import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { unzip } from './unzip'

const signal = new AbortController().signal
const bytes = (text: string) => new TextEncoder().encode(text)
const archiveOf = (files: Record<string, Uint8Array>, name = 'photos.zip') =>
  new File([new Uint8Array(zipSync(files, { level: 9 }))], name)
const unpack = (archive: File, keepsTop?: boolean) => unzip(archive, () => {}, signal, keepsTop)
const pathsOf = async (files: Record<string, Uint8Array>, keepsTop?: boolean) =>
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
