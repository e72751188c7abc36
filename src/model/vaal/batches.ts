/** What VAAL's networks are shown: shuffled passes over each pool, a pure function of (seed, round). */
import * as tf from '@tensorflow/tfjs-core'
import { normalizeInto } from '../../loader/images'
import { randomStream } from '../../math/random'
import type { PoolBatch, PoolBatches, PoolNoise } from './steps'

export interface AdversaryInputs {
  /** Copies of all images of the pool: side * side * 3 sRGB bytes each. */
  images: readonly Uint8Array[]
  isLabelled: readonly boolean[]
  ratings: readonly number[] | null
  side: number
}

/**
 * Images as a batch [N, S, S, 3], normalised as for the segmentation network: VAAL's autoencoder, too, was shown
 * normalised images, and its squared error only weighs as published against the divergence where their variance is
 * about 1.
 */
export function imageBatch({ images, side }: AdversaryInputs, indices: readonly number[]): tf.Tensor4D {
  const numbers = 3 * side ** 2
  const values = new Float32Array(indices.length * numbers)
  indices.forEach((index, n) => {
    normalizeInto(values, n * numbers, images[index])
  })
  return tf.tensor4d(values, [indices.length, side, side, 3])
}

/** Ratings as a batch [N, 1]; null without ratings. */
export function ratingBatch({ ratings }: AdversaryInputs, indices: readonly number[]): tf.Tensor2D | null {
  return (
    ratings &&
    tf.tensor2d(
      indices.map((index) => ratings[index]),
      [indices.length, 1],
    )
  )
}

/** Gives the next of `items`, pass after pass, each pass shuffled anew. */
function shuffledPasses(items: readonly number[], seed: number, name: string, round: number): () => number {
  let [pass, left] = [0, [] as number[]]
  return () => {
    if (left.length === 0) left = randomStream(seed, name, round, pass++).shuffle(items)
    return left.pop() as number
  }
}

/** Draws the batches and the noise of one step after another. What it returns belongs to the caller. */
export function batchDraws(inputs: AdversaryInputs, batchSize: number, latent: number, seed: number, round: number) {
  const { isLabelled } = inputs
  const indicesOf = (pool: boolean) => [...isLabelled.keys()].filter((index) => isLabelled[index] === pool)
  const next = {
    labelled: shuffledPasses(indicesOf(true), seed, 'adversary-labelled', round),
    unlabelled: shuffledPasses(indicesOf(false), seed, 'adversary-unlabelled', round),
  }
  const random = randomStream(seed, 'adversary-noise', round)
  const batch = (pool: keyof PoolBatches): PoolBatch => {
    const indices = Array.from({ length: batchSize }, next[pool])
    return { images: imageBatch(inputs, indices), ratings: ratingBatch(inputs, indices) }
  }
  const normal = () => {
    const values = Float32Array.from({ length: batchSize * latent }, () => random.normal())
    return tf.tensor2d(values, [batchSize, latent])
  }
  return {
    batches: (): PoolBatches => ({ labelled: batch('labelled'), unlabelled: batch('unlabelled') }),
    noise: (): PoolNoise => ({ labelled: normal(), unlabelled: normal() }),
  }
}
