/** An estimate of the memory that training takes, made before it is tried, from the sizes of the network's maps. */
import { type CpralConfig, type EncoderName, isDrnName, type NetworkConfig } from '../domain/config'

/** Outputs of the encoder's convolutions, in numbers a pixel of the image, at width 1. */
export const ENCODER_FLOATS_PER_PIXEL: Record<EncoderName, number> = {
  mobilenetv2: 152.75,
  resnet9: 12.125,
  'drn-d-22': 146,
  'drn-d-38': 210,
  'drn-d-54': 554,
}

/** The backward pass of a convolution needs two maps: its output, and its output normalised. */
const MAPS_KEPT = 2
const GIGABYTE = 2 ** 30
/**
 * Most machines can give this much: 32-bit WebAssembly has 4 GB for everything, a browser's part of a graphics card is
 * often less.
 */
const SAFE_BYTES = 2 * GIGABYTE

/** Outputs of pyramid and decoder, in numbers a pixel of the image. */
function headFloatsPerPixel({ encoder, channels, separable }: NetworkConfig, classes: number): number {
  const stride = isDrnName(encoder) ? 8 : 16
  // Four branches and the projection; the concatenation of five is as large again.
  const pyramid = (5 * channels + 5 * channels) / stride ** 2
  const joined = channels + 48
  const decoder = (48 + joined + 2 * channels + (separable ? joined + channels : 0) + classes) / 16
  return pyramid + decoder
}

/**
 * Bytes of the maps that one training step keeps; the network's own numbers are small beside them, and so is one more
 * copy of them, their averages. A teacher's pass on the batch keeps one map of a convolution, not two, and is over before
 * the step's own begins: it does not raise the peak.
 */
export function trainingBytes({ network, size, training }: CpralConfig, classes: number): number {
  const pixels = training.batchSize * size.height * size.width
  const encoder = ENCODER_FLOATS_PER_PIXEL[network.encoder] * network.width
  // Logits at full size, and their gradient.
  const logits = 2 * classes
  return 4 * pixels * (MAPS_KEPT * (encoder + headFloatsPerPixel(network, classes)) + logits)
}

/**
 * A sentence when training is likely not to fit into memory, else null. It may still fit: nothing has been measured.
 */
export function memoryWarning(config: CpralConfig, classes: number): string | null {
  const bytes = trainingBytes(config, classes)
  if (bytes < SAFE_BYTES) return null
  const { size, training } = config
  const gigabytes = (bytes / GIGABYTE).toFixed(1)
  return `A training step of ${training.batchSize} images at ${size.height} x ${size.width} keeps about ${gigabytes} GB of maps. The WASM engine has 4 GB for everything, and a graphics card may have less free. A smaller input size, batch or encoder needs less.`
}
