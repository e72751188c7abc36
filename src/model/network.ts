/** DeepLabV3+ with its rating head: layers as data and the forward graph, for any executor. */
import type * as tf from '@tensorflow/tfjs-core'
import type { NetworkConfig } from '../domain/config'
import { type Aspp, aspp } from './aspp'
import { type Decoder, decoder } from './decoder'
import type { Encoder, SegmentationMaps } from './encoder'
import { buildEncoder } from './encoders'
import { type ConvBnLayer, type Executor, filterShape, type ParameterGroup } from './layers'
import { type RatingHead, ratingHead } from './rating-head'

export interface Network {
  encoder: Encoder
  aspp: Aspp
  decoder: Decoder
  ratingHead: RatingHead
  convBnLayers: ConvBnLayer[]
  classes: number
}

export function buildNetwork(config: NetworkConfig, classes: number): Network {
  const encoder = buildEncoder(config)
  const pyramid = aspp(config, encoder)
  const head = decoder(config, encoder.lowChannels, classes)
  return {
    encoder,
    aspp: pyramid,
    decoder: head,
    ratingHead: ratingHead(encoder.tapChannels),
    convBnLayers: [...encoder.layers, ...pyramid.layers, ...head.layers],
    classes,
  }
}

/** Images [N, H, W, 3], normalised -> logits [N, H/4, W/4, classes] and the six taps. */
export function forwardSegmentation(network: Network, executor: Executor, images: tf.Tensor4D) {
  const { taps, ...maps } = network.encoder.forward(executor, images)
  return { logits: segment(network, executor, maps), taps }
}

/** The encoder's maps -> logits [N, H/4, W/4, classes]. */
export function segment(network: Network, executor: Executor, { high, low }: SegmentationMaps): tf.Tensor4D {
  const pyramid = network.aspp.forward(executor, executor.dropout('encoderHigh', high))
  const reducedLow = network.decoder.reduceLow(executor, executor.dropout('encoderLow', low))
  return network.decoder.forward(executor, network.decoder.join(pyramid, reducedLow))
}

/** A trainable array of the network, as stored on the device. */
export interface ParameterSpec {
  name: string
  shape: number[]
  group: ParameterGroup
  kind: 'filter' | 'depthwise-filter' | 'dense' | 'scale' | 'bias' | 'dense-bias'
  /** Inputs per output: Kaiming's fan-in. */
  fanIn: number
}

/** Every trainable array, in a fixed order. */
export function parameterSpecs(network: Network): ParameterSpec[] {
  const specs: ParameterSpec[] = []
  for (const layer of network.convBnLayers) {
    const { group, outChannels } = layer
    const kind = layer.isDepthwise ? 'depthwise-filter' : 'filter'
    const fanIn = layer.kernel ** 2 * (layer.isDepthwise ? 1 : layer.inChannels)
    specs.push({ name: `${layer.conv}.weight`, shape: filterShape(layer), group, kind, fanIn })
    specs.push({ name: `${layer.norm}.weight`, shape: [outChannels], group, kind: 'scale', fanIn })
    specs.push({ name: `${layer.norm}.bias`, shape: [outChannels], group, kind: 'bias', fanIn })
  }
  const { name, inChannels, outChannels } = network.decoder.classifier
  specs.push({
    name: `${name}.weight`,
    shape: [1, 1, inChannels, outChannels],
    group: 'head',
    kind: 'filter',
    fanIn: inChannels,
  })
  specs.push({ name: `${name}.bias`, shape: [outChannels], group: 'head', kind: 'bias', fanIn: inChannels })
  for (const layer of network.ratingHead.layers) {
    const shape = [layer.inChannels, layer.outChannels]
    specs.push({ name: `${layer.name}.weight`, shape, group: 'head', kind: 'dense', fanIn: layer.inChannels })
    specs.push({
      name: `${layer.name}.bias`,
      shape: [layer.outChannels],
      group: 'head',
      kind: 'dense-bias',
      fanIn: layer.inChannels,
    })
  }
  return specs
}

/** Trainable numbers in a list of specs. */
export function countParameters(specs: ParameterSpec[]): number {
  return specs.reduce((sum, spec) => sum + spec.shape.reduce((product, n) => product * n, 1), 0)
}
