/**
 * MC-dropout committee (Eq. 4): everything before the first active dropout runs once an image, the rest m times
 * as a batch of passes with counter-based masks.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { CpralConfig, DropoutSite, MonteCarloConfig } from '../domain/config'
import type { Size } from '../domain/size'
import { passDropout } from '../kernels/decoder-passes/pass-dropout'
import type { SegmentationMaps } from './encoder'
import { type ActiveDropout, dropoutOptions, type FoldedParameters, inferenceExecutor } from './executors'
import type { DropoutLayer } from './layers'
import type { Network } from './network'
import { consume } from './split-decoder'

const ACTIVE: Record<DropoutSite, readonly DropoutLayer[]> = {
  decoder: ['aspp', 'decoderFirst', 'decoderLast'],
  encoder: ['encoderHigh', 'encoderLow'],
  head: ['decoderLast'],
}

/** Floats of the largest map of a chunk of passes. */
const CHUNK_FLOATS = 16 * 2 ** 20

/**
 * Image [1, H, W, 3] -> logits of m passes [m, H/4, W/4, C'], with the classes padded as in `SplitDecoder.classify`.
 * Call inside tf.tidy.
 */
export function committeeLogits(
  network: Network,
  folded: FoldedParameters,
  image: tf.Tensor4D,
  config: CpralConfig,
  seed: number,
): tf.Tensor4D {
  const maps = network.encoder.forward(inferenceExecutor(folded), image)
  return committeeLogitsOf(network, folded, maps, config, seed)
}

/** The same of an image that went through the encoder before. Call inside tf.tidy. */
export function committeeLogitsOf(
  network: Network,
  folded: FoldedParameters,
  maps: SegmentationMaps,
  config: CpralConfig,
  seed: number,
): tf.Tensor4D {
  const { passes, dropout: site } = config.monteCarlo
  const pass = passFunction(network, folded, maps, config.monteCarlo)
  const floats = CHUNK_FLOATS * (config.monteCarlo.chunkShare ?? 1)
  const chunk = passesPerChunk(config.size, network.decoder.featureChannels, passes, floats)
  const parts: tf.Tensor4D[] = []
  for (let first = 0; first < passes; first += chunk) {
    const count = Math.min(chunk, passes - first)
    parts.push(tf.tidy(() => pass(count, { layers: ACTIVE[site], seed, firstPass: first })))
  }
  return parts.length === 1 ? (parts[0] as tf.Tensor4D) : tf.concat(parts, 0)
}

function passesPerChunk({ height, width }: Size, channels: number, passes: number, floats: number): number {
  const perPass = Math.ceil(height / 4) * Math.ceil(width / 4) * channels
  return Math.max(1, Math.min(passes, Math.floor(floats / perPass)))
}

type PassFunction = (count: number, active: ActiveDropout) => tf.Tensor4D

/** Runs the deterministic part now and returns the stochastic rest. */
function passFunction(
  network: Network,
  folded: FoldedParameters,
  { high, low }: SegmentationMaps,
  { dropout: site, precision = 'float32' }: MonteCarloConfig,
): PassFunction {
  const { aspp, decoder } = network
  const { split } = folded
  const fixed = inferenceExecutor(folded)
  const drop = (x: tf.Tensor4D, passes: number, active: ActiveDropout, layer: DropoutLayer) =>
    passDropout(x, null, { ...dropoutOptions(active, layer), passes })
  const refine = (pyramids: tf.Tensor4D, lowHalf: tf.Tensor4D, active: ActiveDropout) =>
    split.last(split.first(pyramids, lowHalf, { ...dropoutOptions(active, 'decoderFirst'), precision }))
  const vote = (features: tf.Tensor4D, passes: number, active: ActiveDropout) =>
    consume(
      passDropout(features, null, { ...dropoutOptions(active, 'decoderLast'), passes, precision }),
      split.classify,
    )
  if (site === 'encoder') {
    return (passes, active) => {
      const pyramids = aspp.forward(fixed, drop(high, passes, active, 'encoderHigh'))
      const lowHalves = split.lowHalf(decoder.reduceLow(fixed, drop(low, passes, active, 'encoderLow')))
      return vote(refine(pyramids, lowHalves, active), passes, active)
    }
  }
  const pyramid = aspp.forward(fixed, high)
  const lowHalf = split.lowHalf(decoder.reduceLow(fixed, low))
  if (site === 'head') {
    const features = refine(pyramid, lowHalf, { layers: [], seed: 0, firstPass: 0 })
    return (passes, active) => vote(features, passes, active)
  }
  return (passes, active) => {
    const pyramids = drop(pyramid, passes, active, 'aspp')
    return consume(refine(pyramids, lowHalf, active), (features) => vote(features, passes, active))
  }
}
