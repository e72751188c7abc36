import { describe, expect, it } from 'vitest'
import type { ImageSummary } from '../../domain/project'
import type { AnswerRecord, Region, RoundRecord } from '../../domain/round'
import type { RunRecord } from '../../domain/run'
import { askedBy, countAsked, queuedRegions } from './asked-regions'

const region = (x: number): Region => ({ imageId: 'a', x, y: 0, width: 8, height: 8, score: 1 })
const run = (status: RunRecord['status'], round: number, annotator = 'person') =>
  ({ status, round, config: { annotator, size: { height: 16, width: 32 } } }) as RunRecord
const round = (index: number, facts: Partial<RoundRecord> = {}) => ({ index, regions: [], ...facts }) as RoundRecord
const asking = round(1, { isAsked: true, regions: [region(0), region(8)], ahead: [region(16)] })

describe('askedBy', () => {
  it('is the round that waits, and before the first round the first images', () => {
    expect(askedBy(run('waiting', 0), [])).toEqual({ record: null, regions: [], ahead: [] })
    expect(askedBy(run('waiting', 1), [asking])).toMatchObject({ record: { index: 1 }, ahead: [{ x: 16 }] })
    const last = round(2, { isAsked: true, regions: [region(0)] })
    expect(askedBy(run('waiting', 2), [asking, last])).toEqual({ record: last, regions: last.regions, ahead: [] })
  })

  it.each(['running', 'paused', 'failed'] as const)(
    '%s: goes on until the next round has taken what was labelled',
    (status) => {
      const training = round(2)
      expect(askedBy(run(status, 1), [asking])?.record).toBe(asking)
      expect(askedBy(run(status, 2), [asking, training])?.record).toBe(asking)
      expect(askedBy(run(status, 2), [asking, { ...training, aheadPixels: 0 }])).toBeNull()
      // Chosen, and not asked yet.
      const chosen = round(2, { aheadPixels: 0, regions: [region(0)], ahead: [region(8)] })
      expect(askedBy(run(status, 2), [asking, chosen])).toBeNull()
      expect(askedBy(run(status, 2), [asking, { ...chosen, isAsked: true, regions: [] }])?.ahead).toHaveLength(1)
    },
  )

  it('is nothing without regions ahead, when the run is done, and with the oracle', () => {
    const { ahead: _, ...alone } = asking
    expect(askedBy(run('running', 2), [alone, round(2)])).toBeNull()
    expect(askedBy(run('running', 1), [])).toBeNull()
    expect(askedBy(run('done', 2), [asking, round(2)])).toBeNull()
    expect(askedBy(run('running', 2, 'oracle'), [asking, round(2)])).toBeNull()
  })
})

it('queues those ahead after the others, at the size of the image', () => {
  const images = [{ id: 'a', size: { height: 32, width: 64 } }] as ImageSummary[]
  const queued = queuedRegions(
    run('waiting', 1),
    { record: asking, regions: asking.regions, ahead: [region(16)] },
    images,
  )
  expect(queued.map(({ index, area, isAhead }) => [index, area.x, area.width, isAhead])).toEqual([
    [0, 0, 16, false],
    [1, 16, 16, false],
    [2, 32, 16, true],
  ])
})

it('counts the answers to what was asked, and what is left of all', () => {
  const asked = { record: asking, regions: asking.regions, ahead: [region(16), region(24)] }
  const answer = (index: number, status: AnswerRecord['status']) => ({ index, status }) as AnswerRecord
  expect(countAsked(asked, [])).toEqual({ regions: 2, finished: 0, left: 4 })
  const answers = [answer(0, 'done'), answer(1, 'skipped'), answer(2, 'empty')]
  expect(countAsked(asked, answers)).toEqual({ regions: 2, finished: 1, left: 1 })
})
