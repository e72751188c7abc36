import * as tf from '@tensorflow/tfjs-core'

export interface SoftVotesAttrs {
  height: number
  width: number
}

export interface SoftVotes {
  /** [H, W]: entropy of the mean softmax, 0..log2(C) bits (the paper's soft vote entropy). */
  entropy: tf.Tensor2D
  /** [H, W]: how far the mean softmax's best class is ahead of its second, 0..1. */
  margin: tf.Tensor2D
  /**
   * [H, W]: entropy of the mean less the mean of the passes' entropies, bits: what they do not know together but would each decide,
   * the mutual information of BALD (Houlsby et al. 2011).
   */
  disagreement: tf.Tensor2D
}

/**
 * Entropy, margin and disagreement of the softmaxes of m Monte-Carlo passes, each pass upsampled (bilinear, corners aligned)
 * first. Not differentiable.
 * @param logits [m, h, w, C]
 */
export function softVotes(logits: tf.Tensor4D, { height, width }: SoftVotesAttrs): SoftVotes {
  const maps = tf.engine().runKernel('SoftVotes', { logits }, { height, width }) as tf.Tensor[]
  const [entropy, margin, disagreement] = maps as tf.Tensor2D[]
  return { entropy, margin, disagreement }
}
