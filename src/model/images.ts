/** Images as the network sees them, and the training augmentation (spec section 5). */
import * as tf from '@tensorflow/tfjs'
import type { Size, TrainingConfig } from '../cpral/config'
import type { TrainingSample } from '../cpral/learner'
import type { RandomStream } from '../math/random'

/** ImageNet statistics of RGB in [0, 1]. */
const MEAN = [0.485, 0.456, 0.406] as const
const DEVIATION = [0.229, 0.224, 0.225] as const

/** H*W*3 floats of `rgb` bytes, normalised, into `target` at `offset`. */
export function normalizeInto(target: Float32Array, offset: number, rgb: ArrayLike<number>): void {
  for (let c = 0; c < 3; c++) {
    const scale = 1 / (255 * (DEVIATION[c] as number))
    const shift = (MEAN[c] as number) / (DEVIATION[c] as number)
    for (let i = c; i < rgb.length; i += 3) target[offset + i] = (rgb[i] as number) * scale - shift
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

/** Flips, then blurs each channel with a Gaussian of `sigma` pixels (0 = none), edges repeated. Bytes in, floats 0..255 out. */
export function augmentImage(rgb: Uint8Array, size: Size, isFlipped: boolean, sigma: number): ArrayLike<number> {
  const flipped = isFlipped ? flipImage(rgb, size) : rgb
  const radius = Math.ceil(3 * sigma)
  if (radius === 0 || sigma < 0.1) return flipped
  const kernel = Array.from({ length: radius + 1 }, (_, d) => Math.exp((-d * d) / (2 * sigma * sigma)))
  const total = 2 * kernel.reduce((sum, value) => sum + value, 0) - 1
  const weights = kernel.map((value) => value / total)
  return blurAxis(blurAxis(flipped, size, weights, 'x'), size, weights, 'y')
}

function flipImage(rgb: Uint8Array, { height, width }: Size): Uint8Array {
  const flipped = new Uint8Array(rgb.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const source = 3 * (y * width + width - 1 - x)
      flipped.set(rgb.subarray(source, source + 3), 3 * (y * width + x))
    }
  }
  return flipped
}

/** `weights[d]` is the weight at distance d on both sides. */
function blurAxis(
  source: ArrayLike<number>,
  { height, width }: Size,
  weights: number[],
  axis: 'x' | 'y',
): Float32Array {
  const blurred = new Float32Array(source.length)
  const [length, lines, step, lineStep] = axis === 'x' ? [width, height, 3, 3 * width] : [height, width, 3 * width, 3]
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < length; i++) {
      for (let c = 0; c < 3; c++) {
        const base = line * lineStep + c
        let sum = (weights[0] as number) * (source[base + i * step] as number)
        for (let d = 1; d < weights.length; d++) {
          const before = source[base + Math.max(0, i - d) * step] as number
          const after = source[base + Math.min(length - 1, i + d) * step] as number
          sum += (weights[d] as number) * (before + after)
        }
        blurred[base + i * step] = sum
      }
    }
  }
  return blurred
}
