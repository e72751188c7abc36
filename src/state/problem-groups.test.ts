import { expect, test } from 'vitest'
import { countFiles, groupProblems } from './problem-groups'

const heic = (path: string) => ({
  path,
  problem: `"${path}" is a HEIC image, which browsers do not open; it was left out.`,
  remedy: 'Save it as JPEG.',
})

test('a thousand files with one sentence are one entry, and each of them can be found in it', () => {
  const problems = Array.from({ length: 1000 }, (_, i) => heic(`photos/IMG_${i}.heic`))
  const groups = groupProblems(problems)
  expect(groups).toHaveLength(1)
  expect(groups[0].problem).toBe('Each of them is a HEIC image, which browsers do not open; it was left out.')
  expect(groups[0].paths).toEqual(problems.map(({ path }) => path))
})

test('a single file keeps its sentence', () => {
  expect(groupProblems([heic('a.heic')])).toEqual([
    { problem: heic('a.heic').problem, remedy: 'Save it as JPEG.', paths: ['a.heic'] },
  ])
})

test('other sentences, numbers, remedies and files named by both stay apart', () => {
  const size = (name: string, width: number) => ({
    path: `labels/${name}_mask.png`,
    problem: `The mask "labels/${name}_mask.png" is ${width} x 6 pixels, but its image "images/${name}.jpg" is 8 x 6.`,
    remedy: 'Export the mask at the size of the image.',
  })
  const other = { ...heic('c.heic'), remedy: 'Open it on a Mac.' }
  const groups = groupProblems([size('a', 4), heic('b.heic'), size('b', 4), size('c', 5), other])
  expect(groups.map(({ paths }) => paths)).toEqual([
    ['labels/a_mask.png', 'labels/b_mask.png'],
    ['b.heic'],
    ['labels/c_mask.png'],
    ['c.heic'],
  ])
  expect(groups[0].problem).toBe('The mask "…" is 4 x 6 pixels, but its image "…" is 8 x 6.')
  const inArchive = (path: string, archive: string) => ({
    path,
    problem: `The video "${path}" lies in "${archive}"; it was left out.`,
    remedy: `Unpack "${archive}" first.`,
  })
  expect(groupProblems([inArchive('1.mp4', 'june.zip'), inArchive('2.mp4', 'july.zip')])).toHaveLength(2)
  expect(groupProblems([inArchive('1.mp4', 'june.zip'), inArchive('2.mp4', 'june.zip')])[0].remedy).toBe(
    'Unpack "june.zip" first.',
  )
})

test('a file with two problems counts once', () => {
  const both = [heic('a.heic'), { ...heic('a.heic'), problem: '"a.heic" is empty.' }]
  expect(groupProblems(both)).toHaveLength(2)
  expect(countFiles(both)).toBe(1)
})
