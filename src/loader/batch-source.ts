/** Where a round's training gets its batches from. */
import { AppError } from '../domain/errors'
import type { Labels } from '../domain/labels'
import type { BatchArrays } from './batch'
import { type BatchRules, roundBatches } from './round-batches'

export interface BatchRequest {
  rules: BatchRules
  round: number
  /** Labelled images in project order. */
  imageIds: string[]
  /** Steps of the round: none after them is made ahead. */
  steps: number
}

export interface BatchSource {
  /** The batch of a step of the round, steps from 0. Its arrays belong to the caller. */
  batch(roundStep: number): Promise<BatchArrays>
  /** Ends whatever makes batches; to be called once, also after an error. */
  close(): void
}

/** Images and labels at the input size. */
export interface SampleReader {
  rgb(imageId: string): Promise<Uint8Array>
  labels(imageId: string): Promise<Labels | undefined>
}

/** Makes batches in this very thread, when they are asked for. */
export function batchesHere({ rules, round, imageIds }: BatchRequest, reader: SampleReader): BatchSource {
  const labels = async (imageId: string) => {
    const found = await reader.labels(imageId)
    if (found) return found
    throw new AppError('internal', `The labels of image ${imageId} are no longer stored.`, 'Start a new run.')
  }
  const sample = async (imageId: string) => {
    const [rgb, { classes, provenance }] = await Promise.all([reader.rgb(imageId), labels(imageId)])
    return { rgb, classes, provenance }
  }
  return { batch: roundBatches(rules, { round, imageIds, sample, labels }), close: () => {} }
}
