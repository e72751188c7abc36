import { zipSync } from 'fflate'
import { afterEach, expect, test } from 'vitest'
import { dataService } from '../src/data/data-service'
import { ImportSession } from '../src/state/import-session.svelte'
import { clearDatabase } from './support/database'
import { mask, photo, sourceFiles } from './support/test-files'

const SIZE = { width: 8, height: 6 }
const CLASSES = [{ name: 'all', color: [1, 2, 3] as [number, number, number] }]
const service = dataService()

afterEach(clearDatabase)

const labels = () => mask(new Uint8Array(SIZE.width * SIZE.height), SIZE)

/** Looks at what was picked and imports it: the report of the scan, and the images with whether they have a mask. */
async function take(contents: Record<string, Uint8Array>) {
  const session = new ImportSession(service, { name: 'Set', files: sourceFiles(contents) })
  const scanned = await session.scan()
  session.classes = CLASSES
  const imported = await session.import()
  if (!scanned || !imported) throw session.scanning.error ?? session.importing.error
  const images = await service.listImages({ projectId: imported.project.id })
  return { scanned, images: images.map(({ name, hasGroundTruth }) => [name, hasGroundTruth]) }
}

test('archives of folders with equal names stay apart', async () => {
  const jpeg = await photo('image/jpeg', SIZE)
  const month = (name: string) => zipSync({ [`${name}/images/1.jpg`]: jpeg, [`${name}/images/2.jpg`]: jpeg })
  const { images } = await take({ 'june.zip': month('june'), 'july.zip': month('july') })
  expect(images.map(([name]) => name)).toEqual(['july/images/1', 'july/images/2', 'june/images/1', 'june/images/2'])
})

test('images in one archive and their masks in another are pairs, with folders in them or without', async () => {
  const png = await photo('image/png', SIZE)
  const inFolders = await take({
    'images.zip': zipSync({ 'images/1.png': png }),
    'labels.zip': zipSync({ 'labels/1.png': labels() }),
  })
  expect(inFolders.images).toEqual([['images/1', true]])
  const flat = await take({ 'labels.zip': zipSync({ '1.png': labels() }), 'images.zip': zipSync({ '1.png': png }) })
  expect(flat.images).toEqual([['images/1', true]])
})

test('archives and videos in an archive are named with what to do', async () => {
  const jpeg = await photo('image/jpeg', SIZE)
  const inner = zipSync({ '2.jpg': jpeg })
  const { scanned, images } = await take({
    'set.zip': zipSync({ '1.jpg': jpeg, 'more/inner.zip': inner, 'drive.mp4': Uint8Array.of(1) }),
  })
  expect(images).toEqual([['1', false]])
  expect(scanned.problems).toEqual([
    {
      path: 'more/inner.zip',
      problem: 'The archive "more/inner.zip" lies in "set.zip"; it was left out.',
      remedy: 'Unpack "set.zip" first, then drop its folder.',
    },
    {
      path: 'drive.mp4',
      problem: 'The video "drive.mp4" lies in "set.zip"; it was left out.',
      remedy: 'Unpack it, then drop the video itself.',
    },
  ])
})
