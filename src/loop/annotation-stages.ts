/**
 * Stages 'annotate' and 'extend': the oracle labels the chosen regions, then labels spread to look-alike neighbours.
 */

import { initialPool } from '../cpral/image-scores'
import { extendLabels, judgeExtension } from '../cpral/label-extension'
import { withNoise } from '../cpral/label-noise'
import { spreadsLabels } from '../cpral/methods'
import { AppError } from '../domain/errors'
import { emptyLabels, IGNORE, isLabelled, type LabelRecord, type Labels, PROVENANCE } from '../domain/labels'
import { startProgress } from '../domain/progress'
import { type NoiseCount, type Region, regionsByImage } from '../domain/round'
import type { RunRecord } from '../domain/run'
import { quantize } from '../math/quantize'
import type { PixelStatistics } from './learner'
import { type Annotation, addNoise, annotateImage, annotateRegions, countClassPixels, noiseOf, noNoise } from './oracle'
import type { RoundContext } from './round-context'
import type { RunStore } from './run-store'
import { readyForInference } from './training-stages'

/** Labels the initial pool as a whole, under label noise with wrong labels too. Doing it again gives the same records. */
export async function annotateInitialPool(store: RunStore, run: RunRecord, classCount: number): Promise<void> {
  const { config } = run
  const pool = store.pool.map(({ id }) => id)
  for (const imageId of initialPool(pool, config.selection.initialImages, config.seed)) {
    const labels = emptyLabels(config.size)
    const { truth, answer } = await oracleMasks(store, run, classCount, imageId)
    annotateImage(labels, truth, config.size, classCount, answer)
    await store.commitLabels([{ runId: run.id, imageId, size: config.size, ...labels }])
  }
}

/** Wrong labels in the initial pool, before anything else is labelled; undefined without label noise. */
export async function countInitialNoise(store: RunStore, { config }: RunRecord): Promise<NoiseCount | undefined> {
  if (!config.noise) return undefined
  const noise = noNoise()
  for (const imageId of await store.labelledImages()) {
    const labels = await store.labels(imageId)
    if (labels) addNoise(noise, noiseOf(labels, await store.groundTruth(imageId)))
  }
  return noise
}

/** An image's ground truth, and the mask that the oracle copies: one with wrong labels under label noise. */
async function oracleMasks(store: RunStore, { config }: RunRecord, classCount: number, imageId: string) {
  const truth = await store.groundTruth(imageId)
  if (!config.noise) return { truth, answer: truth }
  const image = store.pool.find(({ id }) => id === imageId)
  if (!image) {
    throw new AppError('not_found', `Image ${imageId} is no longer among the train images.`, 'Start a new run.')
  }
  return { truth, answer: withNoise(truth, config.size, classCount, config.noise, config.seed, image.order) }
}

/**
 * Labels exactly the chosen regions. Doing it again, after an interruption, changes nothing: what the round buys is
 * counted and committed before any of it is labelled, for labelled pixels would no longer count as new.
 */
export async function annotateStage(context: RoundContext): Promise<void> {
  const { record, store } = context
  const start = performance.now()
  await countPoolClasses(context)
  const byImage = regionsByImage(record.regions)
  await countAnswer(context, byImage)
  const report = startProgress(context.onProgress, 'annotate', byImage.size)
  let done = 0
  for (const [imageId, regions] of byImage) {
    const { labels } = await answerRegions(context, imageId, regions)
    await store.commitLabels([labels])
    report(++done)
  }
  context.addSeconds('annotate', performance.now() - start)
}

/** Counts the classes of the pixels that the oracle is about to label, and how many of them it will label wrong. */
async function countAnswer(context: RoundContext, byImage: ReadonlyMap<string, Region[]>): Promise<void> {
  const { classCount, config, record } = context
  if (record.selectedClassPixels.length === classCount) return
  const selected = new Array<number>(classCount).fill(0)
  const total = { ...(record.noise ?? noNoise()) }
  for (const [imageId, regions] of byImage) {
    const { classPixels, noise } = await answerRegions(context, imageId, regions)
    for (const [id, pixels] of classPixels.entries()) selected[id] += pixels
    addNoise(total, noise)
  }
  record.selectedClassPixels = selected
  if (config.noise) record.noise = total
  await context.commit()
}

/** An image's labels with the oracle's answer in `regions`; nothing is stored. */
async function answerRegions(
  { classCount, config, run, store, signal }: RoundContext,
  imageId: string,
  regions: readonly Region[],
): Promise<Annotation & { labels: LabelRecord }> {
  signal.throwIfAborted()
  const { truth, answer } = await oracleMasks(store, run, classCount, imageId)
  const stored = await store.labels(imageId)
  const labels: LabelRecord = stored ?? { runId: run.id, imageId, size: config.size, ...emptyLabels(config.size) }
  return { labels, ...annotateRegions(labels, truth, config.size, regions, classCount, answer) }
}

/**
 * Counts the pixels of each class in the ground truth of all train images: in the first round, whose numbers later
 * rounds take over.
 */
async function countPoolClasses({ classCount, record, store, signal }: RoundContext): Promise<void> {
  if (record.poolClassPixels.length === classCount) return
  const counts = new Array<number>(classCount).fill(0)
  for (const { id } of store.pool) {
    signal.throwIfAborted()
    countClassPixels(await store.groundTruth(id), counts)
  }
  record.poolClassPixels = counts
}

/** Contextual Labels Extension in the images that were annotated this round, from labels that somebody gave. */
export async function extendStage(context: RoundContext): Promise<void> {
  const { config, record, signal } = context
  if (!spreadsLabels(config)) return
  const start = performance.now()
  await readyForInference(context)
  const asked = record.regions.map(({ imageId }) => imageId)
  const images = [...new Set([...(record.answerAhead?.images ?? []), ...(record.answer?.images ?? asked)])]
  const report = startProgress(context.onProgress, 'extend', images.length)
  const totals = { addedPixels: 0, correctPixels: 0, judgedPixels: 0 }
  for (const [i, imageId] of images.entries()) {
    signal.throwIfAborted()
    const judged = await extendImage(context, imageId)
    totals.addedPixels += judged?.addedPixels ?? 0
    totals.correctPixels += judged?.correctPixels ?? 0
    totals.judgedPixels += judged?.judgedPixels ?? 0
    report(i + 1)
  }
  record.extension = totals
  context.addSeconds('extend', performance.now() - start)
}

/** null for an image whose labels a person has taken back. */
async function extendImage(context: RoundContext, imageId: string) {
  const { classCount, config, learner, store } = context
  const labels = await store.labels(imageId)
  if (!labels) return null
  const labelled = withoutExtension(labels)
  const rgb = await store.rgb(imageId)
  const { prediction, confidence } = await learner.statistics(rgb)
  const request = { ...labelled, rgb, size: config.size, prediction, confidence, classCount }
  const extension = await extendLabels(request, config.extension, learner.attendToPatches)
  await store.commitLabels([{ ...labels, ...withAdded(labelled, extension.classes) }])
  await keepPrediction(context, imageId, { prediction, confidence })
  // Ground truth only judges the extension, for the report; without any, the added pixels are counted.
  return judgeExtension(extension, await store.groundTruthOrNull(imageId))
}

/** Extended labels never outlive a round: they are computed anew from given ones. */
function withoutExtension({ classes, provenance }: Labels): Labels {
  return {
    classes: classes.map((id, i) => (isLabelled(provenance[i]) ? id : IGNORE)),
    provenance: provenance.map((source) => (source === PROVENANCE.extended ? PROVENANCE.none : source)),
  }
}

function withAdded({ classes, provenance }: Labels, added: Uint8Array): Labels {
  return {
    classes: classes.map((id, i) => (added[i] === IGNORE ? id : added[i])),
    provenance: provenance.map((source, i) => (added[i] === IGNORE ? source : PROVENANCE.extended)),
  }
}

/** Adds the network's prediction of an image to the other maps that the round keeps of it. */
export async function keepPrediction(
  context: RoundContext,
  imageId: string,
  { prediction, confidence }: Pick<PixelStatistics, 'prediction' | 'confidence'>,
): Promise<void> {
  const { config, record, run, store } = context
  const layers = (await store.layers(record.index, imageId)) ?? {
    runId: run.id,
    round: record.index,
    imageId,
    size: config.size,
    entropy: null,
    attention: null,
  }
  await store.commitLayers({ ...layers, prediction, confidence: quantize(confidence) })
}
