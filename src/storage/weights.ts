import { AppError } from '../domain/errors'
import type { WeightsRecord } from '../domain/weights'
import type { Database } from './database'
import { strictWrite } from './database'

/** @throws AppError `not_found` */
export async function getWeights(db: Database, key: string): Promise<WeightsRecord> {
  const weights = await db.get('weights', key)
  if (!weights) {
    throw new AppError(
      'not_found',
      `The weights file ${key.slice(0, 12)}… is not stored in this browser.`,
      'Add the weights file again, or start from scratch.',
    )
  }
  return weights
}

export function listWeights(db: Database): Promise<WeightsRecord[]> {
  return db.getAll('weights')
}

/** The weights that were fetched from this address before, or null. */
export async function findWeightsFrom(db: Database, source: string): Promise<WeightsRecord | null> {
  return (await listWeights(db)).find((weights) => weights.source === source) ?? null
}

export async function putWeights(db: Database, weights: WeightsRecord): Promise<void> {
  await strictWrite(db, ['weights'], (transaction) => transaction.store.put(weights))
}
