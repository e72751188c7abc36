/** Scores of whole images: the panoptic step of the compared methods (paper, Experiments, "Baselines"). */
import { randomStream } from '../math/random'

/** Mean over pixels: of softmax entropy, of the largest probability (confidence), of p1 - p2 (margin). */
export function meanScore(map: Float32Array): number {
  return sumScore(map) / map.length
}

/** Sum over pixels: MC Dropout sums the soft vote entropy of m passes. */
export function sumScore(map: Float32Array): number {
  let sum = 0
  for (const value of map) sum += value
  return sum
}

/** Random: uniform in [0, 1), a function of the seed, the round and the image's position in the project. */
export function randomImageScore(seed: number, round: number, order: number): number {
  return randomStream(seed, 'random-image', round, order).next()
}

/**
 * The initial labelled pool: drawn at random from the seed alone, so that every method compared starts from the same.
 */
export function initialPool(imageIds: readonly string[], initialImages: number, seed: number): string[] {
  return randomStream(seed, 'initial-pool').shuffle(imageIds).slice(0, initialImages)
}
