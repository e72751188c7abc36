import { expect, test } from 'vitest'
import { hexOf, zipOfRawNames } from '../../../tests/support/zip-files'
import { unzip } from './unzip'

const signal = new AbortController().signal

async function unzipped(names: string[], encoding?: string) {
  const archive = new File([zipOfRawNames(names.map(hexOf))], 'photos.zip')
  const { files, question } = await unzip(archive, () => {}, signal, encoding === undefined ? {} : { encoding })
  return { paths: files.map(({ path }) => path), question }
}

// The bytes are those that Windows writes for these names in its machines' languages.
test.each([
  ['cp437', ['images/m{81}hle.jpg', 'images/caf{82}.jpg', 'images/h{84}user.jpg'], ['mühle', 'café', 'häuser']],
  ['windows-1252', ['images/m{fc}hle.jpg', 'images/caf{e9}.jpg', 'images/h{e4}user.jpg'], ['mühle', 'café', 'häuser']],
  [
    'gbk',
    ['images/{b5c0c2b7}.jpg', 'images/{bdd6b5c0cdbcc6ac}.jpg', 'images/{c6fbb3b5}.jpg'],
    ['道路', '街道图片', '汽车'],
  ],
  [
    'shift_jis',
    ['images/{955c8ea6}.jpg', 'images/{835c83748367}.jpg', 'images/{93b99848}.jpg'],
    ['表示', 'ソフト', '道路'],
  ],
  ['euc-kr', ['images/{b5b5b7ce}.jpg', 'images/{bbe7c1f8}.jpg', 'images/{b0c7b9b0}.jpg'], ['도로', '사진', '건물']],
  ['big5', ['images/{a55cafe0}.jpg', 'images/{b944b8f4}.jpg', 'images/{abd8bf76}.jpg'], ['功能', '道路', '建築']],
])('names in %s are read, or asked for, and an answer reads them', async (encoding, names, words) => {
  const paths = words.map((word) => `images/${word}.jpg`)
  const guessed = await unzipped(names)
  if (guessed.question) {
    expect(guessed.question.id).toBe('archive-encoding:photos.zip')
    expect(guessed.question.answer).toBe(guessed.question.options[0].value)
    expect(guessed.question.options.map(({ value }) => value)).toContain(encoding)
    expect(guessed.question.options.find(({ value }) => value === encoding)?.label).toContain(words[0])
    const answered = await unzipped(names, encoding)
    expect(answered.paths).toEqual(paths)
    expect(answered.question?.answer).toBe(encoding)
  } else expect(guessed.paths).toEqual(paths)
})

test('the second byte of a character is no separator, and a backslash is one', async () => {
  const { paths } = await unzipped(
    ['images\\{955c8ea6}.jpg', 'masks\\{955c8ea6}.png', 'images\\{8eca905e}.jpg'],
    'shift_jis',
  )
  expect(paths).toEqual(['images/表示.jpg', 'masks/表示.png', 'images/写真.jpg'])
})

test('names in UTF-8 need no mark, and an answer that nobody asked for changes nothing', async () => {
  const names = ['images/{c3bc}.jpg', 'images/{e98193}.jpg', 'images/plain.jpg']
  for (const encoding of [undefined, 'gbk']) {
    expect(await unzipped(names, encoding)).toEqual({
      paths: ['images/ü.jpg', 'images/道.jpg', 'images/plain.jpg'],
      question: null,
    })
  }
})

test('a name that happens to be UTF-8 too is read like those beside it', async () => {
  // The bytes of 联通 in GBK are UTF-8 of other letters.
  const names = ['images/{c1aacda8}.jpg', 'images/{b5c0c2b7}.jpg', 'images/{bdd6b5c0cdbcc6ac}.jpg']
  expect((await unzipped(names, 'gbk')).paths).toEqual(['images/联通.jpg', 'images/道路.jpg', 'images/街道图片.jpg'])
})

test('a path that climbs out is refused in every encoding', async () => {
  await expect(unzipped(['images/{b5c0c2b7}.jpg', '../{b5c0c2b7}.jpg'])).rejects.toMatchObject({
    code: 'bad_file',
    message: '"photos.zip" holds a file with the unsafe path "../道路.jpg".',
  })
})
