import { withRim } from '../cpral/extension-rim'
import { extendLabels } from '../cpral/label-extension'
import type { ExtensionResult } from '../domain/labels'
import { rasterReader } from '../loader/rasters'
import { attendOnEngine } from '../model/patch-attention'
import type { Database } from '../storage/database'
import { getProject } from '../storage/projects'
import { getRun } from '../storage/runs'
import { openRunStore } from './indexed-run-store'

/** Least probability of a suggestion: below a run's `threshold`, for a person looks at it. */
const SHOWN_FROM = 0.5

/**
 * Label extension (Eq. 7, 8) of one image from people's labels, for a person to accept or refuse. The network of the
 * round that asks may forbid a label; without a prediction of it, nothing is forbidden.
 */
export async function suggestExtension(db: Database, runId: string, imageId: string): Promise<ExtensionResult | null> {
  const run = await getRun(db, runId)
  const { classes } = await getProject(db, run.projectId)
  const { size, extension: settings } = run.config
  const store = await openRunStore(db, run, rasterReader(db, size))
  const labels = await store.personLabels(imageId)
  if (!labels) return null
  // While a round trains, people go on with what the round before asked.
  const layers = (await store.layers(run.round, imageId)) ?? (await store.layers(run.round - 1, imageId))
  const { prediction = null, confidence } = layers ?? {}
  const probability = confidence && Float32Array.from(confidence.values, (value) => (value / 255) * confidence.max)
  const request = {
    ...labels,
    rgb: await store.rgb(imageId),
    size,
    prediction,
    confidence: probability ?? null,
    classCount: run.classCount ?? classes.length,
  }
  const extension = await extendLabels(request, { ...settings, threshold: SHOWN_FROM }, attendOnEngine)
  const suggested = withRim(extension, labels.classes, size)
  return {
    size,
    classes: suggested.classes,
    confidence: Uint8Array.from(suggested.confidence, (value) => Math.round(255 * value)),
  }
}
