/** The images and labels of a training step as plain arrays, which can be transferred from a worker. */
import type { TrainingConfig } from '../domain/config'
import { IGNORE, PROVENANCE } from '../domain/labels'
import type { Size } from '../domain/size'
import type { RandomStream } from '../math/random'
import { augmentImage, normalizeInto } from './images'

/** One training image at the input size. */
export interface TrainingSample {
  /** H*W*3, sRGB bytes. */
  rgb: Uint8Array
  /** H*W class ids, 255 = not trained on. */
  classes: Uint8Array
  /** H*W of PROVENANCE: extended pixels get a lower weight. */
  provenance: Uint8Array
}

export interface BatchArrays {
  /** [B, H, W, 3], normalised. */
  images: Float32Array
  /** [B, H, W], 255 = ignore. */
  labels: Int32Array
  /** [B, H, W]: weight of each pixel in the loss, 0 where ignored. */
  weights: Float32Array
  /** Sum of weights of each image: 0 means no valid pixel. */
  weightSums: number[]
  /** Pixels with a weight above 0. */
  labelledPixels: number
  /** From 0: the pass over all images that the batch belongs to, and its position there. */
  pass: number
  step: number
}

/** Augments and stacks samples; extended pixels weigh `extendedWeight`, other labelled ones 1. */
export function stackSamples(
  samples: readonly TrainingSample[],
  { height, width }: Size,
  config: TrainingConfig,
  random: RandomStream,
): Omit<BatchArrays, 'pass' | 'step'> {
  const pixels = height * width
  const images = new Float32Array(samples.length * pixels * 3)
  const labels = new Int32Array(samples.length * pixels)
  const weights = new Float32Array(samples.length * pixels)
  let labelledPixels = 0
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
        const weight = sample.provenance[source] === PROVENANCE.extended ? config.extendedWeight : 1
        labels[target] = label
        weights[target] = label === IGNORE ? 0 : weight
        sum += weights[target] as number
        if (weights[target] > 0) labelledPixels++
      }
    }
    return sum
  })
  return { images, labels, weights, weightSums, labelledPixels }
}
