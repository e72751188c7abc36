import { type Activation, activate, activationSlope } from '../activation'

/** Per-channel mean and biased variance of an [..., C] raster, in float64. */
function moments(x: Float32Array, channels: number): { mean: Float64Array; variance: Float64Array } {
  const mean = new Float64Array(channels)
  const variance = new Float64Array(channels)
  const count = x.length / channels
  for (let i = 0; i < x.length; i++) mean[i % channels] += x[i] / count
  for (let i = 0; i < x.length; i++) variance[i % channels] += (x[i] - mean[i % channels]) ** 2 / count
  return { mean, variance }
}

/** Batch normalisation with batch statistics; x is [..., C] with C = gamma.length. */
export function batchNormTrainReference(
  x: Float32Array,
  gamma: Float32Array,
  beta: Float32Array,
  activation: Activation,
  epsilon: number,
): { y: Float32Array; mean: Float32Array; variance: Float32Array } {
  const channels = gamma.length
  const { mean, variance } = moments(x, channels)
  const y = x.map((value, i) => {
    const c = i % channels
    return activate(((value - mean[c]) / Math.sqrt(variance[c] + epsilon)) * gamma[c] + beta[c], activation)
  })
  return { y, mean: Float32Array.from(mean), variance: Float32Array.from(variance) }
}

/** Gradients of `batchNormTrainReference` through y; the activation's mask is recomputed from x. */
export function batchNormTrainGradReference(
  dy: Float32Array,
  x: Float32Array,
  gamma: Float32Array,
  beta: Float32Array,
  mean: Float32Array,
  variance: Float32Array,
  activation: Activation,
  epsilon: number,
): { dx: Float32Array; dgamma: Float32Array; dbeta: Float32Array } {
  const channels = gamma.length
  const count = x.length / channels
  const deviation = Array.from(variance, (value) => Math.sqrt(value + epsilon))
  const normalised = (i: number) => (x[i] - mean[i % channels]) / deviation[i % channels]
  const masked = (i: number) =>
    dy[i] * activationSlope(normalised(i) * gamma[i % channels] + beta[i % channels], activation)
  const dgamma = new Float64Array(channels)
  const dbeta = new Float64Array(channels)
  for (let i = 0; i < x.length; i++) {
    dgamma[i % channels] += masked(i) * normalised(i)
    dbeta[i % channels] += masked(i)
  }
  const dx = x.map((_, i) => {
    const c = i % channels
    return (gamma[c] / deviation[c]) * (masked(i) - dbeta[c] / count - (normalised(i) * dgamma[c]) / count)
  })
  return { dx, dgamma: Float32Array.from(dgamma), dbeta: Float32Array.from(dbeta) }
}

/** activation(x * scale[c] + shift[c]). */
export function scaleShiftReference(
  x: Float32Array,
  scale: Float32Array,
  shift: Float32Array,
  activation: Activation,
): Float32Array {
  const channels = scale.length
  return x.map((value, i) => activate(value * scale[i % channels] + shift[i % channels], activation))
}
