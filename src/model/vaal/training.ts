/**
 * VAAL and TA-VAAL in a round: both networks are trained anew, then every image of the pool is scored. Nothing of them
 * touches the segmentation network, so that training them after it comes to the same as VAAL's joint loop: for each of
 * its steps two of the autoencoder and one of the discriminator. (TA-VAAL trains them afterwards in the original, too.)
 */
import * as tf from '@tensorflow/tfjs-core'
import type { AdversaryConfig, CpralConfig } from '../../domain/config'
import { AppError } from '../../domain/errors'
import { settle } from '../../gpu/paced-backend'
import type { AdversaryRequest, AdversaryResult } from '../../loop/learner'
import { nextTask } from '../next-task'
import { type AdversaryInputs, batchDraws, imageBatch, ratingBatch } from './batches'
import { disposeNets, makeNets, type Nets } from './nets'
import { discriminate, encode, inferenceNorm } from './networks'
import { autoencoderStep, discriminatorStep, type PoolBatches, type PoolNoise, rated } from './steps'
import { accuracyOf, isCollapsed, meanLosses } from './verdict'

/** Steps between two reads of the losses: each read waits for the device. */
const STEPS_PER_READ = 8
/** Images that are scored at once; with running statistics none sees the others. */
const SCORED_TOGETHER = 16

/** @throws AppError 'diverged' when a loss or a score is no longer a finite number */
export async function trainAdversary(config: CpralConfig, request: AdversaryRequest): Promise<AdversaryResult> {
  const adversary = adversaryOf(config)
  const { round, steps, isLabelled, ratings, signal } = request
  const inputs: AdversaryInputs = { ...request, side: adversary.imageSide }
  const draws = batchDraws(inputs, config.training.batchSize, adversary.latent, config.seed, round)
  const nets = makeNets(adversary, ratings !== null, config.seed, round)
  const [pending, losses]: [tf.Tensor1D[], number[][]] = [[], []]
  try {
    for (let step = 0; step < steps; step++) {
      signal.throwIfAborted()
      pending.push(adversaryStep(nets, draws, adversary))
      if (pending.length === STEPS_PER_READ || step === steps - 1) {
        const first = step + 2 - pending.length
        const rows = await readRows(pending)
        requireFinite(rows, `steps ${first} to ${step + 1}, a loss`, round, adversary)
        losses.push(...rows)
      }
      request.onStep(step + 1, steps)
      await settle()
      // Lets a pause arrive between two steps.
      await nextTask()
    }
    const scores = await scoresOf(nets, inputs)
    requireFinite([scores], `after step ${steps}, the discriminator's answer`, round, adversary)
    const accuracy = accuracyOf(scores, isLabelled)
    return { steps, losses: meanLosses(losses), accuracy, isCollapsed: isCollapsed(accuracy), scores }
  } finally {
    tf.dispose(pending)
    disposeNets(nets)
  }
}

/** One step of each kind and a batch of scores, for `compileAhead`. */
export function rehearseAdversary(config: CpralConfig, isRated: boolean): void {
  const adversary = adversaryOf(config)
  const image = new Uint8Array(3 * adversary.imageSide ** 2)
  const images = [image, image]
  const inputs = { images, isLabelled: [true, false], ratings: isRated ? [0, 0] : null, side: adversary.imageSide }
  const draws = batchDraws(inputs, config.training.batchSize, adversary.latent, config.seed, 0)
  const nets = makeNets(adversary, isRated, config.seed, 0)
  adversaryStep(nets, draws, { ...adversary, autoencoderSteps: 1 }).dispose()
  scoreBatch(nets, inputs, Array<number>(SCORED_TOGETHER).fill(0)).dispose()
  disposeNets(nets)
}

function adversaryOf({ adversary, selection }: CpralConfig): AdversaryConfig {
  if (!adversary) throw new Error(`A run of ${selection.method} without settings for it`)
  return adversary
}

interface Draws {
  batches(): PoolBatches
  noise(): PoolNoise
}

/**
 * `autoencoderSteps` steps of the autoencoder, each on new batches, and one of the discriminator on the last of them.
 * @returns reconstruction, divergence, adversarial and discriminator loss: [4], which belongs to the caller
 */
export function adversaryStep(nets: Nets, draws: Draws, config: AdversaryConfig): tf.Tensor1D {
  return tf.tidy(() => {
    const rows: tf.Tensor1D[] = []
    let batches = draws.batches()
    for (let step = 0; step < config.autoencoderSteps; step++) {
      if (step > 0) batches = draws.batches()
      const { reconstruction, divergence, adversarial } = autoencoderStep(nets, batches, draws.noise(), config)
      rows.push(tf.stack([reconstruction, divergence, adversarial]) as tf.Tensor1D)
      tf.dispose([reconstruction, divergence, adversarial])
    }
    const discriminator = tf.reshape(discriminatorStep(nets, batches, config), [1])
    return tf.concat([tf.div(tf.addN(rows), rows.length) as tf.Tensor1D, discriminator as tf.Tensor1D])
  })
}

/** The rows in `pending`, which it disposes and empties. */
async function readRows(pending: tf.Tensor1D[]): Promise<number[][]> {
  const taken = pending.splice(0)
  const width = taken[0].size
  const whole = tf.tidy(() => tf.concat(taken))
  const values = await whole.data()
  tf.dispose([whole, ...taken])
  return taken.map((_, i) => [...values.slice(i * width, (i + 1) * width)])
}

/** The discriminator's probability that each image is labelled; running statistics, as a score must not depend on a batch. */
export async function scoresOf(nets: Nets, inputs: AdversaryInputs): Promise<number[]> {
  const parts: tf.Tensor1D[] = []
  try {
    for (let first = 0; first < inputs.images.length; first += SCORED_TOGETHER) {
      const count = Math.min(SCORED_TOGETHER, inputs.images.length - first)
      const indices = Array.from({ length: count }, (_, i) => first + i)
      parts.push(scoreBatch(nets, inputs, indices))
      await settle()
    }
    const whole = tf.tidy(() => tf.concat(parts))
    const scores = await whole.data()
    whole.dispose()
    return [...scores]
  } finally {
    tf.dispose(parts)
  }
}

function scoreBatch({ autoencoder, discriminator }: Nets, inputs: AdversaryInputs, indices: number[]): tf.Tensor1D {
  return tf.tidy(() => {
    const normalize = inferenceNorm(autoencoder.lookup, autoencoder.running)
    const { mu } = encode(autoencoder.lookup, normalize, imageBatch(inputs, indices))
    const logits = discriminate(discriminator.lookup, rated(mu, ratingBatch(inputs, indices)))
    return tf.reshape(tf.sigmoid(logits), [indices.length]) as tf.Tensor1D
  })
}

function requireFinite(rows: number[][], where: string, round: number, { learningRate }: AdversaryConfig): void {
  const wrong = rows.flat().find((value) => !Number.isFinite(value))
  if (wrong === undefined) return
  throw new AppError(
    'diverged',
    `VAAL's networks diverged: in round ${round}, ${where} became ${wrong} at a learning rate of ${learningRate}.`,
    `Start a run with another seed, or with a learning rate of the adversary below ${learningRate}.`,
  )
}
