import type { CpralConfig } from '../domain/config'
import type { Effort } from '../domain/run'

/** The config that a run computes with: its own, with what the engine could not bear made smaller. */
export function withEffort(config: CpralConfig, effort?: Effort): CpralConfig {
  if (!effort) return config
  return {
    ...config,
    training: { ...config.training, batchSize: effort.batchSize ?? config.training.batchSize },
    monteCarlo: { ...config.monteCarlo, chunkShare: effort.share },
  }
}
