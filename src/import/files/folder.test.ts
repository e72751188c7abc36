import { expect, test } from 'vitest'
import { AppError, FileFault } from '../../domain/errors'
import { Folder } from './folder'

class VanishedFile extends File {
  override arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotFoundError'))
}

test('a class list that has gone is named; what is wrong with an image is half a sentence, which its item finishes', async () => {
  const folder = new Folder([{ path: 'classes.txt', file: new VanishedFile([], 'classes.txt') }], () => {})
  const failure = await folder.text('classes.txt').catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(AppError)
  expect(failure).toMatchObject({ code: 'bad_file', message: '"classes.txt" could not be read from the disk.' })
  await expect(folder.bytes('classes.txt')).rejects.toBeInstanceOf(FileFault)
})

test('a pointer of Git LFS in place of a file says what it is', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n'
  const folder = new Folder([{ path: 'a.png', file: new File([pointer], 'a.png') }], () => {})
  const failure = await folder.bytes('a.png').catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(FileFault)
  expect(failure).toMatchObject({
    message: expect.stringContaining('a pointer of Git LFS'),
    remedy: expect.stringContaining('git lfs pull'),
  })
})
