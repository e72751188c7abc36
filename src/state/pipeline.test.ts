import { describe, expect, it } from 'vitest'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import type { Progress, Stage } from '../domain/stages'
import { pipeline } from './pipeline'
import { STAGES } from './round-facts'

const run = (facts: Partial<RunRecord>) =>
  ({ status: 'paused', round: 1, stage: 'train', config: { selection: { rounds: 3 } }, ...facts }) as RunRecord

const round = (seconds: Partial<Record<Stage, number>>, isComplete = false) =>
  ({ seconds: { ...Object.fromEntries(STAGES.map((stage) => [stage, 0])), ...seconds }, isComplete }) as RoundRecord

const at = (phase: Stage, done: number, total: number): Progress => ({ phase, done, total })
const states = (steps: ReturnType<typeof pipeline>) => steps.map(({ status }) => status).join(' ')

describe('pipeline', () => {
  it('waits before the first step', () => {
    expect(states(pipeline(run({ status: 'ready' }), null, null))).toBe(Array(8).fill('pending').join(' '))
  })

  it('keeps entropy active while attention is under way in the same image', () => {
    const stages = {
      train: at('train', 9, 9),
      evaluate: at('evaluate', 2, 2),
      rate: at('rate', 4, 4),
      entropy: at('entropy', 1, 4),
      attend: at('attend', 0, 4),
    }
    const steps = pipeline(run({ status: 'running' }), null, { round: 1, stages, phase: 'attend' })
    expect(states(steps)).toBe('done done done active active pending pending pending')
  })

  it('goes by the stored stage when it stands still, and marks what the method did not need', () => {
    const steps = pipeline(run({ stage: 'annotate' }), round({ train: 9, evaluate: 1, rate: 2 }), null)
    expect(states(steps)).toBe('done done done skipped skipped skipped pending pending')
    expect(steps[0]?.seconds).toBe(9)
  })

  it('needs only training and evaluation in the last round', () => {
    const steps = pipeline(run({ round: 3, status: 'done' }), round({ train: 9, evaluate: 1 }, true), null)
    expect(states(steps)).toBe('done done skipped skipped skipped skipped skipped skipped')
  })

  it('ignores live progress of another round', () => {
    const live = { round: 1, stages: { extend: at('extend', 1, 1) }, phase: 'extend' as const }
    expect(states(pipeline(run({ round: 2 }), null, live))).toBe(Array(8).fill('pending').join(' '))
  })
})
