/**
 * MC-dropout committee (spec section 4): everything before the first active dropout runs once an image, the rest m times
 * as a batch of passes with counter-based masks.
 */
import * as tf from '@tensorflow/tfjs'
import type { CpralConfig, DropoutSite, Size } from '../cpral/config'
import { type ActiveDropout, type FoldedParameters, inferenceExecutor } from './executors'
import type { DropoutLayer } from './layers'
import type { Network } from './network'

const ACTIVE: Record<DropoutSite, readonly DropoutLayer[]> = {
  decoder: ['aspp', 'decoderFirst', 'decoderLast'],
  encoder: ['encoderHigh', 'encoderLow'],
  head: ['decoderLast'],
}

/** Floats of the largest map of a chunk of passes. */
const CHUNK_FLOATS = 16 * 2 ** 20

/** Image [1, H, W, 3] -> logits of m passes [m, H/4, W/4, classes]. Call inside tf.tidy. */
export function committeeLogits(
  network: Network,
  folded: FoldedParameters,
  image: tf.Tensor4D,
  config: CpralConfig,
  seed: number,
): tf.Tensor4D {
  const { passes, dropout: site } = config.monteCarlo
  const pass = passFunction(network, folded, image, site)
  const chunk = passesPerChunk(config.size, network.decoder.featureChannels, passes)
  const parts: tf.Tensor4D[] = []
  for (let first = 0; first < passes; first += chunk) {
    const count = Math.min(chunk, passes - first)
    parts.push(tf.tidy(() => pass(count, { layers: ACTIVE[site], seed, firstPass: first })))
  }
  return parts.length === 1 ? (parts[0] as tf.Tensor4D) : tf.concat(parts, 0)
}

function passesPerChunk({ height, width }: Size, channels: number, passes: number): number {
  const floats = Math.ceil(height / 4) * Math.ceil(width / 4) * channels
  return Math.max(1, Math.min(passes, Math.floor(CHUNK_FLOATS / floats)))
}

type PassFunction = (count: number, active: ActiveDropout) => tf.Tensor4D

/** Runs the deterministic part now and returns the stochastic rest. */
function passFunction(network: Network, folded: FoldedParameters, image: tf.Tensor4D, site: DropoutSite): PassFunction {
  const { encoder, aspp, decoder } = network
  const fixed = inferenceExecutor(folded)
  const { high, low } = encoder.forward(fixed, image)
  const repeat = (x: tf.Tensor4D, count: number) => tf.tile(x, [count, 1, 1, 1])
  if (site === 'encoder') {
    return (count, active) => {
      const executor = inferenceExecutor(folded, active)
      const pyramid = aspp.forward(executor, executor.dropout('encoderHigh', repeat(high, count)))
      const reducedLow = decoder.reduceLow(executor, executor.dropout('encoderLow', repeat(low, count)))
      return decoder.forward(executor, decoder.join(pyramid, reducedLow))
    }
  }
  const pyramid = aspp.forward(fixed, high)
  const reducedLow = decoder.reduceLow(fixed, low)
  if (site === 'head') {
    const features = decoder.beforeLastDropout(fixed, decoder.join(pyramid, reducedLow))
    return (count, active) => decoder.fromLastDropout(inferenceExecutor(folded, active), repeat(features, count))
  }
  return (count, active) => {
    const executor = inferenceExecutor(folded, active)
    const dropped = executor.dropout('aspp', repeat(pyramid, count))
    return decoder.forward(executor, decoder.join(dropped, repeat(reducedLow, count)))
  }
}
