/** The two ways a network runs: training (batch statistics, gradients) and inference (BN folded into the filters). */
import * as tf from '@tensorflow/tfjs-core'
import { batchNormTrain } from '../kernels/batch-norm/batch-norm'
import { conv2d } from '../kernels/convolution/convolution'
import { depthwiseConv2d } from '../kernels/convolution/depthwise-convolution'
import { addBias } from '../kernels/layers/channel-sums'
import { dropout } from '../kernels/layers/dropout'
import type { DropoutOptions } from '../kernels/layers/dropout.reference'
import { type FoldedLayer, fusedConvolution } from './folded-layer'
import { DROPOUT_LAYERS, type DropoutLayer, type Executor, padding } from './layers'
import type { Network } from './network'
import type { Parameters, Weights } from './parameters'
import { type SplitDecoder, splitDecoder } from './split-decoder'

export const BN_EPSILON = 1e-5

/**
 * Dropout rates: in pyramid and decoder those usual for DeepLabV3+, on the encoder's outputs those of ViewAL's channel
 * dropout.
 */
const RATES: Record<DropoutLayer, number> = {
  aspp: 0.5,
  decoderFirst: 0.5,
  decoderLast: 0.1,
  encoderHigh: 0.25,
  encoderLow: 0.25,
}

/** Which dropouts are on, and the counters that key their masks: batch item n uses pass firstPass + n. */
export interface ActiveDropout {
  layers: readonly DropoutLayer[]
  seed: number
  firstPass: number
  /** On the layers' rates; 1 when absent. */
  factor?: number
}

/** The masks of a layer; where its dropout is not active the rate is 0. */
export function dropoutOptions(active: ActiveDropout, layer: DropoutLayer): Required<DropoutOptions> {
  return {
    rate: active.layers.includes(layer) ? RATES[layer] * (active.factor ?? 1) : 0,
    seed: active.seed,
    layer: DROPOUT_LAYERS[layer],
    firstPass: active.firstPass,
    channelwise: layer === 'encoderHigh' || layer === 'encoderLow',
  }
}

function applyDropout(active: ActiveDropout | null, layer: DropoutLayer, x: tf.Tensor4D): tf.Tensor4D {
  return active?.layers.includes(layer) ? dropout(x, dropoutOptions(active, layer)) : x
}

/** Batch statistics of one layer in one step, kept for the running averages. */
export interface BatchStatistics {
  norm: string
  mean: tf.Tensor1D
  /** Divided by the count, not by one less. */
  variance: tf.Tensor1D
  /** Values per channel. */
  count: number
}

/** `statistics` collects one entry per layer; its tensors outlive the surrounding tidy and belong to the caller. */
export function trainingExecutor(
  parameters: Parameters,
  activeDropout: ActiveDropout,
  statistics: BatchStatistics[],
): Executor {
  const parameter = <T extends tf.Tensor>(name: string) => parameters.values.get(name) as unknown as T
  return {
    convBn: (layer, x, dropout) => {
      const options = { stride: layer.stride, padding: padding(layer), dilation: layer.dilation }
      const filter = parameter<tf.Tensor4D>(`${layer.conv}.weight`)
      const z = layer.isDepthwise ? depthwiseConv2d(x, filter, options) : conv2d(x, filter, options)
      const gamma = parameter<tf.Tensor1D>(`${layer.norm}.weight`)
      const beta = parameter<tf.Tensor1D>(`${layer.norm}.bias`)
      const { y, mean, variance } = batchNormTrain(z, gamma, beta, layer.activation, {
        epsilon: BN_EPSILON,
        dropout: dropout && activeDropout.layers.includes(dropout) ? dropoutOptions(activeDropout, dropout) : null,
      })
      const count = z.shape[0] * z.shape[1] * z.shape[2]
      statistics.push({ norm: layer.norm, mean: tf.keep(mean), variance: tf.keep(variance), count })
      return y
    },
    classify: (layer, x) => {
      const filter = parameter<tf.Tensor4D>(`${layer.name}.weight`)
      return addBias(
        conv2d(x, filter, { stride: 1, padding: 0, dilation: 1 }),
        parameter<tf.Tensor1D>(`${layer.name}.bias`),
      )
    },
    dropout: (layer, x) => applyDropout(activeDropout, layer, x),
  }
}

/** Filters with BN's running statistics folded in; valid until the parameters change. Dispose after use. */
interface FoldedLayers {
  layers: Map<string, FoldedLayer>
  dispose(): void
}

export interface FoldedParameters extends FoldedLayers {
  /** The decoder as Monte-Carlo passes run it. */
  split: SplitDecoder
}

export function foldParameters(network: Network, weights: Weights): FoldedParameters {
  const { layers, dispose } = foldLayers(network, weights)
  let split!: SplitDecoder
  tf.tidy(() => {
    split = splitDecoder(network.decoder, layers)
  })
  return {
    layers,
    split,
    dispose: () => {
      dispose()
      tf.dispose(split.tensors)
    },
  }
}

export function foldLayers(network: Network, weights: Weights): FoldedLayers {
  const layers = new Map<string, FoldedLayer>()
  const value = (name: string) => weights.values.get(name) as tf.Tensor
  tf.tidy(() => {
    for (const layer of network.convBnLayers) {
      const running = weights.running.get(layer.norm)
      if (!running) throw new Error(`No running statistics for ${layer.norm}`)
      const scale = tf.div(value(`${layer.norm}.weight`), tf.sqrt(tf.add(running.variance, BN_EPSILON)))
      const perOutput = layer.isDepthwise ? tf.reshape(scale, [layer.outChannels, 1]) : scale
      layers.set(layer.conv, {
        filter: tf.keep(tf.mul(value(`${layer.conv}.weight`), perOutput) as tf.Tensor4D),
        bias: tf.keep(tf.sub(value(`${layer.norm}.bias`), tf.mul(running.mean, scale)) as tf.Tensor1D),
      })
    }
    const { name } = network.decoder.classifier
    layers.set(name, {
      filter: tf.keep(tf.clone(value(`${name}.weight`)) as tf.Tensor4D),
      bias: tf.keep(tf.clone(value(`${name}.bias`)) as tf.Tensor1D),
    })
  })
  const tensors = [...layers.values()].flatMap(({ filter, bias }) => [filter, bias])
  return { layers, dispose: () => tf.dispose(tensors) }
}

export function inferenceExecutor(folded: FoldedLayers, activeDropout: ActiveDropout | null = null): Executor {
  const get = (name: string) => {
    const layer = folded.layers.get(name)
    if (!layer) throw new Error(`No folded parameters for ${name}`)
    return layer
  }
  return {
    convBn: (layer, x, dropout) => {
      const y = fusedConvolution(layer, x, get(layer.conv))
      return dropout ? applyDropout(activeDropout, dropout, y) : y
    },
    classify: (layer, x) => {
      const { filter, bias } = get(layer.name)
      return tf.fused.conv2d({ x, filter, bias, strides: 1, pad: 'valid' })
    },
    dropout: (layer, x) => applyDropout(activeDropout, layer, x),
  }
}
