/** Weights files: numbers of a network trained elsewhere, from which a run's network can start. */
import type { EncoderName } from './config'

/** A weights file as the database holds it. */
export interface WeightsRecord {
  /** SHA-256 of the bytes; `CpralConfig.weights` refers to it. */
  key: string
  name: string
  bytes: ArrayBuffer
  /** The address it was fetched from; null for a person's own file. */
  source: string | null
  encoder: EncoderName
  /** See `NetworkConfig`. */
  firstExpansion: boolean
  /** The library whose names its tensors have, for people. */
  naming: string
}

/** A stored weights file without its bytes. */
export type WeightsSummary = Omit<WeightsRecord, 'bytes'> & { byteLength: number }

/** Mean and standard deviation of ImageNet's RGB in 0..1, by which every image is normalised for a network. */
export const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const

/** The only host besides its own that the page may ask: for weights, when a person gives an address there. */
export const WEIGHTS_HOST = 'huggingface.co'
