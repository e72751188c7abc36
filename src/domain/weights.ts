/** Weights files, and what the networks behind them expect. */
import type { EncoderName } from './config'

export interface WeightsRecord {
  /** SHA-256 of the bytes. */
  key: string
  name: string
  bytes: ArrayBuffer
  /** Address it was fetched from; null for a file of the person's own. */
  source: string | null
  encoder: EncoderName
  firstExpansion: boolean
  /** Whose names its tensors have, for people. */
  naming: string
}

/** A stored weights file; `key`, the SHA-256 of its bytes, goes into `CpralConfig.weights`. */
export type WeightsSummary = Omit<WeightsRecord, 'bytes'> & { byteLength: number }

/** Statistics of ImageNet's RGB in [0, 1], by which every image is normalised before a network sees it. */
export const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const

/** The one host besides the page's own that it may ask: for weights, when the person names a file there. */
export const WEIGHTS_HOST = 'huggingface.co'
