/** Loss and its slope by the ratings: ratings and losses [2B], pairWeights [B]. */
export function rankingLossReference(
  ratings: ArrayLike<number>,
  losses: ArrayLike<number>,
  pairWeights: ArrayLike<number>,
): { loss: number; slope: Float32Array } {
  const slope = new Float32Array(ratings.length)
  let loss = 0
  for (let i = 0; i < pairWeights.length; i++) {
    const j = ratings.length - 1 - i
    const sign = losses[i] > losses[j] ? 1 : -1
    const hinge = Math.max(0, 1 - sign * (ratings[i] - ratings[j]))
    loss += pairWeights[i] * hinge
    if (hinge > 0) slope[i] = -sign * pairWeights[i]
    if (hinge > 0) slope[j] = sign * pairWeights[i]
  }
  return { loss, slope }
}
