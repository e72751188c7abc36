/** Pointwise functions that are fused behind batch normalisation. */
export type Activation = 'none' | 'relu' | 'relu6'

/** Upper end of the activation's range; its lower end is 0, or -infinity for 'none'. */
export function activationCeiling(activation: Activation): number {
  return activation === 'relu6' ? 6 : Number.POSITIVE_INFINITY
}

export function activationFloor(activation: Activation): number {
  return activation === 'none' ? Number.NEGATIVE_INFINITY : 0
}

export function activate(value: number, activation: Activation): number {
  return Math.min(Math.max(value, activationFloor(activation)), activationCeiling(activation))
}

/** Derivative of the activation at `value`: 0 at both ends of the range, as in PyTorch. */
export function activationSlope(value: number, activation: Activation): number {
  return value > activationFloor(activation) && value < activationCeiling(activation) ? 1 : 0
}

const LARGEST = 3.4028234663852886e38

/** The activation's range in numbers that a float32 holds. */
export function activationRange(activation: Activation): { lowest: number; highest: number } {
  return {
    lowest: Math.max(activationFloor(activation), -LARGEST),
    highest: Math.min(activationCeiling(activation), LARGEST),
  }
}
