import { expect, test } from 'vitest'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import type { ReportFacts } from './facts'
import { reportPage } from './page'

const SECONDS = { train: 60, evaluate: 2, rate: 1, entropy: 3, attend: 1, select: 1, annotate: 1, extend: 4 }

function round(index: number): RoundRecord {
  return {
    runId: 'r',
    index,
    labelledPixels: 100 * index,
    poolPixels: 1000,
    trainImages: ['a'],
    steps: 8,
    losses: [2, 1],
    evaluation: { mIoU: 0.2 * index, iouPerClass: [0.1 * index, null], pixelAccuracy: 0.5, confusion: [] },
    subset: [],
    regions: [{ imageId: 'a', x: 0, y: 0, width: 4, height: 4, score: 2 }],
    selectedClassPixels: [30, 70],
    poolClassPixels: [900, 100],
    extension: { addedPixels: 50, correctPixels: 30, judgedPixels: 40 },
    seconds: SECONDS,
    isComplete: true,
  }
}

const FACTS: ReportFacts = {
  project: {
    id: 'p',
    name: 'Streets <& "yards">',
    createdAt: 0,
    source: 'demo',
    format: 'generic',
    classes: [
      { name: 'road', color: [128, 64, 128] },
      { name: 'a<b', color: [0, 128, 0] },
    ],
    counts: { train: 10, val: 2 },
    hasGroundTruth: true,
  },
  run: {
    id: 'r',
    projectId: 'p',
    createdAt: 0,
    config: {
      preset: 'tiny',
      seed: 7,
      size: { height: 8, width: 16 },
      network: { encoder: 'mobilenetv2' },
      weights: null,
      selection: { method: 'cpral', rounds: 2 },
    },
    status: 'done',
    round: 2,
    stage: 'train',
    engine: { engine: 'wasm', device: 'SIMD, 2 threads', reason: '', isSoftware: false },
    failure: null,
    initialWeights: { name: 'net.safetensors', sha256: 'c0ffee', source: null },
  } as unknown as RunRecord,
  rounds: [round(1), round(2)],
  pictures: [],
  versions: { tfjs: '4.22.0' },
  createdAt: Date.UTC(2020, 1, 2, 3, 4),
}

function parse(facts: ReportFacts): Document {
  return new DOMParser().parseFromString(reportPage(facts), 'text/html')
}

test('says what was run and what came out', () => {
  const page = parse(FACTS)
  expect(page.title).toBe('Streets <& "yards">: cpral, seed 7')
  expect(page.querySelector('h1')?.textContent).toBe(page.title)
  const named = parse({ ...FACTS, run: { ...FACTS.run, name: 'With <all>' } })
  expect(named.title).toBe('Streets <& "yards">: With <all> (cpral, seed 7)')
  const figures = [...page.querySelectorAll('.figures dd')].map((value) => value.textContent)
  expect(figures).toEqual(['40.0 %', '20.0 %', '20.00 %', '2 of 2', '10', '2.4 min'])
  const cells = [...page.querySelectorAll('tbody tr:nth-child(2)')][0]?.textContent
  expect(cells).toBe('220.00 %40.00 %50.0 %1815.00 %75.0 %')
  const settings = page.body.textContent
  for (const text of [
    'selection.method',
    '"cpral"',
    'size.height',
    '4.22.0',
    'on mobilenetv2',
    'net.safetensors',
    'c0ffee',
    '2020-02-02 03:04 UTC',
  ]) {
    expect(settings).toContain(text)
  }
})

test('names the images of whose labels some were lost, and says nothing where none were', () => {
  expect(parse(FACTS).querySelector('[role=note]')).toBeNull()
  const page = parse({ ...FACTS, run: { ...FACTS.run, damagedLabels: ['a<1>', 'b'] } })
  expect(page.querySelector('[role=note]')?.textContent).toMatch(/not all.* labels of a<1>, b/i)
})

test('a run without anything to doubt has no such section and no empty columns', () => {
  const page = parse(FACTS)
  expect(page.querySelector('.doubts')).toBeNull()
  expect(page.body.textContent).not.toMatch(/Candidates taken|Discriminator|Unspent/)
})

test('says what makes a comparison doubtful: candidates, budget, adversary, effort, failures of the engine', () => {
  const losses = { reconstruction: 1, divergence: 1, adversarial: 1, discriminator: 1 }
  const accuracy = { labelled: 1, unlabelled: 0.02 }
  const first = {
    ...round(1),
    candidates: { found: 10, taken: 9 },
    unspentPixels: 64,
    adversary: { steps: 4, losses, accuracy, isCollapsed: true },
  }
  const config = { ...FACTS.run.config, training: { batchSize: 4 } } as ReportFacts['run']['config']
  const incidents = [
    { at: 1, code: 'out_of_memory' as const, sentence: 'The memory was full. It goes on with 2 images.' },
  ]
  const run = { ...FACTS.run, config, effort: { batchSize: 2, share: 0.5 }, incidents }
  const page = parse({ ...FACTS, run, rounds: [first, { ...round(2), candidates: { found: 10, taken: 9 } }] })
  const sentences = [...page.querySelectorAll('.doubts li')].map((item) => item.textContent ?? '')
  expect(sentences).toHaveLength(6)
  expect(sentences[0]).toMatch(/^Rounds 1, 2: The budget took 90 %/)
  expect(sentences[1]).toMatch(/^Round 1: 0\.5 image areas of the budget/)
  expect(sentences[2]).toMatch(/^Round 1: The discriminator collapsed/)
  expect(sentences.slice(3)).toEqual([
    'It trained with 2 images a step instead of 4, for want of memory.',
    'The engine got 50 % of the usual work at once.',
    'The engine failed once: The memory was full. It goes on with 2 images.',
  ])
  const cells = [...page.querySelectorAll('tbody')][0]?.querySelector('tr')?.textContent
  expect(cells).toMatch(/9 of 10, 90 %51 %, collapsed6\.40 %$/)
  for (const name of ['Candidates taken', 'Discriminator right', 'Unspent']) {
    expect(page.body.textContent, `${name} is explained`).toContain(`${name}: `)
  }
})

test('draws its charts as labelled pictures', () => {
  const labels = [...parse(FACTS).querySelectorAll('svg[role=img]')].map((svg) => svg.getAttribute('aria-label'))
  expect(labels).toEqual([
    'mIoU against labelled share',
    'Seconds per stage and round',
    'IoU per class, first and last round',
    'Class shares of the pool and of the selection',
  ])
  // One dot for the last round's IoU, where the other class has none.
  expect(
    parse(FACTS)
      .querySelectorAll('svg')[2]
      ?.querySelectorAll('circle[fill="var(--accent)"], g[aria-label=dot][fill="var(--accent)"] circle'),
  ).toHaveLength(1)
})

test('needs nothing from elsewhere', () => {
  const page = parse({
    ...FACTS,
    pictures: [
      {
        title: 'Pictures',
        about: '',
        columns: ['Image', 'Never there', 'Map'],
        rows: [
          { name: 'x', pictures: [{ source: 'data:image/png;base64,AA==', round: null }, null, null] },
          { name: 'y', pictures: [null, null, { source: 'data:image/png;base64,BB==', round: 2 }] },
        ],
      },
      { title: 'Nothing to see', about: '', columns: ['Image'], rows: [] },
    ],
  })
  expect(page.querySelectorAll('script, link, iframe')).toHaveLength(0)
  for (const image of page.querySelectorAll('img')) expect(image.src).toMatch(/^data:/)
  expect(page.documentElement.outerHTML).not.toMatch(/url\(|@import/)
  const cells = [...page.querySelectorAll('.pictures th, .pictures td')].map(
    (cell) => cell.querySelector('img')?.alt ?? cell.textContent,
  )
  expect(cells).toEqual(['Image', 'Map', 'Image of x', 'not stored', 'not stored', 'Map of y'])
  expect([...page.querySelectorAll('.pictures span')].map((caption) => caption.textContent)).toEqual([
    'x',
    'not stored',
    'not stored',
    'round 2',
  ])
  expect(page.body.textContent).not.toContain('Nothing to see')
})

test('has a page for a run without a complete round', () => {
  expect(parse({ ...FACTS, rounds: [] }).body.textContent).toContain('No round is complete yet.')
})

test('says which labels were wrong, and how many really', () => {
  expect(parse(FACTS).body.textContent).not.toContain('Label noise')
  const noise = { kind: 'mixed', share: 0.4, unit: 'segment' } as const
  const run = { ...FACTS.run, config: { ...FACTS.run.config, noise } }
  const rounds = [
    { ...round(1), noise: { answered: 300, wrong: 50, missing: 100 } },
    { ...round(2), noise: { answered: 100, wrong: 50, missing: 20 } },
    round(3),
  ]
  const note = parse({ ...FACTS, run, rounds }).querySelector('[role=note]')?.textContent
  expect(note).toBe(
    'Label noise: mixed, 40.0 % by segment. Of the labels that the oracle gave, 25.0 % were wrong and 30.0 % missing.',
  )
})
