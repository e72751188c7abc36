/** How much a pixel counts in the loss, beyond who labelled it: by its class, and by how much of its image is labelled. */
import type { TrainingConfig } from '../domain/config'
import { IGNORE } from '../domain/labels'
import type { BatchArrays } from './batch'
import { type ClassFrequency, median } from './label-index'

/**
 * The weight of every class id (255 numbers): (median frequency / its frequency)^power, between 1 / cap and cap (Eigen
 * and Fergus 2015); 1 for a class without labels. null with a power of 0: all weigh the same.
 */
export function classWeights(frequencies: readonly ClassFrequency[], config: TrainingConfig): Float32Array | null {
  const { classWeightPower: power = 0, classWeightCap: cap = Number.POSITIVE_INFINITY } = config
  if (power === 0) return null
  const weights = new Float32Array(IGNORE).fill(1)
  const middle = median(frequencies.map(({ frequency }) => frequency))
  for (const { classId, frequency } of frequencies) {
    weights[classId] = Math.min(cap, Math.max(1 / cap, (middle / frequency) ** power))
  }
  return weights
}

type Weighed = Pick<BatchArrays, 'labels' | 'weights' | 'weightSums'>

/** Multiplies every pixel's weight by its class's, in place. */
export function weighClasses({ labels, weights, weightSums }: Weighed, ofClass: Float32Array): void {
  const pixels = labels.length / weightSums.length
  for (let n = 0; n < weightSums.length; n++) {
    let sum = 0
    for (let i = n * pixels; i < (n + 1) * pixels; i++) {
      if (weights[i] > 0) weights[i] *= ofClass[labels[i]]
      sum += weights[i]
    }
    weightSums[n] = sum
  }
}

/**
 * Makes the weights of all images that have any sum to their mean, in place: the mean loss over the pixels of the batch
 * is then the mean of its images' mean losses.
 */
export function evenImages({ weights, weightSums }: Omit<Weighed, 'labels'>): void {
  const pixels = weights.length / weightSums.length
  const sums = weightSums.filter((sum) => sum > 0)
  const mean = sums.reduce((total, sum) => total + sum, 0) / sums.length
  weightSums.forEach((sum, n) => {
    if (sum === 0) return
    const factor = mean / sum
    for (let i = n * pixels; i < (n + 1) * pixels; i++) weights[i] *= factor
    weightSums[n] = mean
  })
}
