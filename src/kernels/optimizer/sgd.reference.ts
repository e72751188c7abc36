export interface SgdOptions {
  momentum: number
  weightDecay: number
}

/**
 * One step of PyTorch's SGD, in place: g += wd * p; v = mu * v + g; p -= lr * v.
 * @param rates learning rate of each block of 64; a negative one leaves its block alone
 */
export function sgdStepReference(
  parameters: Float32Array,
  gradients: Float32Array,
  velocities: Float32Array,
  rates: ArrayLike<number>,
  { momentum, weightDecay }: SgdOptions,
): void {
  for (let i = 0; i < parameters.length; i++) {
    const rate = rates[Math.floor(i / 64)]
    if (rate < 0) continue
    velocities[i] = momentum * velocities[i] + gradients[i] + weightDecay * parameters[i]
    parameters[i] -= rate * velocities[i]
  }
}
