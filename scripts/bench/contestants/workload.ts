/** The same nets, weights and images for every contestant; pure functions of their names. */
import type * as tf from '@tensorflow/tfjs-core'
import { type ConfigOverrides, defaultConfig } from '../../../src/cpral/presets'
import type { CpralConfig } from '../../../src/domain/config'
import type { TrainingSample } from '../../../src/loader/batch'
import { randomStream } from '../../../src/math/random'
import { type Network, parameterSpecs } from '../../../src/model/network'
import { publishedShape } from '../../../src/weights/layout'
import type { NamedArrays } from '../../../src/weights/safetensors'

/** CamVid's. */
export const CLASSES = 11
export const BATCH = 4
/** Of a training step: the demo's. */
export const TRAINING_SIZE = { height: 128, width: 256 }
/** Of a query: CamVid's at half the usual size. */
export const QUERY_SIZE = { height: 180, width: 240 }
/** What `light` makes of a person's photos of 720x960. */
export const PERSON_SIZE = { height: 384, width: 512 }
/** Where two contestants show that they train the same net: small, for a slow adapter's sake. */
export const PROOF_SIZE = { height: 32, width: 64 }

/** The demo's constants at a size of our choice. */
export function configOf(preset: CpralConfig['preset'], overrides: ConfigOverrides = {}): CpralConfig {
  const dataset = { format: 'generic', source: 'demo', trainImages: 100, imageSize: TRAINING_SIZE } as const
  return defaultConfig(dataset, preset, { size: TRAINING_SIZE, ...overrides })
}

/** Kaiming filters, scales around 1 and small biases, in published layout. */
export function publishedWeights(network: Network): NamedArrays {
  const arrays: NamedArrays = new Map()
  parameterSpecs(network).forEach((spec, i) => {
    const stream = randomStream(1, 'bench-weights', i)
    const count = spec.shape.reduce((product, extent) => product * extent, 1)
    const isFilter = spec.kind === 'filter' || spec.kind === 'depthwise-filter' || spec.kind === 'dense'
    const deviation = isFilter ? Math.sqrt(2 / spec.fanIn) : 0.1
    const mean = spec.kind === 'scale' ? 1 : 0
    const values = Float32Array.from({ length: count }, () => mean + deviation * stream.normal())
    arrays.set(spec.name, { shape: publishedShape(spec.kind, spec.shape), values })
  })
  return arrays
}

/** A scene of soft blobs whose labels follow the picture; every seventh row is unlabelled. */
export function sampleImage(index: number, { height, width } = TRAINING_SIZE): TrainingSample {
  const rgb = new Uint8Array(height * width * 3)
  const classes = new Uint8Array(height * width)
  const phase = randomStream(1, 'bench-image', index)
  const [a, b, c] = [phase.next() * 6, phase.next() * 6, phase.next() * 6]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const waves = [Math.sin(x / 17 + a), Math.sin(y / 11 + b), Math.sin((x + y) / 23 + c)]
      for (let k = 0; k < 3; k++) rgb[3 * i + k] = 128 + 100 * waves[k] + 20 * phase.next()
      const height01 = (waves[0] + waves[1] + waves[2] + 3) / 6
      classes[i] = y % 7 === 6 ? 255 : Math.min(CLASSES - 1, Math.floor(height01 * CLASSES))
    }
  }
  return { rgb, classes, provenance: new Uint8Array(height * width) }
}

export function sampleImages(count: number, size = TRAINING_SIZE): TrainingSample[] {
  return Array.from({ length: count }, (_, i) => sampleImage(i, size))
}

/** Of the proof: so small that no two images change places, where the ranking loss jumps. */
export const PROOF_RATE = 1e-7

/**
 * The loss of a step without dropout, and a thousand times its change by that step: the change shows the gradients and the optimizer.
 */
export async function proofOf(step: () => tf.Scalar): Promise<number[]> {
  const losses: number[] = []
  for (let i = 0; i < 2; i++) {
    const loss = step()
    losses.push((await loss.data())[0])
    loss.dispose()
  }
  const [first, second] = losses
  return [first, 1000 * (second - first)]
}

/** Mean of logits [..., classes] by class, and the first ones. */
export function classMeans(logits: Float32Array): number[] {
  const means = new Array<number>(CLASSES).fill(0)
  logits.forEach((value, i) => {
    means[i % CLASSES] += (value * CLASSES) / logits.length
  })
  return [...means, ...logits.slice(0, CLASSES)]
}
