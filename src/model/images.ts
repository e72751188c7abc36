/**
 * Images as the network sees them, and the training's augmentation: flip and Gaussian blur (the paper's Implementation
 * details).
 */
import * as tf from '@tensorflow/tfjs-core'
import type { TrainingConfig } from '../domain/config'
import type { Size } from '../domain/size'
import { IMAGENET } from '../domain/weights'
import type { TrainingSample } from '../loop/learner'
import type { RandomStream } from '../math/random'

/** H*W*3 floats of `rgb` bytes, normalised, into `target` at `offset`. */
export function normalizeInto(target: Float32Array, offset: number, rgb: ArrayLike<number>): void {
  // One kind of array, so that the loop is compiled for it.
  const values = rgb instanceof Float32Array ? rgb : new Float32Array(rgb)
  for (let c = 0; c < 3; c++) {
    const scale = 1 / (255 * (IMAGENET.deviation[c] as number))
    const shift = (IMAGENET.mean[c] as number) / (IMAGENET.deviation[c] as number)
    for (let i = c; i < values.length; i += 3) target[offset + i] = (values[i] as number) * scale - shift
  }
}

/** One image as a tensor [1, H, W, 3]. */
export function inputTensor(rgb: Uint8Array, { height, width }: Size): tf.Tensor4D {
  const values = new Float32Array(rgb.length)
  normalizeInto(values, 0, rgb)
  return tf.tensor4d(values, [1, height, width, 3])
}

export interface Batch {
  /** [B, H, W, 3]. */
  images: tf.Tensor4D
  /** [B, H, W] int32, 255 = ignore. */
  labels: tf.Tensor3D
  /** [B, H, W]: 1 for human or oracle labels, `extendedWeight` for extended ones, 0 where ignored. */
  weights: tf.Tensor3D
  /** Sum of weights of each image: 0 means no valid pixel. */
  weightSums: number[]
}

/** Augments and stacks samples. Tensors belong to the caller. */
export function makeBatch(
  samples: TrainingSample[],
  { height, width }: Size,
  config: TrainingConfig,
  extendedProvenance: number,
  random: RandomStream,
): Batch {
  const pixels = height * width
  const images = new Float32Array(samples.length * pixels * 3)
  const labels = new Int32Array(samples.length * pixels)
  const weights = new Float32Array(samples.length * pixels)
  const weightSums = samples.map((sample, n) => {
    const isFlipped = random.next() < config.flipProbability
    const blurSigma = random.next() < config.blurProbability ? random.next() : 0
    const rgb = augmentImage(sample.rgb, { height, width }, isFlipped, blurSigma)
    normalizeInto(images, n * pixels * 3, rgb)
    let sum = 0
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const source = y * width + (isFlipped ? width - 1 - x : x)
        const target = n * pixels + y * width + x
        const label = sample.classes[source] as number
        const weight = sample.provenance[source] === extendedProvenance ? config.extendedWeight : 1
        labels[target] = label
        weights[target] = label === 255 ? 0 : weight
        sum += weights[target] as number
      }
    }
    return sum
  })
  return {
    images: tf.tensor4d(images, [samples.length, height, width, 3]),
    labels: tf.tensor3d(labels, [samples.length, height, width], 'int32'),
    weights: tf.tensor3d(weights, [samples.length, height, width]),
    weightSums,
  }
}

/**
 * Flips, then blurs each channel with a Gaussian of `sigma` pixels (0 = none), edges repeated. Bytes in, floats 0..255
 * out.
 */
export function augmentImage(rgb: Uint8Array, size: Size, isFlipped: boolean, sigma: number): ArrayLike<number> {
  const flipped = isFlipped ? flipImage(rgb, size) : rgb
  const radius = Math.ceil(3 * sigma)
  if (radius === 0 || sigma < 0.1) return flipped
  const kernel = Array.from({ length: radius + 1 }, (_, d) => Math.exp((-d * d) / (2 * sigma * sigma)))
  const total = 2 * kernel.reduce((sum, value) => sum + value, 0) - 1
  const weights = kernel.map((value) => value / total)
  return blurColumns(blurRows(new Float32Array(flipped), size, weights), size, weights)
}

function flipImage(rgb: Uint8Array, { height, width }: Size): Uint8Array {
  const flipped = new Uint8Array(rgb.length)
  for (let y = 0; y < height; y++) {
    let target = 3 * y * width
    for (let source = target + 3 * (width - 1); source >= 3 * y * width; source -= 3, target += 3) {
      flipped[target] = rgb[source] as number
      flipped[target + 1] = rgb[source + 1] as number
      flipped[target + 2] = rgb[source + 2] as number
    }
  }
  return flipped
}

/** Blurs along x. `weights[d]` is the weight of the pixels at distance d on both sides. */
function blurRows(source: Float32Array, { height, width }: Size, weights: number[]): Float32Array {
  const blurred = new Float32Array(source.length)
  const reach = 3 * (weights.length - 1)
  const last = 3 * (width - 1)
  for (let y = 0; y < height; y++) {
    const row = 3 * y * width
    for (let i = 0; i < 3 * width; i++) {
      const c = i % 3
      const isInside = i >= reach && i + reach < 3 * width
      let sum = (weights[0] as number) * (source[row + i] as number)
      for (let d = 1; d < weights.length; d++) {
        const before = isInside ? i - 3 * d : Math.max(0, i - c - 3 * d) + c
        const after = isInside ? i + 3 * d : Math.min(last, i - c + 3 * d) + c
        sum += (weights[d] as number) * ((source[row + before] as number) + (source[row + after] as number))
      }
      blurred[row + i] = sum
    }
  }
  return blurred
}

/** Blurs along y, row by row, so that memory is read in order. */
function blurColumns(source: Float32Array, { height, width }: Size, weights: number[]): Float32Array {
  const blurred = new Float32Array(source.length)
  const length = 3 * width
  // A row is summed in float64 and rounded once.
  const sums = new Float64Array(length)
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < length; i++) sums[i] = (weights[0] as number) * (source[y * length + i] as number)
    for (let d = 1; d < weights.length; d++) {
      const weight = weights[d] as number
      const before = Math.max(0, y - d) * length
      const after = Math.min(height - 1, y + d) * length
      for (let i = 0; i < length; i++) {
        sums[i] = (sums[i] as number) + weight * ((source[before + i] as number) + (source[after + i] as number))
      }
    }
    blurred.set(sums, y * length)
  }
  return blurred
}
