/**
 * One epoch over the labelled pool: order, batches, schedule of the learning rate (the paper's Implementation details).
 * A pure function of (seed, round, epoch).
 */
import * as tf from '@tensorflow/tfjs-core'
import type { CpralConfig } from '../domain/config'
import { PROVENANCE } from '../domain/labels'
import { settle } from '../gpu/paced-backend'
import type { EpochRequest, EpochResult } from '../loop/learner'
import { hashString, hashWords, randomStream } from '../math/random'
import { requireFiniteLoss } from './divergence'
import type { ActiveDropout } from './executors'
import { makeBatch } from './images'
import type { DropoutLayer } from './layers'
import type { Network } from './network'
import { nextTask } from './next-task'
import type { Parameters } from './parameters'
import { trainStep } from './train-step'

/** Steps between two reads of the loss: each read waits for the device. */
const STEPS_PER_READ = 8

/** Shuffled image ids, padded by repetition to full batches. */
export function epochOrder(
  imageIds: string[],
  batchSize: number,
  seed: number,
  round: number,
  epoch: number,
): string[] {
  const random = randomStream(seed, 'epoch-order', round, epoch)
  const order = random.shuffle(imageIds)
  const padded = [...order]
  while (padded.length % batchSize !== 0) padded.push(order[(padded.length - order.length) % order.length] as string)
  return padded
}

export async function trainEpoch(
  network: Network,
  parameters: Parameters,
  config: CpralConfig,
  request: EpochRequest,
): Promise<EpochResult> {
  const { training, seed } = config
  const { round, epoch } = request
  const order = epochOrder(request.imageIds, training.batchSize, seed, round, epoch)
  const steps = Math.min(order.length / training.batchSize, request.maxSteps)
  const isDropped = epoch >= Math.round(training.learningRateDropAt * training.epochs)
  const learningRate = training.learningRate * (isDropped ? training.learningRateDrop : 1)
  const areTapsDetached = epoch >= Math.round(training.ratingDetachAt * training.epochs)
  const pending: tf.Scalar[] = []
  let lossSum = 0
  try {
    for (let step = 0; step < steps; step++) {
      request.signal.throwIfAborted()
      const ids = order.slice(step * training.batchSize, (step + 1) * training.batchSize)
      const samples = await Promise.all(ids.map((id) => request.sample(id)))
      const random = randomStream(seed, 'augmentation', round, epoch, step)
      const batch = makeBatch(samples, config.size, training, PROVENANCE.extended, random)
      const dropout: ActiveDropout = {
        layers: trainingDropouts(config),
        seed: hashWords(seed, hashString('training-dropout'), round, epoch),
        firstPass: step * training.batchSize,
      }
      pending.push(trainStep(network, parameters, batch, { config: training, learningRate, dropout, areTapsDetached }))
      tf.dispose([batch.images, batch.labels, batch.weights])
      if (pending.length === STEPS_PER_READ || step === steps - 1) {
        const first = step + 2 - pending.length
        const sum = await readSum(pending)
        requireFiniteLoss(sum, { request, training, first, last: step + 1, learningRate })
        lossSum += sum
      }
      request.onStep(step + 1, steps)
      await settle()
      // Lets a pause arrive between two steps.
      await nextTask()
    }
  } finally {
    tf.dispose(pending)
  }
  return { loss: lossSum / steps, steps }
}

/** Dropouts that are active in training. */
export function trainingDropouts(config: CpralConfig): DropoutLayer[] {
  const always: DropoutLayer[] = ['aspp', 'decoderFirst', 'decoderLast']
  return config.monteCarlo.dropout === 'encoder' ? ['encoderHigh', 'encoderLow', ...always] : always
}

/** The sum of the losses in `pending`, which it disposes and empties. */
async function readSum(pending: tf.Scalar[]): Promise<number> {
  const losses = pending.splice(0)
  const total = tf.tidy(() => tf.addN(losses))
  const [sum] = await total.data()
  tf.dispose([total, ...losses])
  return sum as number
}
