import * as tf from '@tensorflow/tfjs-core'
import type { Precision } from '../../gpu/precision'
import { checkShape, sameShape } from '../check'
import type { PassDropoutOptions } from './pass-dropout.reference'

/** `precision` is that of the result, where the engine has a choice; float32 unless told. */
export type MapOptions = PassDropoutOptions & { precision?: Precision }

/** Without a shared map `shared` is x again, and not read. */
export type PassDropoutAttrs = Required<MapOptions> & { hasShared: boolean }

/**
 * The stochastic step of a Monte-Carlo pass: y = dropout(relu(x + shared)), with the masks of `dropout` for the passes
 * firstPass, firstPass + 1, ... A map that all passes share is given once and never repeated in memory. Not differentiable.
 * @param x [passes or 1, h, w, C], of either precision, C a multiple of 4
 * @param shared [passes or 1, h, w, C] to be added, or null
 * @returns [passes, h, w, C]
 * @throws bad_shape when the maps do not fit
 */
export function passDropout(x: tf.Tensor4D, shared: tf.Tensor4D | null, options: MapOptions): tf.Tensor4D {
  const { passes } = options
  const [, ...rest] = x.shape
  const fits = ({ shape: [n, ...extents] }: tf.Tensor4D) => (n === 1 || n === passes) && sameShape(extents, rest)
  checkShape(
    fits(x) && (shared === null || fits(shared)) && rest[2] % 4 === 0,
    () => `passDropout of ${passes} passes: x [${x.shape}] and shared [${shared?.shape}] do not fit.`,
  )
  const defaults = { relu: false, channelwise: false, precision: 'float32' } as const
  const attrs: PassDropoutAttrs = { ...defaults, ...options, hasShared: shared !== null }
  return tf.engine().runKernel('PassDropout', { x, shared: shared ?? x }, attrs as unknown as tf.NamedAttrMap)
}
