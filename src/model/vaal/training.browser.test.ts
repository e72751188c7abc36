/** VAAL's training as a whole: what it tells apart, what it admits, and that it repeats itself and keeps its memory. */
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { describeEngines, describeOn } from '../../../tests/support/engines'
import { defaultConfig } from '../../cpral/presets'
import type { AdversaryConfig } from '../../domain/config'
import type { AdversaryRequest } from '../../loop/learner'
import { randomStream } from '../../math/random'
import { batchDraws } from './batches'
import { disposeNets, makeNets } from './nets'
import { discriminatorStep } from './steps'
import { scoresOf, trainAdversary } from './training'
import { accuracyOf, isCollapsed } from './verdict'

const SIDE = 32

function configOf(adversary: Partial<AdversaryConfig> = {}, seed = 4) {
  const size = { height: 32, width: 32 }
  return defaultConfig({ format: 'generic', source: 'demo', trainImages: 8, imageSize: size }, 'tiny', {
    seed,
    size,
    training: { batchSize: 4 },
    selection: { method: 'vaal' },
    adversary: { imageSide: SIDE, latent: 4, width: 1 / 16, ...adversary },
  })
}

/** A bright band from a column on, four wide, with a little noise. */
function image(first: number, index: number): Uint8Array {
  const random = randomStream(1, 'adversary-test', index)
  return Uint8Array.from({ length: 3 * SIDE ** 2 }, (_, i) => {
    const column = (Math.floor(i / 3) % SIDE) / 2
    return (column < first || column >= first + 4 ? 20 : 180) + random.below(40)
  })
}

function requestOf(images: Uint8Array[], isLabelled: boolean[], steps: number): AdversaryRequest {
  const signal = new AbortController().signal
  return { round: 1, steps, images, isLabelled, ratings: null, onStep: () => {}, signal }
}

const COUNT = 12
const halves = Array.from({ length: COUNT }, (_, i) => i % 2 === 0)
/**
 * The band is left or right, and all images equally bright: each pool passes through batch normalisation in batches of
 * its own, so that in training nobody sees the brightness that all of a pool share, but running statistics show it.
 */
const different = halves.map((isLabelled, i) => image(isLabelled ? i % 4 : 8 + (i % 4), i))
/** Every image is in both pools. */
const same = halves.map((_, i) => image(2 * (i >> 1), i >> 1))

describeOn('training of the adversary', ['wasm'], () => {
  it('tells two pools apart that differ at a glance, where the encoder does not resist', async () => {
    const { adversary, seed } = configOf({ width: 1 / 8 })
    const settings = adversary as AdversaryConfig
    const inputs = { images: different, isLabelled: halves, ratings: null, side: SIDE }
    const nets = makeNets(settings, false, seed, 1)
    const draws = batchDraws(inputs, COUNT / 2, settings.latent, seed, 1)
    for (let step = 0; step < 100; step++) {
      tf.tidy(() => void discriminatorStep(nets, draws.batches(), settings))
    }
    const scores = await scoresOf(nets, inputs)
    disposeNets(nets)
    const accuracy = accuracyOf(scores, halves)
    expect((accuracy.labelled + accuracy.unlabelled) / 2).toBeGreaterThan(0.8)
    expect(isCollapsed(accuracy)).toBe(false)
  })

  it('admits that it collapsed where both pools hold the same images', async () => {
    const { accuracy, scores, ...fared } = await trainAdversary(configOf(), requestOf(same, halves, 10))
    expect((accuracy.labelled + accuracy.unlabelled) / 2).toBeCloseTo(0.5, 6)
    expect(fared.isCollapsed).toBe(true)
    for (let i = 0; i < COUNT; i += 2) expect(Math.abs(scores[i] - scores[i + 1])).toBeLessThan(1e-5)
  })

  it('sees nothing but the rating where the images are the same', async () => {
    const ratings = halves.map((isLabelled, i) => (isLabelled ? 3 : -3) + 0.1 * i)
    const request = { ...requestOf(same, halves, 40), ratings }
    const { accuracy, ...fared } = await trainAdversary(configOf(), request)
    expect(accuracy).toEqual({ labelled: 1, unlabelled: 1 })
    expect(fared.isCollapsed).toBe(false)
  })

  it('scores an image the same whatever is scored beside it', async () => {
    // Seventeen more images of one look begin or end the list: those in front fall into other batches of scores.
    const twins = Array.from({ length: 17 }, () => different[1])
    const images = [...twins, ...different, ...twins]
    const isLabelled = images.map((_, i) => i >= 17 && i < 17 + COUNT && halves[i - 17])
    const { scores } = await trainAdversary(configOf(), requestOf(images, isLabelled, 4))
    const ofTwins = scores.filter((_, i) => images[i] === different[1])
    expect(ofTwins).toHaveLength(35)
    expect(Math.max(...ofTwins) - Math.min(...ofTwins)).toBeLessThan(1e-6)
  })

  it('stops between two steps when it is told to, and keeps no tensor', async () => {
    const before = tf.memory().numTensors
    const controller = new AbortController()
    const onStep = (step: number) => {
      if (step === 3) controller.abort()
    }
    const request = { ...requestOf(different, halves, 24), signal: controller.signal, onStep }
    await expect(trainAdversary(configOf(), request)).rejects.toThrow(/abort/i)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('says where its numbers are no longer finite', async () => {
    const before = tf.memory().numTensors
    const request = { ...requestOf(different, halves, 12), round: 3 }
    await expect(trainAdversary(configOf({ learningRate: Number.NaN }), request)).rejects.toMatchObject({
      code: 'diverged',
      message: expect.stringMatching(/in round 3, steps 1 to 8, a loss became NaN/),
    })
    expect(tf.memory().numTensors).toBe(before)
  })
})

describeEngines('memory of the adversary', () => {
  it('keeps no tensor', async () => {
    const before = tf.memory().numTensors
    const counts: number[] = []
    const onStep = () => counts.push(tf.memory().numTensors)
    await trainAdversary(configOf(), { ...requestOf(different, halves, 16), onStep })
    expect(tf.memory().numTensors).toBe(before)
    // Losses wait to be read for eight steps.
    expect(counts.slice(8, 16)).toEqual(counts.slice(0, 8))
  })
})

describeOn('seeds of the adversary', ['wasm'], () => {
  const train = (seed: number, round: number) =>
    trainAdversary(configOf({}, seed), { ...requestOf(different, halves, 6), round })

  it('gives the same bytes for the same seed and round, and others for others', async () => {
    const first = await train(4, 1)
    expect(await train(4, 1)).toEqual(first)
    expect((await train(5, 1)).scores).not.toEqual(first.scores)
    expect((await train(4, 2)).scores).not.toEqual(first.scores)
  })
})
