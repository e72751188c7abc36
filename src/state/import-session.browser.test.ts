import { afterEach, expect, test, vi } from 'vitest'
import { drawnPair, heicProblems, reportOf } from '../../tests/support/import-reports'
import { hexOf, zipOfRawNames } from '../../tests/support/zip-files'
import { dataService } from '../data/data-service'
import type { ImportRequest, ScanReport, ScanRequest } from '../domain/dataset'
import { AppError } from '../domain/errors'
import type { ImportReport } from '../domain/project'
import { ImportSession } from './import-session.svelte'

/** A session whose scans end when the test says so; `scans` are those that were asked for. */
function slowSession(picked = { path: 'images/a.png', file: new File([], 'a.png') }) {
  const scans: { request: ScanRequest; end: (report?: ScanReport) => void; fail: (error: Error) => void }[] = []
  const imports: ImportRequest[] = []
  const session = new ImportSession(
    {
      ...dataService(),
      scan: (request, _onProgress, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          scans.push({ request, end: (report = reportOf(request)) => resolve(report), fail: reject })
        }),
      previewPair: ({ index }) => drawnPair(index),
      import: async (request): Promise<ImportReport> => {
        imports.push(request)
        throw new AppError('no_images', 'This test stores nothing.')
      },
    },
    { name: 'Set', files: [picked] },
  )
  /** Ends the scan that was asked for last. */
  const settle = async (end: (scan: (typeof scans)[number]) => void) => {
    await expect.poll(() => scans.length).toBeGreaterThan(0)
    const last = scans[scans.length - 1]
    end(last)
    await expect.poll(() => session.scanning.isRunning).toBe(false)
    return last.request
  }
  return { session, scans, imports, settle }
}

async function scanned() {
  const slow = slowSession()
  void slow.session.scan()
  await slow.settle(({ end }) => end())
  return slow
}

afterEach(() => vi.restoreAllMocks())

test('each choice is another look with all choices before it, while the report stays on the screen', async () => {
  const { session, settle } = await scanned()
  const before = session.report
  void session.answer('grey-255', 'class')
  expect([session.isLookingAgain, session.report]).toEqual([true, before])
  expect(session.obstacle).toContain('being looked through')
  await settle(({ end }) => end())
  void session.giveRole('images/*.jpg', 'ignored')
  await settle(({ end }) => end())
  void session.keepUnmasked(false)
  const request = await settle(({ end }) => end())
  expect(request).toMatchObject({
    answers: { 'grey-255': 'class' },
    roles: { 'images/*.jpg': 'ignored' },
    keepsUnmasked: false,
  })
  expect(session.report?.questions.find(({ id }) => id === 'grey-255')?.answer).toBe('class')
  expect(session.obstacle).toBeNull()
})

test('of quick answers the last counts, and nothing of the others', async () => {
  const { session, scans, settle } = await scanned()
  void session.answer('grey-255', 'class')
  void session.answer('mask-set', 'SegmentationClassAug')
  void session.answer('grey-255', 'void')
  await expect.poll(() => scans.length).toBe(4)
  scans[1].end()
  scans[2].end()
  const request = await settle(({ end }) => end())
  const answers = { 'mask-set': 'SegmentationClassAug', 'grey-255': 'void' }
  expect([request.answers, session.choices.answers]).toEqual([answers, answers])
  expect(session.report?.classes).toHaveLength(8)
})

test('a look that fails, or is cancelled, leaves the choices of the report that is shown', async () => {
  const { session, settle } = await scanned()
  void session.answer('mask-set', 'SegmentationClassAug')
  await settle(({ end }) => end())
  const { choices, report } = session
  void session.giveRole('images/*.jpg', 'ignored')
  await settle(({ fail }) => fail(new AppError('no_images', 'No images.', 'Choose others.')))
  expect([session.choices, session.report, session.scanning.error?.message]).toEqual([choices, report, 'No images.'])
  void session.answer('grey-255', 'class')
  expect(session.scanning.error).toBeNull()
  await settle(() => session.scanning.abort())
  expect([session.choices, session.report, session.obstacle]).toEqual([choices, report, null])
})

test('corrected names and colours stay over another look, and are imported with its plan', async () => {
  const { session, imports, settle } = await scanned()
  session.correct(0, { name: ' street ' })
  session.correct(0, { color: [1, 2, 3] })
  void session.answer('grey-255', 'class')
  await settle(({ end }) => end())
  expect(session.projectClasses[0]).toEqual({ name: ' street ', color: [1, 2, 3] })
  expect(session.projectClasses).toHaveLength(9)
  await session.import()
  expect(imports[0]).toMatchObject({ plan: session.report?.plan, answers: { 'grey-255': 'class' } })
  expect(imports[0].classes?.slice(0, 2)).toEqual([{ name: 'street', color: [1, 2, 3] }, session.report?.classes[1]])
})

test('equal or empty names keep the import back, with a sentence', async () => {
  const { session } = await scanned()
  session.correct(1, { name: 'road' })
  expect(session.obstacle).toBe('Two classes are called "road": give one of them another name.')
  session.correct(1, { name: '' })
  expect(session.obstacle).toBe('Class 1 has no name: give it one.')
  session.undoCorrections()
  expect(session.obstacle).toBeNull()
})

test('a folder of which nothing is an image, or that names no class, says what is missing', async () => {
  const { session, settle } = slowSession()
  void session.scan()
  await settle(({ request, end }) => {
    const report = reportOf(request, { problems: heicProblems(2) })
    end({ ...report, splits: report.splits.map((split) => ({ ...split, images: 0, masks: 0 })) })
  })
  expect(session.obstacle).toContain('no image to import')
  void session.scan()
  await settle(({ request, end }) => end(reportOf(request, { classes: 0 })))
  expect(session.obstacle).toBe('Name at least one class.')
  session.classes = [{ name: 'leaf', color: [0, 200, 0] }]
  expect(session.obstacle).toBeNull()
  expect(session.projectClasses).toEqual(session.classes)
})

test('an answer about the names in an archive unpacks it again, any other answer does not', async () => {
  // One letter that is a letter in the encodings of both the first PC and Windows.
  const file = new File([zipOfRawNames([hexOf('images/stra{e1}e.jpg'), hexOf('images/b.jpg')])], 'streets.zip')
  const { session, scans, settle } = slowSession({ path: 'streets.zip', file })
  const look = async (count: number) => {
    await expect.poll(() => scans.length).toBe(count)
    return (await settle(({ end }) => end())).files
  }
  const paths = (files: { path: string }[]) => files.map(({ path }) => path)
  void session.scan()
  const first = await look(1)
  expect(paths(first)).toEqual(['images/straße.jpg', 'images/b.jpg'])
  const [question] = session.report?.questions ?? []
  expect(question).toMatchObject({ id: 'archive-encoding:streets.zip', answer: 'cp437' })

  void session.answer('another', 'yes')
  expect(await look(2)).toBe(first)
  void session.answer(question.id, 'windows-1252')
  expect(paths(await look(3))).toEqual(['images/straáe.jpg', 'images/b.jpg'])
  expect(session.report?.questions[0]).toMatchObject({ id: question.id, answer: 'windows-1252' })
  void session.answer(question.id, 'cp437')
  expect(paths(await look(4))).toEqual(['images/straße.jpg', 'images/b.jpg'])
})
