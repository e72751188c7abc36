/** Stages 'entropy' and 'select': which regions of the images at hand are worth labelling. */

import { classAwareCandidates, selectClassAwareRegions } from '../cpral/class-aware-regions'
import { profileOf } from '../cpral/gaussian-attention'
import { poolRule } from '../cpral/pool-rules'
import { isSpent, randomRegionScores, regionCandidates, roundBudget, selectRegions } from '../cpral/region-selection'
import { labelledMask } from '../domain/labels'
import { startProgress } from '../domain/progress'
import type { Candidate, ImageLayers, Region } from '../domain/round'
import { overlap } from './overlap'
import { poolQuery, scorePool } from './pool-query'
import { committeeSeed, type RegionQuery, type RoundContext, subsetImages } from './round-context'
import type { PoolImage } from './run-store'
import { readyForInference } from './training-stages'

/** Regions ahead, at least: a person with a small budget would soon be done with half of it. */
const LEAST_AHEAD = 4

/** Regional step, image by image: the committee's vote entropy, attention over it, non-maximum suppression. */
export async function entropyStage(context: RoundContext): Promise<void> {
  const { method, record, run, store, signal } = context
  if (!method.usesRegions) return
  await readyForInference(context)
  const rule = poolRule(method)
  if (rule) return scorePool(context, rule)
  const images = subsetImages(context)
  const queries = new Map((await store.queries(record.index)).map((query) => [query.imageId, query]))
  const left = images.filter(({ id }) => !queries.get(id)?.candidates)
  const report = startProgress(context.onProgress, 'entropy', images.length)
  let done = images.length - left.length
  const steps = {
    read: (image: PoolImage) => readForQuery(context, image),
    compute: (image: PoolImage, data: QueryData) => queryImage(context, image, data),
    write: async (image: PoolImage, { candidates, layers }: ImageQuery) => {
      if (layers) await store.commitLayers(layers)
      const score = queries.get(image.id)?.score ?? null
      const query = { runId: run.id, round: record.index, imageId: image.id, score, candidates }
      await store.commitQuery(query)
      queries.set(image.id, query)
      report(++done, { image: image.name })
      if (done % 16 === 0) await context.commit()
    },
  }
  await overlap(left, steps, signal)
}

/** The best regions of the subset's images together, until the budget is spent; or those images as a whole. */
export async function selectStage(context: RoundContext): Promise<void> {
  const { config, method, record } = context
  const start = performance.now()
  const budget = budgetLeft(context)
  if (!method.usesRegions) {
    record.regions = record.subset.map(({ imageId, score }) => ({ imageId, x: 0, y: 0, ...config.size, score }))
    noteUnspent(context, budget - record.regions.length * config.size.height * config.size.width)
    return
  }
  const rule = poolRule(method)
  const query = rule ? await poolQuery(context, rule, budget) : await candidateQuery(context)
  const { regions, newPixels } = query.take(budget)
  record.regions = regions
  record.candidates = { found: query.found, taken: regions.length }
  if (hasAhead(context)) record.ahead = regionsAhead(context, query, budget)
  noteUnspent(context, isSpent(newPixels, budget, config.selection.regionSide) ? 0 : budget - newPixels)
  context.addSeconds('select', performance.now() - start)
}

/** What a round may still label: people may have labelled a part of its budget ahead. */
function budgetLeft({ config, record }: RoundContext): number {
  return Math.max(0, roundBudget(config.selection, config.size) - (record.aheadPixels ?? 0))
}

/** Somebody may want to go on labelling while the next round trains, and that round asks again. */
function hasAhead({ config, record }: RoundContext): boolean {
  return config.annotator === 'person' && record.index < config.selection.rounds - 1
}

/**
 * The regions that a larger budget would take after those of `budget`: half as many as a round's whole budget has
 * regions, at least four.
 */
function regionsAhead({ config }: RoundContext, query: RegionQuery, budget: number): Region[] {
  const area = config.selection.regionSide ** 2
  const wanted = Math.max(LEAST_AHEAD, Math.round(roundBudget(config.selection, config.size) / area / 2))
  const taken = query.take(budget).regions.length
  return query.take(budget + wanted * area).regions.slice(taken, taken + wanted)
}

async function candidateQuery(context: RoundContext): Promise<RegionQuery> {
  const { config, method, record, store } = context
  const queries = new Map((await store.queries(record.index)).map((query) => [query.imageId, query]))
  const images = subsetImages(context).map(({ id, order }) => ({
    imageId: id,
    order,
    candidates: queries.get(id)?.candidates ?? [],
  }))
  const { regionSide: side } = config.selection
  const keys = { seed: config.seed, round: record.index }
  return {
    // What was drawn for a class is drawn once more from everywhere.
    found: images.flatMap(({ candidates }) => candidates.filter(({ classId }) => classId === undefined)).length,
    take: (budget) =>
      method.regionScore === 'class-aware'
        ? selectClassAwareRegions(images, budget, side, keys)
        : selectRegions(images, budget, side),
  }
}

function noteUnspent({ record }: RoundContext, pixels: number): void {
  if (pixels > 0) record.unspentPixels = pixels
  else delete record.unspentPixels
}

interface QueryData {
  /** null where the regional score does not look at the image. */
  rgb: Uint8Array | null
  labelled: Uint8Array | null
}

interface ImageQuery {
  candidates: Candidate[]
  layers: ImageLayers | null
}

async function readForQuery({ method, store }: RoundContext, image: PoolImage): Promise<QueryData> {
  const rgb = method.regionScore === 'random' ? null : store.rgb(image.id)
  const labels = await store.labels(image.id)
  return { rgb: await rgb, labelled: labels ? labelledMask(labels.provenance) : null }
}

async function queryImage(context: RoundContext, image: PoolImage, data: QueryData): Promise<ImageQuery> {
  const { config, learner, method, record, run } = context
  const { regionSide } = config.selection
  const { rgb, labelled } = data
  if (rgb && method.regionScore === 'class-aware') {
    const start = performance.now()
    const { prediction } = await learner.statistics(rgb)
    const keys = { seed: config.seed, round: record.index, order: image.order }
    const candidates = classAwareCandidates(prediction, labelled, config.size, regionSide, keys)
    context.addSeconds('select', performance.now() - start)
    return { candidates, layers: null }
  }
  if (rgb === null) {
    const start = performance.now()
    const scores = randomRegionScores(config.size, config.seed, record.index, image.order)
    const candidates = regionCandidates(scores, labelled, config.size, regionSide)
    context.addSeconds('select', performance.now() - start)
    return { candidates, layers: null }
  }
  const { candidates, entropy, attention, milliseconds } = await learner.query({
    rgb,
    seed: committeeSeed(context, image),
    vote: config.monteCarlo.vote,
    labelled,
    attentionProfile: profileOf(method, config.selection),
    regionSide,
  })
  context.addSeconds('entropy', milliseconds.entropy)
  context.addSeconds('attend', milliseconds.attention)
  const [runId, round, imageId] = [run.id, record.index, image.id]
  const layers = { runId, round, imageId, size: config.size, prediction: null, entropy, attention }
  return { candidates, layers }
}
