/** VAAL and TA-VAAL against PyTorch on each engine: tests/golden/make_vaal.py. */
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import golden from '../../../tests/golden/vaal.json'
import { describeEngines } from '../../../tests/support/engines'
import { norm, uniform } from '../../../tests/support/golden-network'
import { expectClose } from '../../../tests/support/numbers'
import type { AdversaryConfig } from '../../domain/config'
import { readBlock } from '../../kernels/arena/block'
import type { BatchStatistics } from '../executors'
import { rankerLoss } from '../rating-head'
import { disposeNets, makeNet, type Net, type Nets } from './nets'
import {
  autoencoderSpecs,
  decode,
  discriminate,
  discriminatorSpecs,
  encode,
  inferenceNorm,
  trainingNorm,
} from './networks'
import { autoencoderLosses, discriminatorLoss, type PoolBatch, type PoolBatches, type PoolNoise, rated } from './steps'
import { adversaryStep } from './training'

const CONFIG: AdversaryConfig = {
  imageSide: 32,
  latent: 5,
  width: 1 / 16,
  beta: 1,
  learningRate: 5e-4,
  clipNorm: 5,
  autoencoderSteps: 2,
  steps: null,
}
const BATCH = 3
const STEPS = 10

interface Sample {
  norm: number
  some: number[]
}
type Samples = Record<string, Sample | undefined>

function goldenNets(isRated: boolean): Nets {
  const boundOf = { filter: 6, dense: 1 } as Record<string, number>
  const make = (specs: ReturnType<typeof autoencoderSpecs>) =>
    makeNet(specs, ({ name, kind, shape, fanIn }) => {
      const bound = kind in boundOf ? Math.sqrt(boundOf[kind] / fanIn) : kind === 'scale' ? 0.2 : 0.1
      const offset = kind === 'scale' ? 1 : 0
      return uniform(name, tf.util.sizeFromShape(shape)).map((value) => value * bound + offset)
    })
  return {
    autoencoder: make(autoencoderSpecs(CONFIG, isRated)),
    discriminator: make(discriminatorSpecs(CONFIG, isRated)),
  }
}

function goldenBatch(pool: keyof PoolBatches, index: number, isRated: boolean): PoolBatch {
  const offset = pool === 'labelled' ? 0 : 0.5
  const name = `${pool}.${index}`
  const images = uniform(`images.${name}`, BATCH * 32 * 32 * 3).map((value) => value + offset)
  const ratings = uniform(`ratings.${name}`, BATCH).map((value) => 3 * value)
  return {
    images: tf.tensor4d(images, [BATCH, 32, 32, 3]),
    ratings: isRated ? tf.tensor2d(ratings, [BATCH, 1]) : null,
  }
}

const goldenBatches = (index: number, isRated: boolean): PoolBatches => ({
  labelled: goldenBatch('labelled', index, isRated),
  unlabelled: goldenBatch('unlabelled', index, isRated),
})

function goldenNoise(index: number): PoolNoise {
  const of = (pool: string) =>
    tf.tensor2d(
      uniform(`noise.${pool}.${index}`, BATCH * CONFIG.latent).map((value) => 2 * value),
      [BATCH, CONFIG.latent],
    )
  return { labelled: of('labelled'), unlabelled: of('unlabelled') }
}

/** Compares the norm and four entries; both as shares of the norm. */
function expectSample(got: ArrayLike<number>, want: Sample, tolerance: number, what: string): void {
  expect(Math.abs(norm(got) - want.norm), `norm of ${what}`).toBeLessThanOrEqual(tolerance * want.norm + 1e-6)
  want.some.forEach((value, i) => {
    const place = Math.floor((i * got.length) / 4)
    expect(Math.abs(got[place] - value), `${what}[${place}]`).toBeLessThanOrEqual(tolerance * want.norm + 1e-6)
  })
}

/** The loss, and its gradients by every array of the net that it depends on. */
async function expectGradients(net: Net, lossFunction: () => tf.Scalar, loss: number, want: Samples): Promise<void> {
  const variables = net.specs.map(({ name }) => net.values.get(name) as tf.Variable)
  const { value, grads } = tf.variableGrads(lossFunction, variables)
  expectClose(await value.data(), [loss], { relative: 1e-5 })
  for (const [i, { name }] of net.specs.entries()) {
    const gradient = grads[variables[i].name] as tf.Tensor | undefined
    const sample = want[name]
    expect(Boolean(gradient), `${name} has a gradient`).toBe(sample !== undefined)
    if (gradient && sample) expectSample(await gradient.data(), sample, 1e-3, `gradient of ${name}`)
  }
  tf.dispose([value, grads])
}

function disposeStatistics(statistics: BatchStatistics[]): void {
  tf.dispose(statistics.flatMap(({ mean, variance }) => [mean, variance]))
}

describeEngines('adversary', () => {
  for (const [name, isRated, want] of [
    ['VAAL', false, golden.vaal],
    ['TA-VAAL', true, golden.taVaal],
  ] as const) {
    describe(name, () => {
      it('encodes, decodes and judges like PyTorch', async () => {
        const nets = goldenNets(isRated)
        const { autoencoder, discriminator } = nets
        const { images, ratings } = goldenBatch('labelled', 0, isRated)
        const statistics: BatchStatistics[] = []
        const normalize = trainingNorm(autoencoder.lookup, statistics)
        const noise = goldenNoise(0).labelled
        const { mu, logvar } = encode(autoencoder.lookup, normalize, images)
        const seen = ratings ? (tf.concat([noise, tf.sigmoid(ratings)], 1) as tf.Tensor2D) : noise
        const decoded = decode(autoencoder.lookup, normalize, seen)
        const answer = tf.sigmoid(discriminate(discriminator.lookup, rated(noise, ratings)))
        expectClose(await mu.data(), want.forward.mu, { absolute: 1e-5 })
        expectClose(await logvar.data(), want.forward.logvar, { absolute: 1e-5 })
        expect(decoded.shape).toEqual([BATCH, 32, 32, 3])
        expectSample(await decoded.data(), want.forward.decoded, 1e-5, 'decoded')
        expectClose(await answer.data(), want.forward.answer, { absolute: 1e-5 })
        disposeStatistics(statistics)
        disposeNets(nets)
      })

      it('has every loss and every gradient of PyTorch', async () => {
        const nets = goldenNets(isRated)
        const [batches, noise] = [goldenBatches(0, isRated), goldenNoise(0)]
        const statistics: BatchStatistics[][] = []
        for (const part of ['reconstruction', 'divergence', 'adversarial'] as const) {
          const lossFunction = () => autoencoderLosses(nets, batches, noise, statistics)[part]
          await expectGradients(nets.autoencoder, lossFunction, want.losses[part], want.gradients[part])
        }
        const codes = [batches.labelled, batches.unlabelled].map(({ images, ratings }) =>
          rated(encode(nets.autoencoder.lookup, trainingNorm(nets.autoencoder.lookup, []), images).mu, ratings),
        )
        const lossFunction = () => discriminatorLoss(nets, codes[0], codes[1])
        await expectGradients(nets.discriminator, lossFunction, want.losses.discriminator, want.gradients.discriminator)
        disposeStatistics(statistics.flat())
        disposeNets(nets)
      })

      it('takes ten steps like PyTorch, and scores in evaluation mode', async () => {
        const nets = goldenNets(isRated)
        let [batch, noise] = [0, 0]
        const draws = { batches: () => goldenBatches(batch++, isRated), noise: () => goldenNoise(noise++) }
        for (let step = 0; step < STEPS; step++) {
          const losses = adversaryStep(nets, draws, CONFIG)
          // Adam's first steps divide gradients near zero by themselves, which magnifies their rounding.
          expectClose(await losses.data(), want.steps[step], { relative: 5e-3, absolute: 1e-3 }, `step ${step + 1}`)
          losses.dispose()
        }
        expect([batch, noise]).toEqual([2 * STEPS, 2 * STEPS])
        const { autoencoder, discriminator } = nets
        const scores = (['labelled', 'unlabelled'] as const).map((pool) => {
          const { images, ratings } = goldenBatch(pool, 99, isRated)
          const normalize = inferenceNorm(autoencoder.lookup, autoencoder.running)
          const { mu } = encode(autoencoder.lookup, normalize, images)
          return tf.sigmoid(discriminate(discriminator.lookup, rated(mu, ratings)))
        })
        expectClose(await tf.concat(scores).data(), want.scores, { absolute: 5e-3 }, 'scores')
        for (const net of [autoencoder, discriminator]) {
          const values = await readBlock(net.arena.values)
          for (const [i, { name }] of net.specs.entries()) {
            const sample = (want.parameters as Samples)[name] as Sample
            expect(Math.abs(norm(values[i]) - sample.norm), name).toBeLessThanOrEqual(2e-3 * sample.norm + 1e-4)
          }
        }
        const running = await readBlock(autoencoder.arena.running)
        Object.entries(want.running).forEach(([name, norms]) => {
          const place = [...autoencoder.running.keys()].indexOf(name)
          expectClose([norm(running[2 * place]), norm(running[2 * place + 1])], norms, { relative: 5e-3 }, name)
        })
        disposeNets(nets)
      })
    })
  }

  it("has PyTorch's loss and gradient of the ranker", async () => {
    for (const { images, loss, gradient } of golden.ranker) {
      const ratings = tf.tensor1d(uniform(`ranker.ratings.${images}`, images).map((value) => 3 * value))
      const losses = tf.tensor1d(uniform(`ranker.losses.${images}`, images))
      const isValid = new Array<boolean>(images).fill(true)
      const { value, grad } = tf.valueAndGrad((x) => rankerLoss(x as tf.Tensor1D, losses, isValid))(ratings)
      expectClose(await value.data(), [loss])
      expectClose(await grad.data(), gradient)
    }
  })
})
