export interface SgdOptions {
  momentum: number
  weightDecay: number
  /** The step goes where the momentum will lead next; off unless told. */
  nesterov?: boolean
  /** The gradients of all parameters together are shortened to this norm where theirs is larger; null takes them as they are. */
  clipNorm?: number | null
}

/** The factor of all gradients, PyTorch's clip_grad_norm_; those of blocks with a negative rate do not count. */
function clipFactor(gradients: Float32Array, rates: ArrayLike<number>, clipNorm: number): number {
  const squares = gradients.map((gradient, i) => (rates[Math.floor(i / 64)] < 0 ? 0 : gradient * gradient))
  const norm = Math.sqrt(squares.reduce((sum, square) => sum + square, 0))
  return Math.min(1, clipNorm / (norm + 1e-6))
}

/**
 * One step of PyTorch's SGD, in place: g = factor of the clipping * g + wd * p; v = mu * v + g; p -= lr * v, or with Nesterov's
 * momentum p -= lr * (g + mu * v).
 * @param rates learning rate of each block of 64; a negative one leaves its block alone
 */
export function sgdStepReference(
  parameters: Float32Array,
  gradients: Float32Array,
  velocities: Float32Array,
  rates: ArrayLike<number>,
  { momentum, weightDecay, nesterov = false, clipNorm = null }: SgdOptions,
): void {
  const factor = clipNorm === null ? 1 : clipFactor(gradients, rates, clipNorm)
  for (let i = 0; i < parameters.length; i++) {
    const rate = rates[Math.floor(i / 64)]
    if (rate < 0) continue
    const gradient = factor * gradients[i] + weightDecay * parameters[i]
    velocities[i] = momentum * velocities[i] + gradient
    parameters[i] -= rate * (nesterov ? gradient + momentum * velocities[i] : velocities[i])
  }
}
