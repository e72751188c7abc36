/** Panoptic matching (paper, "Overall Pipeline"): rate every image by how hard it is, take those rated highest. */
import { AppError } from '../domain/errors'
import type { Size } from '../domain/size'

const MARGIN = 1

/**
 * Ranking loss of a batch of even size n (Learning Loss, Eq. 2): image i is paired with n-1-i, a pair costs
 * max(0, 1 - s (r_i - r_j)) with s = +1 if L_i > L_j, else -1; mean over the pairs. A pair with an image without valid
 * pixels is skipped. The target losses are constants.
 * @param ratings r, one per image
 * @param losses L, mean cross-entropy per image over its valid pixels
 * @param valid false for an image without valid pixels
 * @returns the loss and its gradient with respect to the ratings
 */
export function rankingLoss(
  ratings: Float32Array,
  losses: Float32Array,
  valid: readonly boolean[],
): { loss: number; gradient: Float32Array } {
  const n = ratings.length
  if (n % 2 !== 0) {
    throw new AppError(
      'bad_shape',
      `The ranking loss pairs images, but the batch has ${n}.`,
      'Choose an even batch size.',
    )
  }
  const pairs = Array.from({ length: n / 2 }, (_, i) => [i, n - 1 - i]).filter(([i, j]) => valid[i] && valid[j])
  const gradient = new Float32Array(n)
  let loss = 0
  for (const [i, j] of pairs) {
    const sign = losses[i] > losses[j] ? 1 : -1
    const hinge = MARGIN - sign * (ratings[i] - ratings[j])
    if (hinge <= 0) continue
    loss += hinge / pairs.length
    gradient[i] -= sign / pairs.length
    gradient[j] += sign / pairs.length
  }
  return { loss, gradient }
}

/** An image with its score and its position in the project, which breaks ties. */
export interface ScoredImage {
  imageId: string
  order: number
  score: number
}

/** The `count` images with the highest score, highest first; ties: project order. */
export function takeHighest<T extends ScoredImage>(images: readonly T[], count: number): T[] {
  return [...images].sort((a, b) => b.score - a.score || a.order - b.order).slice(0, count)
}

/** The `count` images with the lowest score, lowest first; ties: project order. */
export function takeLowest<T extends ScoredImage>(images: readonly T[], count: number): T[] {
  return [...images].sort((a, b) => a.score - b.score || a.order - b.order).slice(0, count)
}

/** Pixels whose ratings are computed together: small images share the cost of a forward pass's many small commands. */
const RATING_BATCH_PIXELS = 2 ** 18
const MOST_RATED_TOGETHER = 8

/** Images of a size that are rated in one forward pass. */
export function imagesRatedTogether({ height, width }: Size): number {
  return Math.min(MOST_RATED_TOGETHER, Math.max(1, Math.floor(RATING_BATCH_PIXELS / (height * width))))
}
