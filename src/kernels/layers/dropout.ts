import * as tf from '@tensorflow/tfjs-core'
import { AppError } from '../../domain/errors'
import type { DropoutOptions } from './dropout.reference'

export type CounterDropoutAttrs = Required<DropoutOptions>

/**
 * Dropout whose mask is a pure function of (seed, layer, pass, element): the same on every engine, nothing to store.
 * Item n of the batch is pass `firstPass + n`; kept values are scaled by 1 / (1 - rate). Differentiable in x.
 * @param x [N, ..., C]
 * @throws bad_config when the rate is outside [0, 1)
 */
export function dropout<T extends tf.Tensor>(x: T, options: DropoutOptions): T {
  checkRate(options.rate)
  const attrs: CounterDropoutAttrs = { channelwise: false, ...options }
  return tf.engine().runKernel('CounterDropout', { x }, attrs as unknown as tf.NamedAttrMap) as T
}

/** @throws bad_config when the rate is outside [0, 1) */
export function checkRate(rate: number): void {
  if (rate >= 0 && rate < 1) return
  const remedy = 'Choose a rate of at least 0 and below 1.'
  throw new AppError('bad_config', `A dropout rate of ${rate} is outside [0, 1).`, remedy)
}

tf.registerGradient({
  kernelName: 'CounterDropout',
  gradFunc: (dy, _saved, attrs) => ({
    x: () => tf.engine().runKernel('CounterDropout', { x: dy as tf.Tensor }, attrs) as tf.Tensor,
  }),
})
