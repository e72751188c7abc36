import type { CpralConfig } from '../domain/config'
import type { Effort } from '../domain/run'

/** The config that a run computes with: its own, with less work at a time where the engine has failed. */
export function withEffort(config: CpralConfig, effort?: Effort): CpralConfig {
  if (!effort) return config
  return {
    ...config,
    training: { ...config.training, batchSize: effort.batchSize ?? config.training.batchSize },
    monteCarlo: { ...config.monteCarlo, chunkShare: effort.share },
  }
}
