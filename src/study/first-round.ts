/** Which runs have the same first round: it is trained once for all of them. */
import { METHODS } from '../cpral/methods'
import { fingerprint } from './fingerprint'
import type { StudyLine } from './study-line'

/**
 * Key of a line's first round: equal for lines whose network is the same after the training of round 1. It holds
 * whatever that depends on: images and their first labels, the network before, and how it is trained. What a query asks
 * about, and how much, comes after.
 * @returns 16 hexadecimal digits
 */
export function firstRoundKey({
  config,
  data,
  weights,
}: Pick<StudyLine, 'config' | 'data' | 'weights'>): Promise<string> {
  const { annotator, seed, size, network, selection, monteCarlo, noise } = config
  // How later rounds begin is nothing to the first.
  const { warmStart: _, warmSteps: __, warmLearningRate: ___, ...training } = config.training
  return fingerprint({
    data,
    weights,
    storedWeights: config.weights,
    annotator: annotator ?? 'oracle',
    seed,
    size,
    network,
    training,
    ratingLoss: METHODS[selection.method].ratingLoss,
    // The encoder's dropout is active in training only where it is in the committee.
    dropout: monteCarlo.dropout,
    initialImages: selection.initialImages,
    noise: noise ?? null,
  })
}
