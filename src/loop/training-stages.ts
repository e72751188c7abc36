/**
 * Stages 'train' and 'evaluate': the network learns from the labelled images, then its mIoU is measured on the
 * validation images.
 */

import { addToConfusion, emptyConfusion, evaluation } from '../cpral/metrics'
import { AppError } from '../domain/errors'
import { startProgress } from '../domain/progress'
import { quantize } from '../math/quantize'
import type { TrainingSample } from './learner'
import type { RoundContext } from './round-context'

/**
 * Number of validation images whose maps are kept each round, so that one image can be compared over the rounds (Fig.
 * 9).
 */
const SHOWN_VALIDATION_IMAGES = 6

/** Continues from the checkpoint when it is of this round; saves one after every epoch. */
export async function trainStage(context: RoundContext): Promise<void> {
  const { config, learner, record, store, signal } = context
  const { epochs } = config.training
  const firstEpoch = await restore(context)
  const budget = stepBudget(context)
  const stepsPerEpoch = Math.ceil(record.trainImages.length / config.training.batchSize)
  // With a capped number of steps, every epoch gets its even share.
  const stepsUntil = (epoch: number) => Math.floor((budget * epoch) / epochs)
  const stepsOf = (epoch: number) => Math.min(stepsPerEpoch, stepsUntil(epoch + 1) - stepsUntil(epoch))
  // The record may be an epoch ahead of the checkpoint: that epoch is done again.
  record.losses = record.losses.slice(0, firstEpoch)
  record.steps = record.losses.reduce((steps, _, epoch) => steps + stepsOf(epoch), 0)
  const report = startProgress(context.onProgress, 'train', epochs * stepsPerEpoch, firstEpoch * stepsPerEpoch)
  const sample = sampleReader(context)
  for (let epoch = firstEpoch; epoch < epochs; epoch++) {
    const start = performance.now()
    const loss = record.losses.at(-1)
    const { loss: epochLoss, steps } = await learner.trainEpoch({
      round: record.index,
      epoch,
      maxSteps: stepsOf(epoch),
      imageIds: record.trainImages,
      sample,
      signal,
      onStep: (step) => report(epoch * stepsPerEpoch + step, loss === undefined ? {} : { loss }),
    })
    record.losses.push(epochLoss)
    record.steps += steps
    context.addSeconds('train', performance.now() - start)
    await context.commit()
    await store.saveCheckpoint({ round: record.index, epoch: epoch + 1, bytes: await learner.save() })
  }
}

/** Puts the learner where the run stopped; returns the number of epochs of this round that are done. */
async function restore({ config, learner, record, store }: RoundContext): Promise<number> {
  const checkpoint = await store.loadCheckpoint()
  const isOfThisRound = checkpoint?.round === record.index
  if (checkpoint && (isOfThisRound || config.training.warmStart)) learner.load(checkpoint.bytes)
  else learner.reset()
  return checkpoint && isOfThisRound ? checkpoint.epoch : 0
}

/**
 * Training steps that this round may take: unlimited, or as many as training on whole images of the labelled share
 * would take.
 */
function stepBudget({ config, record }: RoundContext): number {
  const { batchSize, epochs, equalSteps } = config.training
  if (!equalSteps) return Number.MAX_SAFE_INTEGER
  const imageAreas = record.labelledPixels / (config.size.height * config.size.width)
  return Math.max(epochs, Math.ceil(imageAreas / batchSize) * epochs)
}

function sampleReader({ store }: RoundContext): (imageId: string) => Promise<TrainingSample> {
  return async (imageId) => {
    const [rgb, labels] = await Promise.all([store.rgb(imageId), store.labels(imageId)])
    if (!labels) throw new Error(`Image ${imageId} is in D without labels`)
    return { rgb, classes: labels.classes, provenance: labels.provenance }
  }
}

/**
 * Gives the learner the round's trained network, folded for inference. It is always read from the checkpoint, so that a
 * run that was interrupted here computes with the very numbers of one that was not.
 */
export async function readyForInference(context: RoundContext): Promise<void> {
  if (context.isReadyForInference) return
  const { learner, record, store } = context
  const checkpoint = await store.loadCheckpoint()
  if (checkpoint?.round !== record.index) {
    throw new AppError('internal', `Round ${record.index} has no trained network to continue with.`, 'Start a new run.')
  }
  learner.load(checkpoint.bytes)
  learner.prepareInference()
  context.isReadyForInference = true
}

/** Without a pixel of ground truth to measure by, the round has no evaluation. */
export async function evaluateStage(context: RoundContext): Promise<void> {
  const { classCount, config, learner, record, run, store, signal } = context
  if (store.validation.length === 0) return
  const start = performance.now()
  await readyForInference(context)
  const confusion = emptyConfusion(classCount)
  const shown = evenlySpaced(store.validation.length, SHOWN_VALIDATION_IMAGES)
  const report = startProgress(context.onProgress, 'evaluate', store.validation.length)
  for (const [i, { id, name }] of store.validation.entries()) {
    signal.throwIfAborted()
    const statistics = await learner.statistics(await store.rgb(id))
    addToConfusion(confusion, await store.groundTruth(id), statistics.prediction, classCount)
    if (shown.has(i)) {
      await store.commitLayers({
        runId: run.id,
        round: record.index,
        imageId: id,
        size: config.size,
        prediction: statistics.prediction,
        entropy: quantize(statistics.entropy),
        attention: null,
      })
    }
    report(i + 1, { image: name })
  }
  record.evaluation = confusion.some((pixels) => pixels > 0) ? evaluation(confusion) : null
  context.addSeconds('evaluate', performance.now() - start)
}

/** `wanted` indices spread over 0..count-1: neighbouring frames of a video look alike. */
function evenlySpaced(count: number, wanted: number): Set<number> {
  const length = Math.min(count, wanted)
  return new Set(Array.from({ length }, (_, k) => Math.floor((k * count) / length)))
}
