import * as tf from '@tensorflow/tfjs-core'

export interface PixelStatisticsAttrs {
  height: number
  width: number
}

export interface PixelStatistics {
  /** int32 [N, H, W]: most probable class, the lowest wins a tie. */
  prediction: tf.Tensor3D
  /** [N, H, W]: its probability. */
  confidence: tf.Tensor3D
  /** [N, H, W]: how far it is ahead of the second. */
  margin: tf.Tensor3D
  /** [N, H, W]: entropy of the softmax in bits. */
  entropy: tf.Tensor3D
}

/**
 * Statistics of every pixel that the image scores are made of: of the softmax of logits upsampled (bilinear, corners aligned)
 * to `size`. Not differentiable.
 * @param logits [N, h, w, C]
 */
export function pixelStatistics(
  logits: tf.Tensor4D,
  { height, width }: { height: number; width: number },
): PixelStatistics {
  const outputs = tf.engine().runKernel('PixelStatistics', { logits }, { height, width }) as tf.Tensor[]
  const [prediction, confidence, margin, entropy] = outputs as tf.Tensor3D[]
  return { prediction, confidence, margin, entropy }
}
