export interface SgdOptions {
  learningRate: number
  momentum: number
  weightDecay: number
}

/** One step of PyTorch's SGD, in place: g += wd * p; v = mu * v + g; p -= lr * v. */
export function sgdStepReference(
  parameter: Float32Array,
  gradient: Float32Array,
  velocity: Float32Array,
  { learningRate, momentum, weightDecay }: SgdOptions,
): void {
  for (let i = 0; i < parameter.length; i++) {
    velocity[i] = momentum * velocity[i] + gradient[i] + weightDecay * parameter[i]
    parameter[i] -= learningRate * velocity[i]
  }
}
