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
