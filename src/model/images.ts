/** Images and batches as tensors. */
import * as tf from '@tensorflow/tfjs-core'
import type { Size } from '../domain/size'
import type { BatchArrays } from '../loader/batch'
import { normalizeInto } from '../loader/images'

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
  /** [B, H, W]: weight of each pixel in the loss, 0 where ignored. */
  weights: tf.Tensor3D
  /** Sum of weights of each image: 0 means no valid pixel. */
  weightSums: number[]
}

/** The arrays as tensors, which belong to the caller. */
export function batchTensors(
  arrays: Pick<BatchArrays, 'images' | 'labels' | 'weights' | 'weightSums'>,
  { height, width }: Size,
): Batch {
  const { images, labels, weights, weightSums } = arrays
  const count = weightSums.length
  return {
    images: tf.tensor4d(images, [count, height, width, 3]),
    labels: tf.tensor3d(labels, [count, height, width], 'int32'),
    weights: tf.tensor3d(weights, [count, height, width]),
    weightSums,
  }
}
