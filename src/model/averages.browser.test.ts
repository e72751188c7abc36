/** The averaged weights: what they hold, that they are what is measured and asks, and that a stored run goes on with them. */
import { expect, test } from 'vitest'
import { describeEngines } from '../../tests/support/engines'
import { CLASSES, CONFIG, goldenBatch, NETWORK } from '../../tests/support/golden-training'
import { expectClose } from '../../tests/support/numbers'
import { defaultConfig } from '../cpral/presets'
import type { TrainingConfig } from '../domain/config'
import { roundBatches } from '../loader/round-batches'
import { networkOf } from '../weights/checkpoint-names'
import { type NamedArrays, readSafetensors, writeSafetensors } from '../weights/safetensors'
import { averageKept } from './averages'
import { buildNetwork } from './network'
import { disposeParameters, exportArrays, initialParameters } from './parameters'
import { createLearner, type TfLearner } from './tf-learner'
import { trainStep } from './train-step'

const SIZE = { height: 32, width: 32 }
const PIXELS = SIZE.height * SIZE.width
const facts = { format: 'generic', source: 'demo', trainImages: 4, imageSize: SIZE } as const
const rgb = Uint8Array.from({ length: 3 * PIXELS }, (_, i) => (i * 37) % 256)

function configOf(training: Partial<TrainingConfig>) {
  return defaultConfig(facts, 'tiny', { size: SIZE, training: { batchSize: 2, learningRate: 0.01, ...training } })
}

type Config = ReturnType<typeof configOf>

async function train(learner: TfLearner, config: Config, firstStep: number, steps: number, round = 1): Promise<void> {
  const sample = async (id: string) => ({
    rgb: rgb.map((value) => value ^ Number(id)),
    classes: Uint8Array.from({ length: PIXELS }, (_, i) => (i >> 4) % 3),
    provenance: new Uint8Array(PIXELS).fill(1),
  })
  const batch = roundBatches(config, { round, imageIds: ['1', '2', '3', '4'], sample })
  const schedule = { round, epoch: 0, epochs: 1, firstStep, steps, roundSteps: 8 }
  await learner.trainEpoch({ ...schedule, batch, onStep: () => {}, signal: new AbortController().signal })
}

const stored = async (learner: TfLearner) => readSafetensors(await learner.save(), 'checkpoint')

describeEngines('averaged weights', (engine) => {
  test('are those of the steps so far, of parameters and of running statistics', async () => {
    const network = buildNetwork(NETWORK, CLASSES)
    const parameters = initialParameters(network, 7, 0.6)
    const batch = goldenBatch()
    const want = new Map<string, number[]>()
    for (let roundStep = 0; roundStep < 4; roundStep++) {
      const dropout = { layers: [], seed: 1, firstPass: 0 }
      const more = { areTapsDetached: true, ratingLoss: 'margin' } as const
      trainStep(network, parameters, batch, {
        config: CONFIG,
        learningRate: 0.01,
        roundStep,
        dropout,
        ...more,
      }).dispose()
      const arrays = await exportArrays(parameters)
      const kept = averageKept(roundStep + 1, 0.6)
      for (const [name, { values }] of arrays) {
        if (name.startsWith('momentum.') || name.startsWith('average.')) continue
        const before = want.get(name)
        const mean = Array.from(values, (value, i) => (before ? kept * before[i] : 0) + (1 - kept) * value)
        want.set(name, mean)
        expectClose(arrays.get(`average.${name}`)?.values ?? [], mean, {}, name)
      }
    }
    const { conv, norm } = network.convBnLayers[0]
    for (const name of [`${conv}.weight`, `${norm}.running_var`, 'rating.output.bias']) {
      expect(want.has(name), name).toBe(true)
    }
    disposeParameters(parameters)
    for (const tensor of [batch.images, batch.labels, batch.weights]) tensor.dispose()
  })

  test('are what measures and asks: a network of them alone says the same', async () => {
    const config = configOf({ averaging: 0.8 })
    const [learner, plain] = [createLearner(config, 3, null), createLearner(configOf({}), 3, null)]
    await train(learner, config, 0, 6)
    const answers = async (asked: TfLearner) => {
      asked.prepareInference()
      return { statistics: await asked.statistics(rgb), ratings: await asked.rate([rgb, rgb.map((v) => 255 - v)]) }
    }
    const averaged = await answers(learner)
    const arrays = await stored(learner)
    plain.load(writeSafetensors(networkOf(arrays)))
    expect(await answers(plain)).toEqual(averaged)
    const last: NamedArrays = new Map([...arrays].filter(([name]) => !name.startsWith('average.')))
    plain.load(writeSafetensors(last))
    expect((await answers(plain)).statistics.confidence).not.toEqual(averaged.statistics.confidence)
    learner.dispose()
    plain.dispose()
  })

  test('go on after a pause as if there had been none, and begin anew in the next round', async () => {
    const config = configOf({ averaging: 0.9, schedule: 'poly', nesterov: true, clipNorm: 5 })
    const [straight, paused] = [createLearner(config, 3, null), createLearner(config, 3, null)]
    await train(straight, config, 0, 5)
    await train(paused, config, 0, 2)
    paused.load(await paused.save())
    await train(paused, config, 2, 3)
    const [want, got] = [await stored(straight), await stored(paused)]
    expect([...got.keys()]).toEqual([...want.keys()])
    for (const [name, { values }] of want) {
      if (engine === 'wasm') expect(got.get(name)?.values, name).toEqual(values)
      else expectClose(got.get(name)?.values ?? [], values, { relative: 1e-3, absolute: 1e-3 }, name)
    }
    await train(paused, config, 0, 1, 2)
    const next = await stored(paused)
    for (const [name, { values }] of networkOf(next)) expect(values, name).toEqual(next.get(name)?.values)
    straight.dispose()
    paused.dispose()
  })

  test('continue in a round that begins with the network of the last', async () => {
    const config = configOf({ averaging: 0.9, warmStart: true })
    const learner = createLearner(config, 3, null)
    await train(learner, config, 0, 3)
    const before = await stored(learner)
    await train(learner, config, 0, 1, 2)
    const after = await stored(learner)
    const averages = [...after.keys()].filter((name) => name.startsWith('average.'))
    expect(averages.length).toBeGreaterThan(100)
    for (const name of averages) {
      const last = after.get(name.slice('average.'.length))?.values ?? []
      const want = Array.from(before.get(name)?.values ?? [], (old, i) => 0.9 * old + 0.1 * last[i])
      expectClose(after.get(name)?.values ?? [], want, { relative: 1e-4, absolute: 1e-6 }, name)
    }
    learner.dispose()
  })

  test('are not there unless asked for', async () => {
    const config = configOf({})
    const learner = createLearner(config, 3, null)
    await train(learner, config, 0, 1)
    expect([...(await stored(learner)).keys()].filter((name) => name.startsWith('average.'))).toEqual([])
    learner.dispose()
  })
})
