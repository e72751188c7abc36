/** The numbers of a network that is trained with Adam, in blocks. */
import type * as tf from '@tensorflow/tfjs-core'
import { disposeBlock, makeBlock } from '../../kernels/arena/block'
import { adamStep } from '../../kernels/optimizer/adam'
import { Arena, type InitialArrays } from '../arena'

export interface AdamSettings {
  learningRate: number
  /** The largest norm of the gradients of all parameters together. */
  clipNorm: number
}

/** PyTorch's defaults. */
const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }

/** Its velocities are Adam's first moments. */
export class AdamArena extends Arena {
  /** Second moments, in the layout of the parameters. */
  readonly second
  #steps = 0

  constructor(arrays: InitialArrays) {
    super(arrays)
    this.second = makeBlock(arrays.parameters.map(({ shape }) => ({ shape })))
  }

  /** One step; every parameter has a gradient, which is disposed. */
  adam(gradients: tf.Tensor[], settings: AdamSettings): void {
    this.placeGradients(gradients)
    const { values, velocities, second } = this
    const options = { ...ADAM, ...settings, step: ++this.#steps }
    adamStep(values.whole, this.gradients.whole, velocities.whole, second.whole, options)
  }

  override dispose(): void {
    super.dispose()
    disposeBlock(this.second)
  }
}
