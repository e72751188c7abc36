/** The published weights that a run starts from, read from storage and fitted to its encoder. */
import type { CpralConfig } from '../domain/config'
import { AppError } from '../domain/errors'
import type { WeightsRecord } from '../domain/weights'
import { buildEncoder } from '../model/encoders'
import { importWeights } from '../model/import-weights'
import type { InitialWeights } from '../model/tf-learner'
import type { Database } from '../storage/database'
import { getWeights } from '../storage/weights'
import { readWeightsFile } from '../weights/weights-file'

/**
 * Null when the run starts from scratch.
 * @throws AppError `not_found`, `bad_file` when a tensor is missing or does not fit
 */
export async function initialWeights(db: Database, config: CpralConfig): Promise<InitialWeights | null> {
  if (!config.weights) return null
  const { name, bytes } = await getWeights(db, config.weights)
  const arrays = importWeights(readWeightsFile(bytes, name), buildEncoder(config.network), name)
  return { arrays, fileName: name }
}

/**
 * The config with the encoder as the file has it.
 * @throws AppError `bad_config` when the file is of another encoder.
 */
export function withWeights(config: CpralConfig, weights: WeightsRecord): CpralConfig {
  if (weights.encoder !== config.network.encoder) {
    throw new AppError(
      'bad_config',
      `"${weights.name}" holds weights of ${weights.encoder}, and the run's encoder is ${config.network.encoder}.`,
      `Choose the encoder ${weights.encoder}, or other weights.`,
    )
  }
  return { ...config, network: { ...config.network, firstExpansion: weights.firstExpansion } }
}
