/** The weight that a step of a round learns with. */
import { expect, test } from 'vitest'
import { describeEngines } from '../../tests/support/engines'
import { defaultConfig } from '../cpral/presets'
import type { TrainingConfig } from '../domain/config'
import { roundBatches } from '../loader/round-batches'
import { consistencyWeightAt } from './consistency-ramp'
import { createLearner } from './tf-learner'

const SIZE = { height: 32, width: 32 }
const PIXELS = SIZE.height * SIZE.width
const facts = { format: 'generic', source: 'demo', trainImages: 4, imageSize: SIZE } as const

/** Half of it has no label. */
const sample = async () => ({
  rgb: Uint8Array.from({ length: 3 * PIXELS }, (_, i) => (i * 37) % 256),
  classes: Uint8Array.from({ length: PIXELS }, (_, i) => (i < PIXELS / 2 ? (i >> 4) % 3 : 255)),
  provenance: new Uint8Array(PIXELS).fill(1),
})

/** Trains one step, the `roundStep`th of eight; gives its loss and all that it leaves. */
async function stepOf(roundStep: number, consistency: Partial<TrainingConfig>) {
  const training = { batchSize: 2, learningRate: 0.01, averaging: 0.9, consistencyThreshold: 0, ...consistency }
  const config = defaultConfig(facts, 'tiny', { size: SIZE, network: { width: 0.25, channels: 8 }, training })
  const learner = createLearner(config, 3, null)
  const batch = roundBatches(config, { round: 1, imageIds: ['1', '2'], sample })
  const schedule = { round: 1, epoch: 0, epochs: 1, firstStep: roundStep, steps: 1, roundSteps: 8 }
  const signal = new AbortController().signal
  const { loss } = await learner.trainEpoch({ ...schedule, batch, onStep: () => {}, signal })
  const bytes = new Uint8Array(await learner.save())
  learner.dispose()
  return { loss, bytes }
}

describeEngines('a ramp of own predictions', () => {
  test('gives a step the weight of its place in the round', async () => {
    const rule = { consistencyWeight: 0.8, consistencyRamp: 0.5 }
    const rising = consistencyWeightAt(rule, { roundStep: 2, roundSteps: 8, isContinued: false })
    expect(rising).toBeCloseTo(0.8 * 0.2865048, 6)
    const all = { consistencyWeight: 0.8 }
    expect(await stepOf(2, rule)).toEqual(await stepOf(2, { consistencyWeight: rising }))
    expect(await stepOf(4, rule)).toEqual(await stepOf(4, all))
    const [ramped, whole] = [await stepOf(2, rule), await stepOf(2, all)]
    expect(Math.abs(ramped.loss - whole.loss)).toBeGreaterThan(1e-3)
    expect(await stepOf(0, { ...all, consistencyRamp: 0 })).toEqual(await stepOf(0, all))
  })
})
