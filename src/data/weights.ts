/** Weights files: taken from a person or from an address, recognised, and kept under the hash of their bytes. */
import { AppError } from '../domain/errors'
import type { OnProgress } from '../domain/progress'
import type { WeightsRecord, WeightsSummary } from '../domain/weights'
import type { DataApi } from '../rpc/contract'
import type { Database } from '../storage/database'
import { sha256 } from '../storage/sha256'
import { findWeightsFrom, listWeights, putWeights } from '../storage/weights'
import { namingOf, refuseNotFinite } from '../weights/naming'
import { readWeightsFile } from '../weights/weights-file'
import { download } from './download'

/** Encoder weights are at most a few hundred megabytes; more would be another file by mistake. */
const MAX_BYTES = 2 ** 30

/** @throws AppError 'bad_file' when the bytes are no weights of an encoder that is known here. */
export function addWeights(
  db: Database,
  { name, bytes }: Parameters<DataApi['addWeights']>[0],
): Promise<WeightsSummary> {
  return store(db, { name, bytes, source: null })
}

/**
 * Weights from an address: from storage when they have been fetched before, else from there.
 * @throws AppError 'bad_file' when it cannot be reached, answers with something else, or breaks off
 */
export async function fetchWeights(
  db: Database,
  { url }: Parameters<DataApi['fetchWeights']>[0],
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<WeightsSummary> {
  const known = await findWeightsFrom(db, url)
  if (known) return summary(known)
  const bytes = await download({ url, maxBytes: MAX_BYTES, onProgress, signal })
  return store(db, { name: fileNameOf(url), bytes, source: url })
}

export async function summariseWeights(db: Database): Promise<WeightsSummary[]> {
  return (await listWeights(db)).map(summary)
}

async function store(db: Database, file: Pick<WeightsRecord, 'name' | 'bytes' | 'source'>): Promise<WeightsSummary> {
  const arrays = readWeightsFile(file.bytes, file.name)
  const { encoder, firstExpansion, label } = namingOf(arrays, file.name)
  refuseNotFinite(arrays, file.name)
  const record = { key: await sha256(file.bytes), ...file, encoder, firstExpansion, naming: label }
  await putWeights(db, record)
  return summary(record)
}

function summary({ bytes, ...rest }: WeightsRecord): WeightsSummary {
  return { ...rest, byteLength: bytes.byteLength }
}

/**
 * "timm/mobilenetv2_100.ra_in1k/model.safetensors" of a hub's address, else the last part: many files are called
 * `model`.
 */
function fileNameOf(address: string): string {
  const parts = decodeURIComponent(new URL(address).pathname).split('/').filter(Boolean)
  const resolve = parts.indexOf('resolve')
  const name = resolve > 0 ? [...parts.slice(0, resolve), ...parts.slice(resolve + 2)].join('/') : parts.at(-1)
  if (name) return name
  throw new AppError('bad_file', `${address} names no file.`, 'Give the address of a .safetensors, .pth or .pt file.')
}
