import { beforeAll, expect, test } from 'vitest'
import { LARGE_STUDY_PARTS, largeStudyLines, outcomesOf } from '../../../tests/support/made-up-study'
import type { ClassDefinition } from '../../domain/classes'
import { classIdPng } from '../../image/class-id-png'
import type { LinePictures, StudyOutcome } from '../../study/study-outcome'
import { canvasOf, dataUrlOf } from '../canvas'
import { studyPage } from './study-page'

const CLASSES: ClassDefinition[] = [
  { name: 'road', color: [128, 64, 128] },
  { name: 'sky', color: [70, 130, 180] },
  { name: 'bus', color: [0, 60, 100] },
  { name: 'pole', color: [220, 220, 0] },
]
const SIZE = { height: 32, width: 64 }

async function pictures(): Promise<LinePictures> {
  const truth = Uint8Array.from({ length: SIZE.height * SIZE.width }, (_, i) => (i < 1024 ? 1 : 0))
  for (let row = 4; row < 28; row++) truth[row * SIZE.width + 50] = 3
  const prediction = truth.map((id, i) => (id === 3 && i % 3 === 0 ? 0 : id))
  const { canvas, context } = canvasOf(SIZE)
  context.fillStyle = '#789'
  context.fillRect(0, 0, 64, 16)
  const image = await dataUrlOf(await canvas.convertToBlob({ type: 'image/jpeg' }))
  const pngOf = (ids: Uint8Array) => dataUrlOf(classIdPng(ids, SIZE))
  const shown = { name: 'street', image, truth: await pngOf(truth), prediction: await pngOf(prediction) }
  return { classes: CLASSES, size: SIZE, images: [shown] }
}

let study: StudyOutcome
let page: Document

beforeAll(async () => {
  const kept = await pictures()
  const lines = outcomesOf(largeStudyLines()).map((outcome) => ({ ...outcome, pictures: kept }))
  const effort = { batchSize: 2, share: 1 }
  const incidents = [
    { at: 1, code: 'out_of_memory' as const, sentence: 'The memory was full. It goes on with 2 images.' },
  ]
  study = {
    name: 'Streets <& "yards">',
    baseline: 'random-regions',
    parts: LARGE_STUDY_PARTS,
    lines: lines.map((outcome) => {
      const { label } = outcome.line
      if (label === 'margin, seed 3') return { ...outcome, run: null, failure: 'The disk is full. Make room.' }
      if (label === 'entropy, seed 3' && outcome.run)
        return { ...outcome, run: { ...outcome.run, rounds: outcome.run.rounds.slice(0, 2) } }
      if (label === 'entropy, seed 2') return { ...outcome, run: null }
      if (label === 'core-set, seed 1' && outcome.run) return { ...outcome, run: { ...outcome.run, effort, incidents } }
      return outcome
    }),
  }
  page = new DOMParser().parseFromString(await studyPage(study), 'text/html')
})

const textOf = (selector: string) => page.querySelector(selector)?.textContent ?? ''

/** A method's first row in the table of results: its cells, and the remarks that it names. */
function rowOf(method: string): { cells: string[]; remarks: string[] } {
  const row = [...page.querySelectorAll('.results tr')].find(
    (tr) => tr.querySelector('th')?.textContent?.replace(/ [\d, ]+$/, '') === method,
  )
  const all = [...page.querySelectorAll('.remarks li')].map((item) => item.textContent ?? '')
  const numbers = row?.querySelector('sup')?.textContent?.split(', ') ?? []
  return {
    cells: [...(row?.querySelectorAll('td') ?? [])].map((cell) => cell.textContent ?? ''),
    remarks: numbers.map((number) => all[Number(number) - 1] ?? ''),
  }
}

test('says what was run', () => {
  expect(page.title).toBe('Streets <& "yards">')
  expect(textOf('h1')).toBe(page.title)
  const facts = textOf('.facts')
  expect(facts).toContain('20 demo scenes of seed 1, measured on 8 more')
  expect(facts).toContain(`${study.lines.length - 3} of ${study.lines.length} complete`)
  expect(facts).toContain('seeds 1, 2, 3')
  expect([...page.querySelectorAll('h2')].map((heading) => heading.textContent)).toEqual([
    'Results',
    'What is missing',
    'Figure 1 Methods compared',
    'Figure 2 Methods of whole images with and without regions',
    'Figure 3 Label noise',
    'Figure 4 Ablation',
    'Figure 5 Time',
    'Figure 6 Classes',
    'Figure 7 Predictions',
    'The discriminators of VAAL and TA-VAAL',
    'Failures of the engine',
  ])
})

test('names what is missing, each with its reason', () => {
  const items = [...page.querySelectorAll('#missing li')].map((item) => item.textContent)
  expect(items).toEqual([
    'margin, seed 3 failed: The disk is full. Make room.',
    'entropy, seed 2: not begun',
    'entropy, seed 3: 2 of 4 rounds',
  ])
})

test('the table has means, differences to the baseline, p90 and remarks', () => {
  const [seeds, mIoU, , p90, difference] = rowOf('CPRAL').cells
  expect(seeds).toBe('3')
  expect(mIoU).toMatch(/^5\d\.\d\s±\s\d\.\d$/)
  expect(p90).toMatch(/^3\d\.\d 2 of 3 seeds$/)
  expect(difference).toMatch(/^\+\d\.\d \[[+−±]\d\.\d, [+−±]\d\.\d\]$/)
  expect(rowOf('Random regions (baseline)').cells.slice(4, 6)).toEqual(['–', '–'])
  expect(rowOf('Random').cells.at(3)).toBe('not reached 0 of 3 seeds')
  expect(rowOf('CPRAL').remarks).toEqual(['over half of the candidates taken in all seeds'])
  expect(rowOf('CPRAL').cells.at(8)).toBe('90 ▲')
  expect(rowOf('VAAL').remarks).toEqual(['adversary collapsed in all seeds'])
  expect(rowOf('Entropy').remarks).toEqual(['2 of 3 lines missing'])
  expect(rowOf('Entropy').cells.at(4)).toMatch(/no interval \(1 seed\)$/)
  expect(rowOf('Core-set').remarks).toEqual([
    'less work at once in 1 of 3 seeds',
    'batch of 2 instead of 4',
    '1 failure of the engine',
  ])
  expect(rowOf('Random regions by predicted class').remarks).toEqual([
    'budget not spent in all seeds: 4.0 % of the pool',
  ])
})

test('a difference is bold only where its interval leaves out 0, and p90 is said to be crossed before a first round above it', () => {
  const cells = [...page.querySelectorAll('.results td')].filter((cell) => cell.querySelector('small'))
  const intervals = cells.filter((cell) => cell.textContent?.includes('['))
  expect(intervals.some((cell) => cell.querySelector('b'))).toBe(true)
  expect(intervals.some((cell) => !cell.querySelector('b'))).toBe(true)
  for (const cell of intervals) {
    const [from = '', to = ''] = cell.textContent?.match(/\[(.).*, (.).*\]/)?.slice(1) ?? []
    // Ends that are rounded to 0 are on either side.
    if (from !== '±' && to !== '±') expect(cell.querySelector('b') !== null, cell.textContent ?? '').toBe(from === to)
  }
  const above = study.lines.map((outcome) =>
    outcome.line.isAllLabels && outcome.run
      ? { ...outcome, run: { ...outcome.run, rounds: outcome.run.rounds.map((round) => ({ ...round, mIoU: 0.1 })) } }
      : outcome,
  )
  return studyPage({ ...study, lines: above }).then((text) => {
    const first = new DOMParser().parseFromString(text, 'text/html').querySelector('.results td:nth-child(5)')
    expect(first?.textContent).toMatch(/^≤ \d+\.\d 3 of 3 seeds$/)
  })
})

test('time says what the panoptic step saves', () => {
  // Query: 5 s instead of 17 s. A whole round: 19 s instead of 27 s.
  expect(textOf('#time p')).toBe(
    'Against regions of all images, CPRAL saves 70.6 % of the time to choose (5.0 s instead of 17 s), and saves 29.6 % of a whole round (19 s instead of 27 s).',
  )
})

test('the ablation has both sizes, whole images in each', () => {
  const rows = [...page.querySelectorAll('#fig8 tbody th')].map((cell) => cell.textContent)
  const steps = ['Panoptic', 'w/o RGA', 'w/o CLE', 'CPRAL']
  expect(rows).toEqual(['regions of 32 px', ...steps, 'regions of 16 px', ...steps])
})

test('noise draws a chart for each kind, and says what was really wrong', () => {
  const labels = [...page.querySelectorAll('#fig7 svg')].map((svg) => svg.getAttribute('aria-label'))
  expect(labels.slice(0, 2)).toEqual([
    'mIoU against the share of wrong labels, symmetric, by pixel',
    'mIoU against the share of wrong labels, missing, by pixel',
  ])
  expect(labels.slice(2)).toHaveLength(6)
  const rows = [...page.querySelectorAll('#fig7 tbody tr')].map((row) => row.textContent?.replaceAll('\n', ''))
  expect(rows[0]).toMatch(/^symmetric, by pixelCPRAL2020\.00\.0/)
})

test('pictures are cropped on the thin class', () => {
  const heads = [...page.querySelectorAll('#fig9 th')].map((head) => head.textContent)
  expect(heads).toEqual(['Input', 'Panoptic', 'w/o RGA', 'w/o CLE', 'CPRAL', 'All labels', 'Truth'])
  const images = [...page.querySelectorAll<HTMLImageElement>('#fig9 img')]
  expect(images.map(({ alt }) => alt)).toEqual(heads.map((head) => `${head} of street`))
  for (const image of images) expect(image.src).toMatch(/^data:image\/(png|jpeg);base64,/)
})

test('needs nothing from elsewhere, and can be read without eyes', () => {
  expect(page.querySelectorAll('script, link, iframe')).toHaveLength(0)
  expect(page.documentElement.outerHTML).not.toMatch(/url\(|@import/)
  for (const svg of page.querySelectorAll('svg')) {
    expect(svg.getAttribute('role')).toBe('img')
    expect(svg.getAttribute('aria-label')).toMatch(/\w/)
  }
  for (const table of page.querySelectorAll('table')) {
    expect(table.querySelectorAll('thead th[scope=col]').length).toBeGreaterThan(0)
  }
  const ids = [...page.querySelectorAll('[id]')].map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

test('a study of which nothing is there yet says so', async () => {
  const lines = study.lines.map((outcome) => ({ ...outcome, run: null, failure: null, pictures: null }))
  const empty = new DOMParser().parseFromString(await studyPage({ ...study, lines }), 'text/html')
  expect(empty.querySelector('.facts')?.textContent).toContain(`0 of ${lines.length} complete`)
  expect(empty.querySelectorAll('#missing details li')).toHaveLength(lines.length)
  expect(empty.querySelector('#time .legend')).toBeNull()
  expect(empty.querySelector('#fig5')?.textContent).toContain('No run of this figure is complete yet.')
  expect(empty.documentElement.outerHTML).not.toMatch(/NaN|Infinity|undefined/)
})

test('where no thin class is found at all, their axis still has a length', async () => {
  const lines = study.lines.map((outcome) => {
    if (!outcome.run) return outcome
    const rounds = outcome.run.rounds.map((round) => ({ ...round, iouPerClass: round.iouPerClass.map(() => 0) }))
    return { ...outcome, run: { ...outcome.run, rounds } }
  })
  const nothing = new DOMParser().parseFromString(await studyPage({ ...study, lines }), 'text/html')
  const ticks = [...nothing.querySelectorAll('#classes svg [aria-label="x-axis tick label"] text')]
  expect([ticks.at(0)?.textContent, ticks.at(-1)?.textContent]).toEqual(['0.0', '1.0'])
})

test('no number of the page is a failed sum', () => {
  expect(page.documentElement.outerHTML).not.toMatch(/NaN|Infinity|undefined/)
})

test('the table of a partly run study has no row without a number', async () => {
  const [first] = study.lines
  const only = study.lines.map((outcome) => (outcome === first ? outcome : { ...outcome, run: null }))
  const partly = new DOMParser().parseFromString(await studyPage({ ...study, lines: only }), 'text/html')
  const rows = [...partly.querySelectorAll('.results tbody tr')].filter((row) => row.querySelector('th[scope=row]'))
  expect(rows).toHaveLength(1)
  const none = study.lines.map((outcome) => ({ ...outcome, run: null }))
  const empty = new DOMParser().parseFromString(await studyPage({ ...study, lines: none }), 'text/html')
  expect(empty.querySelector('.results tbody')?.textContent).toContain('No run is complete yet.')
  expect(empty.querySelector('.results')?.textContent).not.toContain('–')
})
