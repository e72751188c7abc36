/** How much a pixel counts in the loss by its class, beyond who labelled it. */
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
