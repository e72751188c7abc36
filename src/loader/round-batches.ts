/** The batches of a round's training: a pure function of (seed, round, step) and of the labels. */
import type { CpralConfig } from '../domain/config'
import { randomStream } from '../math/random'
import { type BatchArrays, stackSamples, type TrainingSample } from './batch'
import { batchOrder } from './batch-order'

export interface RoundImages {
  round: number
  /**
   * Labelled images in project order. Steps go through them again and again, shuffled anew each time and padded to full
   * batches; where an epoch ends says nothing about where such a pass does.
   */
  imageIds: readonly string[]
  sample(imageId: string): Promise<TrainingSample>
}

/** Gives the batch of any step of a round, steps from 0. */
export function roundBatches(
  { seed, size, training }: Pick<CpralConfig, 'seed' | 'size' | 'training'>,
  { round, imageIds, sample }: RoundImages,
): (roundStep: number) => Promise<BatchArrays> {
  const placeOf = batchOrder(imageIds, training.batchSize, seed, round)
  return async (roundStep) => {
    const { ids, pass, step } = placeOf(roundStep)
    const samples = await Promise.all(ids.map(sample))
    const random = randomStream(seed, 'augmentation', round, pass, step)
    return { ...stackSamples(samples, size, training, random), pass, step }
  }
}
