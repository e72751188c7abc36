import { randomStream } from '../math/random'

/** The initial labelled pool: drawn at random from the seed alone, so that every method compared starts from the same. */
export function initialPool(imageIds: readonly string[], initialImages: number, seed: number): string[] {
  return randomStream(seed, 'initial-pool').shuffle(imageIds).slice(0, initialImages)
}
