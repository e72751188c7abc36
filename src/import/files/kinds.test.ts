import { encode } from 'fast-png'
import { expect, test } from 'vitest'
import { type FileKind, ignoredSentence, isSystemFile, kindOf, unreadProblem } from './kinds'

const PNG = encode({ width: 1, height: 1, channels: 1, depth: 8, data: Uint8Array.of(0) })
const TEXT = new TextEncoder().encode('nothing to see')

test.each<[FileKind, string[]]>([
  ['image', ['a.jpg', 'a.JPEG', 'b/c.jfif', 'a.JFIF', 'a.jpe', 'a.pjpeg', 'a.pjp', 'a.png', 'x.y/A.WebP']],
  ['text', ['classes.txt', 'a.csv', 'a.TSV', 'coco.json', 'a.xml', 'data.yaml', 'a.yml']],
  [
    'system',
    ['a/@eaDir/p.jpg/SYNOPHOTO_THUMB_M.jpg', '#recycle/a.png', '$RECYCLE.BIN/a.jpg', '.DS_Store', 'a/._b.jpg'],
  ],
  [
    'system',
    ['System Volume Information/x', 'lost+found/a.png', '.ipynb_checkpoints/a.png', '@Recently-Snapshot/a.jpg'],
  ],
  [
    'system',
    ['@Recycle/a.jpg', '@tmp/a', 'a/_thumbs/b.jpg', '.thumbnails/a.png', 'Thumbs.db', 'ehthumbs.db', 'Desktop.ini'],
  ],
  [
    'system',
    ['__MACOSX/a.jpg', 'a/Icon\r', 'a.jpg:Zone.Identifier', '.@__thumb/a.jpg', '@__thumb/a.jpg', '~$list.csv'],
  ],
  ['unread', ['a.tif', 'a.HEIC', 'a.npy', 'a.nii.gz', 'README', 'notes.md', 'a.unknown', 'IMG_0001', 'thumbs/a.gif']],
])('%s', (kind, paths) => {
  for (const path of paths) expect([path, kindOf(path, TEXT)]).toEqual([path, kind])
})

test('an ordinary name that only looks like one of a system is none', () => {
  for (const path of ['thumbs/a.png', 'recycle/a.png', 'tmp/a.png', 'icon.png', 'a@eaDir.png']) {
    expect(isSystemFile(path)).toBe(false)
  }
})

test('a file without a telling ending is what its first bytes show', () => {
  for (const path of ['IMG_0001', 'photos/2021.07', 'a.image']) expect(kindOf(path, PNG)).toBe('image')
  expect(kindOf('IMG_0001', null)).toBe('unread')
  // An ending that tells something is believed.
  expect(kindOf('a.npy', PNG)).toBe('unread')
})

test.each([
  ['a.tiff', 'TIFF', 'PNG'],
  ['a.heif', 'HEIC', 'JPEG'],
  ['a.avif', 'AVIF', 'PNG'],
  ['a.bmp', 'BMP', 'PNG'],
  ['a.gif', 'GIF', 'PNG'],
  ['a.pgm', 'PGM', 'PNG'],
  ['a.jp2', 'JPEG 2000', 'PNG'],
  ['a.jxl', 'JPEG XL', 'PNG'],
  ['a.svg', 'SVG', 'PNG'],
  ['a.tga', 'image of a kind', 'PNG'],
  ['a.CR2', 'raw photo', 'JPEG'],
  ['a.dng', 'raw photo', 'JPEG'],
  ['a.dcm', 'DICOM', '8-bit PNG'],
  ['a.nii', 'NIfTI', '8-bit PNG'],
  ['a.nii.gz', 'NIfTI', '8-bit PNG'],
  ['a.nrrd', 'NRRD', '8-bit PNG'],
  ['a.npy', 'NumPy', '8-bit PNG of class ids'],
  ['a.npz', 'NumPy', '8-bit PNG of class ids'],
  ['a.mat', 'MATLAB', '8-bit PNG'],
  ['a.h5', 'arrays', '8-bit PNG'],
  ['a.psd', 'drawing program', 'PNG'],
  ['a.exr', 'EXR', 'PNG'],
  ['a.rar', 'archive', '.zip'],
  ['a.7z', 'archive', '.zip'],
  ['a.tar.gz', 'archive', '.zip'],
  ['a.tgz', 'archive', '.zip'],
  ['a.z01', 'split archive', 'all its parts'],
  ['a.zip.001', 'split archive', 'all its parts'],
  ['b/a.mp4', 'video', 'Drop the video itself'],
  ['a.avi', 'video', 'MP4'],
  ['README', 'no image', 'JPEG, PNG and WebP'],
  ['docs/LICENSE', 'no image', 'JPEG, PNG and WebP'],
  ['a.pdf', 'no image', 'JPEG, PNG and WebP'],
  ['a.abc', 'an ending that is not known', 'JPEG or PNG'],
  ['IMG_0001', 'no ending', 'JPEG or PNG'],
])('%s is named: %s, with a way out: %s', (path, what, remedy) => {
  const { problem, remedy: wayOut } = unreadProblem(path)
  expect(problem).toContain(`"${path}" `)
  expect(problem).toContain(what)
  expect(problem).toMatch(/; it was left out\.$/)
  expect(wayOut).toContain(remedy)
})

test('ignored files are counted, and said where they lie', () => {
  expect(ignoredSentence(['a.jpg'])).toBeNull()
  const thumbnails = ['a/@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg', 'a/@eaDir/b.jpg/SYNOPHOTO_THUMB_M.jpg', 'a/a.jpg']
  expect(ignoredSentence(thumbnails)).toBe('2 thumbnails of the system were ignored (@eaDir).')
  expect(ignoredSentence(['.DS_Store', 'b/Icon\r'])).toBe('2 files of the system were ignored (.DS_Store, Icon).')
  expect(ignoredSentence(['.a', '.b', '.c', '.d'])).toBe('4 files of the system were ignored (.a, .b, .c, ...).')
  expect(ignoredSentence(['Thumbs.db'])).toBe('1 thumbnail of the system was ignored (Thumbs.db).')
})
