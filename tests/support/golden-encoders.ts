/** Forward passes of the whole networks as PyTorch computed them: tests/golden/make_encoders.py. */
import * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { defaultConfig } from '../../src/cpral/presets'
import type { EncoderName, PresetName } from '../../src/domain/config'
import { foldParameters, inferenceExecutor } from '../../src/model/executors'
import { buildNetwork, forwardSegmentation } from '../../src/model/network'
import { disposeParameters } from '../../src/model/parameters'
import { poolTaps } from '../../src/model/rating-head'
import golden from '../golden/encoders.json'
import { goldenParameters, norm, uniform } from './golden-network'

/** No multiple of 8 or 16. */
export const [HEIGHT, WIDTH] = [33, 49]
const CLASSES = 19
/** Of the largest value of its kind. Float32 sums of up to 18432 products, through up to 58 layers. */
const TOLERANCE = 1e-4

const dataset = {
  format: 'camvid',
  source: 'folder',
  trainImages: 367,
  imageSize: { height: HEIGHT, width: WIDTH },
} as const

export function images(batch: number): tf.Tensor4D {
  return tf.tensor4d(uniform('images', batch * HEIGHT * WIDTH * 3), [batch, HEIGHT, WIDTH, 3])
}

function expectClose(found: ArrayLike<number>, expected: number[], what: string): void {
  const scale = Math.max(...expected.map(Math.abs))
  expected.forEach((value, i) => {
    expect(Math.abs((found[i] as number) - value) / scale, `${what} ${i}`).toBeLessThan(TOLERANCE)
  })
}

/** Every so many of the values, as the script takes them. */
function spread(values: ArrayLike<number>, count: number): number[] {
  const step = Math.max(1, Math.floor(values.length / count))
  return Array.from({ length: count }, (_, i) => values[i * step] as number)
}

export const INFERENCE = golden.inference

/** Logits, taps and rating of one encoder and preset, on the engine that is there. */
export async function infersLikePyTorch(expected: (typeof INFERENCE)[number]): Promise<void> {
  const config = defaultConfig(dataset, expected.preset as PresetName, {
    network: { encoder: expected.encoder as EncoderName },
  })
  const network = buildNetwork(config.network, CLASSES)
  const parameters = goldenParameters(network, { running: true })
  const folded = foldParameters(network, parameters)
  const { logits, pooled, rating } = tf.tidy(() => {
    const { logits, taps } = forwardSegmentation(network, inferenceExecutor(folded), images(1))
    const pooled = poolTaps(taps)
    const parameter = (name: string) => parameters.values.get(name) as tf.Tensor
    return { logits, pooled, rating: network.ratingHead.forward(parameter, pooled) }
  })
  const values = await logits.data()
  const tapNorms = await Promise.all(pooled.map(async (tap) => norm(await tap.data())))
  const ratings = await rating.data()
  expect(logits.shape).toEqual(expected.shape)
  expect(norm(values) / expected.norm).toBeCloseTo(1, 4)
  expectClose(spread(values, expected.logits.length), expected.logits, 'logit')
  tapNorms.forEach((found, i) => {
    expect(found / (expected.tapNorms[i] as number), `tap ${i}`).toBeCloseTo(1, 4)
  })
  expect(Math.abs((ratings[0] as number) - expected.rating)).toBeLessThan(1e-3 * Math.max(1, Math.abs(expected.rating)))
  folded.dispose()
  disposeParameters(parameters)
  tf.dispose([logits, rating, ...pooled])
}
