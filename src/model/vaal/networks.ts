/**
 * VAAL's networks (Sinha et al. 2019) and TA-VAAL's (Kim et al. 2021): an autoencoder of small images, and a
 * discriminator of its codes. Layers as data, and their forward graphs.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { AdversaryConfig } from '../../domain/config'
import { batchNormTrain, scaleShift } from '../../kernels/batch-norm/batch-norm'
import { conv2d } from '../../kernels/convolution/convolution'
import { transposedConv2d } from '../../kernels/convolution/transposed-convolution'
import { addBias } from '../../kernels/layers/channel-sums'
import { dense } from '../../kernels/layers/dense'
import { type BatchStatistics, BN_EPSILON } from '../executors'
import type { ParameterSpec } from '../network'

/** Channels of the encoder's convolutions at width 1; the decoder's are the same backwards. */
const CHANNELS = [128, 256, 512, 1024]
/** Outputs of the discriminator's hidden layers. */
const HIDDEN = 512
/** 4x4 filters that halve a map, or double it. */
const KERNEL = 4
const HALVING = { stride: 2, padding: 1, dilation: 1 }
/** Pixels of a 4x4 filter that meet a pixel of the doubled map. */
const TAPS = KERNEL ** 2 / HALVING.stride ** 2

/** A trainable array; `fanIn` is that of its random numbers, Kaiming's for a 'filter', PyTorch's default for 'dense'. */
export type Spec = Pick<ParameterSpec, 'name' | 'shape' | 'kind' | 'fanIn'>

export interface Norm {
  name: string
  channels: number
}

/** Arrays of one network, and its batch normalisations in the order of the forward pass. */
export interface NetSpecs {
  specs: Spec[]
  norms: Norm[]
}

type Sizes = Pick<AdversaryConfig, 'imageSide' | 'latent' | 'width'>

const channelsOf = ({ width }: Sizes) => CHANNELS.map((channels) => Math.max(1, Math.round(channels * width)))

function layer(name: string, shape: number[], fanIn: number, biasKind: 'bias' | 'dense-bias' = 'bias'): Spec[] {
  const outputs = shape.at(-1) as number
  return [
    { name: `${name}.weight`, shape, kind: biasKind === 'bias' ? 'filter' : 'dense', fanIn },
    { name: `${name}.bias`, shape: [outputs], kind: biasKind, fanIn },
  ]
}

function normSpecs(name: string, channels: number): Spec[] {
  return [
    { name: `${name}.weight`, shape: [channels], kind: 'scale', fanIn: channels },
    { name: `${name}.bias`, shape: [channels], kind: 'bias', fanIn: channels },
  ]
}

/**
 * Encoder and decoder. The two layers that end in a code have PyTorch's default numbers, as in both published programs,
 * whose own initialisation does not reach them; all other weights are Kaiming-normal.
 * @param isRated TA-VAAL: the decoder sees the rating too
 */
export function autoencoderSpecs(sizes: Sizes, isRated: boolean): NetSpecs {
  const { imageSide, latent } = sizes
  const channels = channelsOf(sizes)
  const [specs, norms]: [Spec[], Norm[]] = [[], []]
  const block = (part: string, i: number, shape: number[], fanIn: number, outputs: number) => {
    specs.push({ name: `${part}.conv${i}.weight`, shape, kind: 'filter', fanIn })
    specs.push(...normSpecs(`${part}.norm${i}`, outputs))
    norms.push({ name: `${part}.norm${i}`, channels: outputs })
  }
  channels.forEach((outputs, i) => {
    const inputs = channels[i - 1] ?? 3
    block('encoder', i, [KERNEL, KERNEL, inputs, outputs], KERNEL ** 2 * inputs, outputs)
  })
  const [widest, rest] = [channels.at(-1) as number, channels.toReversed()]
  const flat = (imageSide / 16) ** 2 * widest
  specs.push(...layer('encoder.mu', [flat, latent], flat, 'dense-bias'))
  specs.push(...layer('encoder.logvar', [flat, latent], flat, 'dense-bias'))
  const codes = latent + Number(isRated)
  specs.push(...layer('decoder.project', [codes, (imageSide / 8) ** 2 * widest], codes))
  rest.slice(1).forEach((outputs, i) => {
    const inputs = rest[i] as number
    block('decoder', i, [KERNEL, KERNEL, outputs, inputs], TAPS * inputs, outputs)
  })
  const narrowest = channels[0] as number
  specs.push(...layer('decoder.output', [1, 1, narrowest, 3], narrowest))
  return { specs, norms }
}

/** @param isRated TA-VAAL: it sees the rating beside the code */
export function discriminatorSpecs({ latent }: Sizes, isRated: boolean): NetSpecs {
  const inputs = latent + Number(isRated)
  const specs = [
    ...layer('discriminator.layer0', [inputs, HIDDEN], inputs),
    ...layer('discriminator.layer1', [HIDDEN, HIDDEN], HIDDEN),
    ...layer('discriminator.output', [HIDDEN, 1], HIDDEN),
  ]
  return { specs, norms: [] }
}

export type Lookup = (name: string) => tf.Tensor

/** Runs batch normalisation and a ReLU behind it. */
export type Normalize = (x: tf.Tensor4D, norm: string) => tf.Tensor4D

/** With the batch's own statistics, which are collected: they outlive the surrounding tidy and belong to the caller. */
export function trainingNorm(parameter: Lookup, statistics: BatchStatistics[]): Normalize {
  return (x, norm) => {
    const [gamma, beta] = [parameter(`${norm}.weight`), parameter(`${norm}.bias`)] as tf.Tensor1D[]
    const { y, mean, variance } = batchNormTrain(x, gamma, beta, 'relu', { epsilon: BN_EPSILON })
    const count = x.size / gamma.size
    statistics.push({ norm, mean: tf.keep(mean), variance: tf.keep(variance), count })
    return y
  }
}

/** With running statistics, so that a result does not depend on what else is in the batch. */
export function inferenceNorm(
  parameter: Lookup,
  running: ReadonlyMap<string, { mean: tf.Tensor1D; variance: tf.Tensor1D }>,
): Normalize {
  return (x, norm) => {
    const moments = running.get(norm)
    if (!moments) throw new Error(`No running statistics for ${norm}`)
    const scale = tf.div(parameter(`${norm}.weight`), tf.sqrt(tf.add(moments.variance, BN_EPSILON))) as tf.Tensor1D
    const shift = tf.sub(parameter(`${norm}.bias`), tf.mul(moments.mean, scale)) as tf.Tensor1D
    return scaleShift(x, scale, shift, 'relu')
  }
}

function fullyConnected(parameter: Lookup, name: string, x: tf.Tensor2D, activation: 'none' | 'relu'): tf.Tensor2D {
  return dense(x, parameter(`${name}.weight`) as tf.Tensor2D, parameter(`${name}.bias`) as tf.Tensor1D, activation)
}

/** Mean and logarithm of the variance of each image's code, [N, z]. */
export interface Codes {
  mu: tf.Tensor2D
  logvar: tf.Tensor2D
}

/** @param images [N, S, S, 3], normalised */
export function encode(parameter: Lookup, normalize: Normalize, images: tf.Tensor4D): Codes {
  let x = images
  CHANNELS.forEach((_, i) => {
    const filter = parameter(`encoder.conv${i}.weight`) as tf.Tensor4D
    x = normalize(conv2d(x, filter, HALVING), `encoder.norm${i}`)
  })
  const flat = tf.reshape(x, [images.shape[0], -1]) as tf.Tensor2D
  return {
    mu: fullyConnected(parameter, 'encoder.mu', flat, 'none'),
    logvar: fullyConnected(parameter, 'encoder.logvar', flat, 'none'),
  }
}

/**
 * Images [N, S, S, 3] of drawn codes.
 * @param codes [N, z], or with the squashed rating behind [N, z + 1]
 */
export function decode(parameter: Lookup, normalize: Normalize, codes: tf.Tensor2D): tf.Tensor4D {
  const projected = fullyConnected(parameter, 'decoder.project', codes, 'none')
  const widest = parameter('decoder.conv0.weight').shape[3] as number
  const side = Math.sqrt((projected.shape[1] as number) / widest)
  let x = tf.reshape(projected, [codes.shape[0], side, side, widest]) as tf.Tensor4D
  CHANNELS.slice(1).forEach((_, i) => {
    const filter = parameter(`decoder.conv${i}.weight`) as tf.Tensor4D
    x = normalize(transposedConv2d(x, filter, HALVING), `decoder.norm${i}`)
  })
  const filter = parameter('decoder.output.weight') as tf.Tensor4D
  return addBias(
    conv2d(x, filter, { stride: 1, padding: 0, dilation: 1 }),
    parameter('decoder.output.bias') as tf.Tensor1D,
  )
}

/**
 * Logits [N, 1] of "this image is labelled".
 * @param codes [N, z], or with the raw rating behind [N, z + 1]
 */
export function discriminate(parameter: Lookup, codes: tf.Tensor2D): tf.Tensor2D {
  const first = fullyConnected(parameter, 'discriminator.layer0', codes, 'relu')
  const second = fullyConnected(parameter, 'discriminator.layer1', first, 'relu')
  return fullyConnected(parameter, 'discriminator.output', second, 'none')
}
