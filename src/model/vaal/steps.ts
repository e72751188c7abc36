/** A step of the autoencoder and one of the discriminator, each on a labelled and an unlabelled batch. */
import * as tf from '@tensorflow/tfjs-core'
import type { AdversaryConfig } from '../../domain/config'
import type { BatchStatistics } from '../executors'
import { adversarialLoss, divergenceLoss, drawCodes, reconstructionLoss } from './losses'
import type { Net, Nets } from './nets'
import { decode, discriminate, encode, trainingNorm } from './networks'

/** Images of one pool, labelled or unlabelled. */
export interface PoolBatch {
  /** [N, S, S, 3], normalised as the network's inputs. */
  images: tf.Tensor4D
  /** [N, 1], as the rating head gives them; null without ratings. */
  ratings: tf.Tensor2D | null
}

export interface PoolBatches {
  labelled: PoolBatch
  unlabelled: PoolBatch
}

/** Standard normal numbers [N, z] for the codes of each batch. */
export interface PoolNoise {
  labelled: tf.Tensor2D
  unlabelled: tf.Tensor2D
}

/** Order in which the batches pass: it decides what the running statistics remember. */
const POOLS = ['labelled', 'unlabelled'] as const

/** Each the sum over both batches. */
export interface AutoencoderLosses {
  reconstruction: tf.Scalar
  divergence: tf.Scalar
  adversarial: tf.Scalar
}

/** The code as the discriminator sees it: TA-VAAL's with the raw rating behind. */
export function rated(mu: tf.Tensor2D, ratings: tf.Tensor2D | null): tf.Tensor2D {
  return ratings ? tf.concat([mu, ratings], 1) : mu
}

/** The code as the decoder sees it: TA-VAAL's with the rating squashed to 0..1 behind. */
function squashed(codes: tf.Tensor2D, ratings: tf.Tensor2D | null): tf.Tensor2D {
  return ratings ? tf.concat([codes, tf.sigmoid(ratings)], 1) : codes
}

/**
 * Reconstruction, divergence, and the wish that the discriminator calls both batches labelled.
 * @param statistics gets those of each batch; the caller's, as are the losses
 */
export function autoencoderLosses(
  { autoencoder, discriminator }: Nets,
  batches: PoolBatches,
  noise: PoolNoise,
  statistics: BatchStatistics[][],
): AutoencoderLosses {
  const parts = POOLS.map((pool) => {
    const { images, ratings } = batches[pool]
    const collected: BatchStatistics[] = []
    statistics.push(collected)
    const normalize = trainingNorm(autoencoder.lookup, collected)
    const codes = encode(autoencoder.lookup, normalize, images)
    const drawn = squashed(drawCodes(codes, noise[pool]), ratings)
    return {
      reconstruction: reconstructionLoss(decode(autoencoder.lookup, normalize, drawn), images),
      divergence: divergenceLoss(codes),
      adversarial: adversarialLoss(discriminate(discriminator.lookup, rated(codes.mu, ratings)), 1),
    }
  })
  const sum = (name: keyof AutoencoderLosses) => tf.add(parts[0][name], parts[1][name]) as tf.Scalar
  return { reconstruction: sum('reconstruction'), divergence: sum('divergence'), adversarial: sum('adversarial') }
}

/** Trains the autoencoder in place, the discriminator unchanged. The losses belong to the caller. */
export function autoencoderStep(
  nets: Nets,
  batches: PoolBatches,
  noise: PoolNoise,
  config: AdversaryConfig,
): AutoencoderLosses {
  const statistics: BatchStatistics[][] = []
  const losses: AutoencoderLosses[] = []
  const total = train(nets.autoencoder, config, () => {
    const parts = autoencoderLosses(nets, batches, noise, statistics)
    const { reconstruction, divergence, adversarial } = parts
    for (const part of Object.values(parts)) tf.keep(part)
    losses.push(parts)
    return tf.add(tf.add(reconstruction, tf.mul(divergence, config.beta)), adversarial) as tf.Scalar
  })
  total.dispose()
  remember(nets.autoencoder, statistics)
  return losses[0]
}

/** Labelled codes called labelled, unlabelled ones not; a scalar, summed over both. Differentiable in the discriminator. */
export function discriminatorLoss({ discriminator }: Nets, labelled: tf.Tensor2D, unlabelled: tf.Tensor2D): tf.Scalar {
  const wrong = [
    adversarialLoss(discriminate(discriminator.lookup, labelled), 1),
    adversarialLoss(discriminate(discriminator.lookup, unlabelled), 0),
  ]
  return tf.add(wrong[0], wrong[1])
}

/**
 * Trains the discriminator in place on codes that are not differentiated. The encoder runs as in training, so that this
 * pass too moves its running statistics, as in both published programs. The loss belongs to the caller.
 */
export function discriminatorStep(nets: Nets, batches: PoolBatches, config: AdversaryConfig): tf.Scalar {
  const { autoencoder, discriminator } = nets
  const statistics: BatchStatistics[][] = []
  const [labelled, unlabelled] = POOLS.map((pool) => {
    const collected: BatchStatistics[] = []
    statistics.push(collected)
    return tf.tidy(() => {
      const { images, ratings } = batches[pool]
      const { mu } = encode(autoencoder.lookup, trainingNorm(autoencoder.lookup, collected), images)
      return rated(mu, ratings)
    })
  })
  const loss = train(discriminator, config, () => discriminatorLoss(nets, labelled, unlabelled))
  tf.dispose([labelled, unlabelled])
  remember(autoencoder, statistics)
  return loss
}

/** One step of Adam; returns the loss. */
function train(net: Net, settings: AdversaryConfig, lossFunction: () => tf.Scalar): tf.Scalar {
  const variables = net.specs.map(({ name }) => net.values.get(name) as tf.Variable)
  const { value, grads } = net.arena.gather(() => tf.variableGrads(lossFunction, variables))
  net.arena.adam(
    variables.map(({ name }) => grads[name]),
    { learningRate: settings.learningRate, clipNorm: settings.clipNorm },
  )
  return value
}

/** Takes the statistics of each pass into the running averages, one pass after the other. */
function remember({ arena, running }: Net, statistics: BatchStatistics[][]): void {
  for (const pass of statistics) {
    const moments = new Map(pass.map((entry) => [entry.norm, entry]))
    arena.average([...running.keys()].map((norm) => moments.get(norm)))
  }
}
