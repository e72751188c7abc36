import { describe, expect, it } from 'vitest'
import type { Progress } from '../domain/progress'
import type { RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import { noSeconds, type Stage, type Timed } from '../domain/stages'
import { pipeline } from './pipeline'

const run = (facts: Partial<RunRecord>) =>
  ({ status: 'paused', round: 1, stage: 'train', config: { selection: { rounds: 3 } }, ...facts }) as RunRecord

const round = (seconds: Partial<Record<Timed, number>>, isComplete = false) =>
  ({ seconds: { ...noSeconds(), ...seconds }, isComplete }) as RoundRecord

const at = (phase: Stage, done: number, total: number): Progress => ({ phase, done, total })
const states = (steps: ReturnType<typeof pipeline>) => steps.map(({ status }) => status).join(' ')

describe('pipeline', () => {
  it('waits before the first step', () => {
    expect(states(pipeline(run({ status: 'ready' }), null, null))).toBe(Array(7).fill('pending').join(' '))
  })

  it('counts attention as part of the entropy step, whose progress it shares', () => {
    const stages = {
      train: at('train', 9, 9),
      evaluate: at('evaluate', 2, 2),
      rate: at('rate', 4, 4),
      entropy: at('entropy', 1, 4),
    }
    const steps = pipeline(run({ status: 'running' }), round({ entropy: 2, attend: 3 }), {
      round: 1,
      stages,
      phase: 'entropy',
    })
    expect(states(steps)).toBe('done done done active pending pending pending')
    expect(steps[3].seconds).toBe(5)
  })

  it('knows the stage of a run that an earlier version left at attention', () => {
    expect(
      states(pipeline(run({ stage: 'attend' }), round({ train: 9, evaluate: 1, rate: 2, entropy: 4 }), null)),
    ).toBe('done done done done pending pending pending')
  })

  it('goes by the stored stage when it stands still, and marks what the method did not need', () => {
    const steps = pipeline(run({ stage: 'annotate' }), round({ train: 9, evaluate: 1, rate: 2 }), null)
    expect(states(steps)).toBe('done done done skipped skipped pending pending')
    expect(steps[0]?.seconds).toBe(9)
  })

  it('needs only training and evaluation in the last round', () => {
    const steps = pipeline(run({ round: 3, status: 'done' }), round({ train: 9, evaluate: 1 }, true), null)
    expect(states(steps)).toBe('done done skipped skipped skipped skipped skipped')
  })

  it('ignores live progress of another round', () => {
    const live = { round: 1, stages: { extend: at('extend', 1, 1) }, phase: 'extend' as const }
    expect(states(pipeline(run({ round: 2 }), null, live))).toBe(Array(7).fill('pending').join(' '))
  })
})
