import * as tf from '@tensorflow/tfjs-core'
import { PART_ALIGNMENT } from '../arena/block'
import { checkShape, sameShape } from '../check'

export interface RunningAverageAttrs {
  kept: number
}

/**
 * running = kept * running + share * latest, in place: the running statistics of all normalisations at once, or the averages of
 * all weights.
 * @param running [n], n a multiple of 64, like `latest`
 * @param shares the share of each 64 numbers of `latest`: [n / 64]; a negative one leaves its numbers alone
 * @param kept share of the old value
 */
export function runningAverage(running: tf.Tensor1D, latest: tf.Tensor1D, shares: tf.Tensor1D, kept: number): void {
  checkShape(
    sameShape(running.shape, latest.shape) && shares.size * PART_ALIGNMENT === running.size,
    () =>
      `runningAverage: running [${running.shape}], latest [${latest.shape}] and shares [${shares.shape}] do not fit.`,
  )
  tf.engine().runKernel('RunningAverage', { running, latest, shares }, { kept })
}
