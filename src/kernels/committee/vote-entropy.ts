import * as tf from '@tensorflow/tfjs-core'
import { softVotes } from './soft-votes'
import type { Vote } from './vote-entropy.reference'

export interface VoteEntropyAttrs {
  height: number
  width: number
}

/**
 * Entropy of the votes of m Monte-Carlo passes (paper Eq. 4): each pass is upsampled (bilinear, corners aligned) and votes
 * for its most probable class ('hard'; the lowest class wins a tie) or with its softmax ('soft'). Not differentiable.
 * @param logits [m, h, w, C]
 * @returns [height, width] in bits, 0..log2(C)
 */
export function voteEntropy(
  logits: tf.Tensor4D,
  { height, width }: { height: number; width: number },
  vote: Vote,
): tf.Tensor2D {
  if (vote === 'hard') return tf.engine().runKernel('VoteEntropy', { logits }, { height, width }) as tf.Tensor2D
  const { entropy, margin, disagreement } = softVotes(logits, { height, width })
  tf.dispose([margin, disagreement])
  return entropy
}
