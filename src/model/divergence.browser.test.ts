import { expect, test } from 'vitest'
import { describeEngines } from '../../tests/support/engines'
import { defaultConfig } from '../cpral/presets'
import type { TrainingSample } from '../loader/batch'
import { roundBatches } from '../loader/round-batches'
import { createLearner } from './tf-learner'

const SIZE = { height: 32, width: 32 }
const facts = { format: 'generic', source: 'demo', trainImages: 2, imageSize: SIZE } as const
const pixels = SIZE.height * SIZE.width

const sample = async (): Promise<TrainingSample> => ({
  rgb: Uint8Array.from({ length: 3 * pixels }, (_, i) => (i * 37) % 256),
  classes: Uint8Array.from({ length: pixels }, (_, i) => (i >> 4) % 3),
  provenance: new Uint8Array(pixels).fill(1),
})

/** One epoch after the other, until one throws. */
async function train(learningRate: number, epochs: number) {
  const config = defaultConfig(facts, 'tiny', {
    size: SIZE,
    training: { learningRate, batchSize: 2, headLrFactor: 10 },
  })
  const learner = createLearner(config, 3, null)
  const signal = new AbortController().signal
  try {
    const imageIds = Array.from({ length: 16 }, (_, i) => `${i}`)
    const batch = roundBatches(config, { round: 2, imageIds, sample })
    for (let epoch = 0; epoch < epochs; epoch++) {
      const schedule = {
        round: 2,
        epoch,
        epochs: config.training.epochs,
        firstStep: 8 * epoch,
        steps: 8,
        roundSteps: 8 * config.training.epochs,
      }
      const request = { ...schedule, batch, onStep: () => {}, signal }
      const { loss } = await learner.trainEpoch(request)
      expect(loss).toBeGreaterThan(0)
      expect((await learner.save()).byteLength).toBeGreaterThan(1000)
    }
  } finally {
    learner.dispose()
  }
}

describeEngines('training at a learning rate of a million', () => {
  test('stops with a sentence before anything of it is stored', async () => {
    await expect(train(1e6, 20)).rejects.toMatchObject({
      code: 'diverged',
      message: expect.stringMatching(
        /^Training diverged: (in round 2, epoch \d+, steps? \d.* learning rate of 1000000 \(10000000 in the decoder\)\.|".+" of the network holds)/,
      ),
      remedy: expect.stringMatching(/^Duplicate the run with a (learning rate below 1000000|lower learning rate)/),
    })
  })

  test('a sane one trains on', async () => {
    await train(0.01, 1)
  })
})
