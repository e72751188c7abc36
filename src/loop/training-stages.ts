/**
 * Stages 'train' and 'evaluate': the network learns from the labelled images, then its mIoU is measured on the
 * validation images.
 */

import { addToConfusion, emptyConfusion, evaluation } from '../cpral/metrics'
import type { CpralConfig } from '../domain/config'
import { AppError } from '../domain/errors'
import { startProgress } from '../domain/progress'
import type { RoundRecord } from '../domain/round'
import type { BatchSource } from '../loader/batch-source'
import { quantize } from '../math/quantize'
import type { RoundContext } from './round-context'

/**
 * Number of validation images whose maps are kept each round, so that one image can be compared over the rounds (Fig.
 * 9).
 */
const SHOWN_VALIDATION_IMAGES = 6

/** Continues from the checkpoint when it is of this round; saves one after every epoch. */
export async function trainStage(context: RoundContext): Promise<void> {
  const { config, record, store } = context
  const firstEpoch = await restore(context)
  const { steps, epochs } = roundSteps(config, record)
  const { seed, size, training } = config
  const imageIds = record.trainImages
  const batches = store.batches({ rules: { seed, size, training }, round: record.index, imageIds, steps })
  try {
    await trainEpochs(context, { firstEpoch, epochs, steps }, batches)
  } finally {
    batches.close()
  }
}

interface Plan {
  firstEpoch: number
  epochs: number
  steps: number
}

async function trainEpochs(context: RoundContext, { firstEpoch, epochs, steps }: Plan, batches: BatchSource) {
  const { learner, record, store, signal } = context
  // Every epoch gets its even share; without a fixed number or a cap that is one pass over the images.
  const stepsBefore = (epoch: number) => Math.floor((steps * epoch) / epochs)
  // The record may be an epoch ahead of the checkpoint: that epoch is done again.
  record.losses = record.losses.slice(0, firstEpoch)
  record.steps = stepsBefore(firstEpoch)
  const seen = labelledSeen(record, firstEpoch)
  const report = startProgress(context.onProgress, 'train', steps, record.steps)
  for (let epoch = firstEpoch; epoch < epochs; epoch++) {
    const start = performance.now()
    const loss = record.losses.at(-1)
    const [firstStep, end] = [stepsBefore(epoch), stepsBefore(epoch + 1)]
    const result = await learner.trainEpoch({
      round: record.index,
      epoch,
      epochs,
      firstStep,
      steps: end - firstStep,
      roundSteps: steps,
      batch: batches.batch,
      signal,
      onStep: (step) => report(firstStep + step, loss === undefined ? {} : { loss }),
    })
    record.losses.push(result.loss)
    seen?.push(result.labelledPixels)
    record.steps = end
    context.addSeconds('train', performance.now() - start)
    await context.commit()
    await store.saveCheckpoint({ round: record.index, epoch: epoch + 1, bytes: await learner.save() })
  }
}

/** Where the labelled pixels of further epochs are noted; null where those of the first ones are not known. */
function labelledSeen(record: RoundRecord, epochsDone: number): number[] | null {
  const seen = (record.labelledSeen ?? []).slice(0, epochsDone)
  if (seen.length < epochsDone) return null
  record.labelledSeen = seen
  return seen
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
 * Training steps of a round, and the epochs that they are divided into: fixed ones, of which a warm start may need fewer; or a pass over the images an epoch,
 * with `equalSteps` at most as many steps as whole images of the labelled share would take.
 */
export function roundSteps(
  { size, training }: Pick<CpralConfig, 'size' | 'training'>,
  { index, trainImages, labelledPixels }: Pick<RoundRecord, 'index' | 'trainImages' | 'labelledPixels'>,
): { steps: number; epochs: number } {
  const { batchSize, epochs, equalSteps, warmStart } = training
  const passes = Math.ceil(trainImages.length / batchSize) * epochs
  const imageAreas = labelledPixels / (size.height * size.width)
  const cap = equalSteps ? Math.max(1, Math.floor((imageAreas / batchSize) * epochs)) : passes
  const warmSteps = warmStart && index > 1 ? training.warmSteps : null
  const steps = training.steps ? (warmSteps ?? training.steps) : Math.min(passes, cap)
  return { steps, epochs: Math.min(epochs, steps) }
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
