export interface AdamOptions {
  learningRate: number
  /** Share of its old value that the first moment keeps: 0.9 unless told. */
  beta1?: number
  /** Share of its old value that the second moment keeps: 0.999 unless told. */
  beta2?: number
  /** Added behind the root: 1e-8 unless told. */
  epsilon?: number
  /** Number of this step, from 1 on: the moments begin at zero, and early ones are scaled up for it. */
  step: number
  /** The gradients of all parameters together are shortened to this norm where theirs is larger; null takes them as they are. */
  clipNorm?: number | null
}

/** What a step multiplies with, from its options. */
export interface AdamFactors {
  /** Shares of the new value in the first and second moment. */
  firstShare: number
  secondShare: number
  /** Learning rate, scaled up for the first moment's begin at zero. */
  rate: number
  /** Scale of the second moment's root for its begin at zero. */
  rootScale: number
  epsilon: number
  /** Negative where nothing is clipped. */
  clipNorm: number
}

export function adamFactors({
  learningRate,
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
  step,
  clipNorm = null,
}: AdamOptions): AdamFactors {
  return {
    firstShare: 1 - beta1,
    secondShare: 1 - beta2,
    rate: learningRate / (1 - beta1 ** step),
    rootScale: 1 / Math.sqrt(1 - beta2 ** step),
    epsilon,
    clipNorm: clipNorm ?? -1,
  }
}

/** The factor of all gradients: PyTorch's clip_grad_norm_. */
function clipFactor(gradients: Float32Array, clipNorm: number): number {
  if (clipNorm < 0) return 1
  const norm = Math.sqrt(gradients.reduce((sum, gradient) => sum + gradient * gradient, 0))
  return Math.min(1, clipNorm / (norm + 1e-6))
}

/**
 * One step of Adam (Kingma and Ba, algorithm 1; PyTorch's), in place: g = factor of the clipping * g; m = b1 m + (1 - b1) g;
 * v = b2 v + (1 - b2) g^2; p -= rate / (1 - b1^t) * m / (sqrt(v / (1 - b2^t)) + epsilon).
 */
export function adamStepReference(
  parameters: Float32Array,
  gradients: Float32Array,
  first: Float32Array,
  second: Float32Array,
  options: AdamOptions,
): void {
  const { firstShare, secondShare, rate, rootScale, epsilon, clipNorm } = adamFactors(options)
  const factor = clipFactor(gradients, clipNorm)
  for (let i = 0; i < parameters.length; i++) {
    const gradient = factor * gradients[i]
    const m = (1 - firstShare) * first[i] + firstShare * gradient
    const v = (1 - secondShare) * second[i] + secondShare * gradient * gradient
    first[i] = m
    second[i] = v
    parameters[i] -= (rate * m) / (rootScale * Math.sqrt(v) + epsilon)
  }
}
