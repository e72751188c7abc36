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
