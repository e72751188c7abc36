/**
 * One epoch of a round's training: its steps, and the schedule of the learning rate (the paper's Implementation details).
 * A pure function of seed, round, epoch and batches.
 */
import * as tf from '@tensorflow/tfjs-core'
import { METHODS } from '../cpral/methods'
import type { CpralConfig } from '../domain/config'
import { settle } from '../gpu/paced-backend'
import { cropSize } from '../loader/crop'
import type { EpochRequest, EpochResult } from '../loop/learner'
import { hashString, hashWords } from '../math/random'
import { requireFiniteLoss } from './divergence'
import type { ActiveDropout } from './executors'
import { batchTensors } from './images'
import type { DropoutLayer } from './layers'
import { learningRateAt } from './learning-rate'
import type { Network } from './network'
import { nextTask } from './next-task'
import type { Parameters } from './parameters'
import { trainStep } from './train-step'

/** Steps between two reads of the loss: each read waits for the device. */
const STEPS_PER_READ = 8

export async function trainEpoch(
  network: Network,
  parameters: Parameters,
  config: CpralConfig,
  request: EpochRequest,
): Promise<EpochResult> {
  const { training, seed } = config
  const { round, epoch, epochs, firstStep, steps, roundSteps } = request
  const isContinued = training.warmStart && round > 1
  const learningRate = (done: number) =>
    learningRateAt(training, { epoch, epochs, roundStep: firstStep + done, roundSteps, isContinued })
  const inputSize = cropSize(config.size, training)
  const areTapsDetached = epoch >= Math.round(training.ratingDetachAt * epochs)
  const pending: tf.Scalar[] = []
  let [lossSum, labelledPixels] = [0, 0]
  try {
    for (let done = 0; done < steps; done++) {
      request.signal.throwIfAborted()
      const arrays = await request.batch(firstStep + done)
      const { pass, step } = arrays
      const batch = batchTensors(arrays, inputSize)
      labelledPixels += arrays.labelledPixels
      const dropout: ActiveDropout = {
        layers: trainingDropouts(config),
        seed: hashWords(seed, hashString('training-dropout'), round, pass),
        firstPass: step * training.batchSize,
        factor: training.dropoutFactor ?? 1,
      }
      const { ratingLoss } = METHODS[config.selection.method]
      const settings = {
        config: training,
        learningRate: learningRate(done),
        roundStep: firstStep + done,
        isContinued,
        dropout,
        areTapsDetached,
        ratingLoss,
      }
      pending.push(trainStep(network, parameters, batch, settings))
      tf.dispose([batch.images, batch.labels, batch.weights])
      if (pending.length === STEPS_PER_READ || done === steps - 1) {
        const first = done + 2 - pending.length
        const sum = await readSum(pending)
        const learningRates = [learningRate(first - 1), learningRate(done)] as const
        requireFiniteLoss(sum, { request, training, first, last: done + 1, learningRates })
        lossSum += sum
      }
      request.onStep(done + 1)
      await settle()
      // Lets a pause arrive between two steps.
      await nextTask()
    }
  } finally {
    tf.dispose(pending)
  }
  return { loss: lossSum / steps, labelledPixels }
}

/** Dropouts that are active in training. */
export function trainingDropouts(config: CpralConfig): DropoutLayer[] {
  if (config.training.dropoutFactor === 0) return []
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
