import { describe, expect, it } from 'vitest'
import type { TruthPixels } from '../domain/class-pixels'
import type { Split } from '../domain/dataset'
import { type ConfigOverrides, defaultConfig, factsOf } from './presets'
import { trainingWarnings } from './training-warnings'

const size = { height: 64, width: 96 }

/** Warnings about a project with these pixels of road, sky, car and void in its masks. */
function warningsOf(masks: [Split, ...number[]][], overrides: ConfigOverrides = {}, unmaskedVal = 0): string[] {
  const truth = masks.map(([split, ...pixels], i): TruthPixels => ({ imageId: `${i}`, split, size, pixels }))
  const count = (split: Split) => truth.filter((image) => image.split === split).length
  const project = {
    classes: ['road', 'sky', 'car'].map((name) => ({ name, color: [0, 0, 0] as [number, number, number] })),
    counts: { train: count('train'), val: count('val') + unmaskedVal },
  }
  const facts = factsOf({ ...project, format: 'generic', source: 'folder' }, size)
  const config = defaultConfig(facts, 'tiny', { ...overrides, selection: { initialImages: 2, ...overrides.selection } })
  return trainingWarnings(config, project, truth)
}

const TRAIN: [Split, ...number[]][] = [
  ['train', 10, 10, 10, 5],
  ['train', 10, 10, 10, 5],
]
const VAL: [Split, ...number[]] = ['val', 10, 10, 10, 5]

it('says nothing of a project that has everything', () => {
  expect(warningsOf([...TRAIN, VAL])).toEqual([])
})

describe('validation', () => {
  it.each([
    ['no validation images', TRAIN, 0, /^The project has no validation images.*no curve/],
    ['none with a mask', TRAIN, 2, /^No validation image has a mask.*no curve/],
    ['void all over', [...TRAIN, ['val', 0, 0, 0, 35]], 0, /^No pixel of the validation masks has a class.*no curve/],
    ['void in part', [...TRAIN, VAL, ['val', 0, 0, 0, 35]], 0, /^1 of 2 validation masks has no pixel with a class/],
  ] as [string, [Split, ...number[]][], number, RegExp][])('%s', (_, masks, unmasked, sentence) => {
    for (const annotator of ['oracle', 'person'] as const)
      expect(warningsOf(masks, { annotator }, unmasked)).toEqual([expect.stringMatching(sentence)])
  })
})

describe('training masks', () => {
  it('void all over, in part, and mostly', () => {
    expect(warningsOf([['train', 0, 0, 0, 9], VAL], { selection: { initialImages: 1 } })).toEqual([
      expect.stringMatching(/nothing to label/),
    ])
    expect(warningsOf([...TRAIN, ['train', 0, 0, 0, 35], VAL])).toEqual([
      expect.stringMatching(/^1 of 3 training masks has no pixel with a class.*leaves them out/),
    ])
    const half: [Split, ...number[]][] = [['train', 10, 10, 10, 30], VAL]
    expect(warningsOf(half)).toEqual([])
    expect(warningsOf([['train', 10, 10, 10, 31], VAL])).toEqual([expect.stringMatching(/^50 % of the pixels/)])
  })

  it('classes that occur nowhere, or only in validation', () => {
    expect(warningsOf([['train', 10, 10, 0, 5], VAL])).toEqual([expect.stringMatching(/^Only validation.*"car"/)])
    expect(
      warningsOf([
        ['train', 10, 10, 0, 5],
        ['val', 10, 10, 0, 5],
      ]),
    ).toEqual(['No mask holds "car". The network cannot learn what it never sees.'])
  })

  it('one initial image for a method that compares two', () => {
    const one = { selection: { initialImages: 1 } }
    expect(warningsOf([...TRAIN, VAL], one)).toEqual([expect.stringMatching(/one initial image/)])
    expect(warningsOf([...TRAIN, VAL], { selection: { ...one.selection, method: 'random' } })).toEqual([])
  })

  it('matter to the oracle, not to a person who labels', () => {
    expect(warningsOf([['train', 0, 0, 0, 9], VAL], { annotator: 'person' })).toEqual([])
  })
})
