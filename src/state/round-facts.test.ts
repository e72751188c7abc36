import { describe, expect, it } from 'vitest'
import type { ClassDefinition } from '../domain/classes'
import type { RoundRecord } from '../domain/round'
import { agreement, classShares, curve } from './round-facts'

const classes: ClassDefinition[] = ['road', 'pole', 'train'].map((name) => ({ name, color: [0, 0, 0] }))

function round(facts: Partial<RoundRecord>): RoundRecord {
  const empty = {
    index: 1,
    labelledPixels: 0,
    poolPixels: 100,
    evaluation: null,
    selectedClassPixels: [],
    poolClassPixels: [],
  }
  return { ...empty, ...facts } as RoundRecord
}

describe('agreement', () => {
  it('is the share of what was predicted, and of that which was painted; nothing where nothing was judged', () => {
    const answer = { images: [], newPixels: 30, judgedPixels: 20, agreeingPixels: 15 }
    const points = agreement([
      round({ answer: { ...answer, byHand: { judgedPixels: 8, agreeingPixels: 3 } } }),
      round({ index: 2, answer: { ...answer, byHand: { judgedPixels: 0, agreeingPixels: 0 } } }),
      round({ index: 3, answer }),
      round({ index: 4, answer: { ...answer, judgedPixels: 0, agreeingPixels: 0 } }),
      round({ index: 5 }),
    ])
    expect(points).toEqual([
      { round: 1, share: 0.75, byHand: 0.375 },
      { round: 2, share: 0.75, byHand: null },
      { round: 3, share: 0.75, byHand: null },
    ])
  })
})

describe('agreement with what was labelled ahead', () => {
  it('belongs to the round before, whose network made the suggestions', () => {
    const byHand = { judgedPixels: 4, agreeingPixels: 1 }
    const answer = { images: [], newPixels: 30, judgedPixels: 20, agreeingPixels: 15, byHand }
    const answerAhead = {
      ...answer,
      judgedPixels: 5,
      agreeingPixels: 0,
      byHand: { judgedPixels: 4, agreeingPixels: 3 },
    }
    const points = agreement([round({ answer }), round({ index: 2, answerAhead })])
    expect(points).toEqual([{ round: 1, share: 0.6, byHand: 0.5 }])
  })
})

describe('curve', () => {
  it('has a point for every evaluated round', () => {
    const evaluation = { mIoU: 0.4, iouPerClass: [], pixelAccuracy: 0, confusion: [] }
    expect(curve([round({ labelledPixels: 7, evaluation }), round({ index: 2, labelledPixels: 14 })])).toEqual([
      { round: 1, labelledShare: 0.07, mIoU: 0.4 },
    ])
  })
})

describe('classShares', () => {
  it('compares shares of the selection with those of the pool', () => {
    const shares = classShares(round({ selectedClassPixels: [30, 10, 0], poolClassPixels: [900, 100, 0] }), classes)
    expect(shares?.map(({ selected, pool }) => [selected, pool])).toEqual([
      [0.75, 0.9],
      [0.25, 0.1],
      [0, 0],
    ])
    expect(shares?.map(({ factor }) => factor)).toEqual([0.75 / 0.9, 2.5, null])
  })

  it('is null for a round that chose nothing', () => {
    expect(classShares(round({ poolClassPixels: [1, 1, 1], selectedClassPixels: [0, 0, 0] }), classes)).toBeNull()
  })
})
