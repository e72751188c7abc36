/**
 * All numbers of a network, each kind in one block, so that a training step updates them all at once and a checkpoint
 * takes few reads.
 */
import type * as tf from '@tensorflow/tfjs-core'
import { type Block, disposeBlock, makeBlock, writePart } from '../kernels/arena/block'
import { BlockTable } from '../kernels/arena/block-table'
import { closeDestinations, openDestinations } from '../kernels/arena/destinations'
import { runningAverage } from '../kernels/optimizer/running-average'
import { sgdStep } from '../kernels/optimizer/sgd'
import type { SgdOptions } from '../kernels/optimizer/sgd.reference'

/** Share of the old value that a running average keeps in a step (PyTorch's momentum 0.1). */
const RUNNING_MOMENTUM = 0.9

/** Tells an update to leave a part as it is. */
const UNTOUCHED = -1

export interface InitialArrays {
  parameters: { shape: number[]; values: Float32Array }[]
  /** Channels of each normalisation. */
  channels: number[]
}

/** Statistics of one normalisation's batch. */
interface Moments {
  mean: tf.Tensor1D
  /** Divided by the count, not by one less. */
  variance: tf.Tensor1D
  /** Values per channel. */
  count: number
}

export class Arena {
  readonly values: Block
  readonly velocities: Block
  /** Mean and variance of each normalisation, one after the other: parts 2i and 2i + 1. */
  readonly running: Block
  /** Results of a step, in the layouts of `values` and `running`. */
  readonly gradients: Block
  readonly statistics: Block
  readonly #rates: BlockTable
  readonly #shares: BlockTable

  constructor({ parameters, channels }: InitialArrays) {
    const shapes = parameters.map(({ shape }) => ({ shape }))
    const moments = channels.flatMap((count) => [{ shape: [count] }, { shape: [count] }])
    const identity = channels.flatMap((count) => [
      { shape: [count] },
      { shape: [count], values: new Float32Array(count).fill(1) },
    ])
    this.values = makeBlock(parameters)
    this.velocities = makeBlock(shapes)
    this.gradients = makeBlock(shapes)
    this.running = makeBlock(identity)
    this.statistics = makeBlock(moments)
    this.#rates = new BlockTable(this.values)
    this.#shares = new BlockTable(this.running)
  }

  /** While `run` runs, kernels that compute gradients and statistics put them into the arena. */
  gather<T>(run: () => T): T {
    openDestinations(this.values.parts)
    try {
      return run()
    } finally {
      closeDestinations(this.values.parts)
    }
  }

  /**
   * One step of SGD. Disposes the gradients.
   * @param gradients by parameter; one without a gradient keeps its value and its momentum
   * @param rates learning rate of each parameter
   */
  step(gradients: (tf.Tensor | undefined)[], rates: number[], options: SgdOptions): void {
    this.placeGradients(gradients)
    const present = rates.map((rate, i) => (gradients[i] ? rate : UNTOUCHED))
    const { values, velocities } = this
    sgdStep(values.whole, this.gradients.whole, velocities.whole, this.#rates.of(present), options)
  }

  /**
   * Takes a step's statistics into the running averages. Disposes them.
   * @param moments by normalisation; one that did not run keeps its averages
   */
  average(moments: (Moments | undefined)[]): void {
    this.#place(
      this.statistics,
      moments.flatMap((entry) => [entry?.mean, entry?.variance]),
    )
    const shares = moments.flatMap((entry) => {
      if (!entry) return [UNTOUCHED, UNTOUCHED]
      const unbiased = entry.count > 1 ? entry.count / (entry.count - 1) : 1
      return [1 - RUNNING_MOMENTUM, (1 - RUNNING_MOMENTUM) * unbiased]
    })
    runningAverage(this.running.whole, this.statistics.whole, this.#shares.of(shares), RUNNING_MOMENTUM)
  }

  /** Puts a step's gradients into their block and disposes them; parts without one keep what they held. */
  protected placeGradients(gradients: (tf.Tensor | undefined)[]): void {
    this.#place(this.gradients, gradients)
  }

  /** Copies those tensors into their parts that a kernel has not written there itself. */
  #place(block: Block, tensors: (tf.Tensor | undefined)[]): void {
    tensors.forEach((tensor, i) => {
      if (tensor && tensor.dataId !== block.parts[i].dataId) writePart(block, i, tensor)
      tensor?.dispose()
    })
  }

  dispose(): void {
    for (const block of [this.values, this.velocities, this.gradients, this.running, this.statistics]) {
      disposeBlock(block)
    }
    this.#rates.dispose()
    this.#shares.dispose()
  }
}
