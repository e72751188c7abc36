/**
 * Query of methods that look at the whole pool: every image's windows are scored class by class and the scores are
 * stored, image by image; then the regions are chosen among all of them, with one image's scores in memory at a time.
 */

import { profileOf } from '../cpral/gaussian-attention'
import { type PoolRule, poolRule, poolSettings } from '../cpral/pool-rules'
import { balancedCandidates, type Offer, PoolCount, type PoolFacts, unpackScores } from '../cpral/pool-scores'
import { type ImageCandidates, selectRegions } from '../cpral/region-selection'
import { classQuotas, selectStratifiedRegions, sharpness, stratifiedCandidates } from '../cpral/stratified-regions'
import { unlabelledPixels, windowGrid, windowScoreMap } from '../cpral/window-grid'
import { labelledMask } from '../domain/labels'
import { startProgress } from '../domain/progress'
import type { QueryRecord } from '../domain/round'
import { packFloats } from '../math/packed-floats'
import { quantize } from '../math/quantize'
import type { ClassScoreResult } from './learner'
import { overlap } from './overlap'
import { committeeSeed, type RegionQuery, type RoundContext, subsetImages } from './round-context'
import type { PoolImage } from './run-store'

/** Bytes of the maps that a round keeps for the image view; of a larger pool every so manieth image has them. */
const MAP_BYTES = 256 * 2 ** 20
/** Those of an image: entropy, and the score of its windows. */
const MAPS = 2

interface ReadImage {
  rgb: Uint8Array
  labelled: Uint8Array | null
}

/** Scores the images that have none yet; an interrupted query goes on with the next image. */
export async function scorePool(context: RoundContext, rule: PoolRule): Promise<void> {
  const { config, record, store, signal } = context
  const images = subsetImages(context)
  const known = await store.queriedImages(record.index)
  const left = images.filter(({ id }) => !known.has(id))
  const report = startProgress(context.onProgress, 'entropy', images.length)
  const mapEvery = Math.ceil((images.length * MAPS * config.size.height * config.size.width) / MAP_BYTES)
  const hasMap = new Set(images.filter((_, i) => i % mapEvery === 0).map(({ id }) => id))
  let done = images.length - left.length
  const steps = {
    read: async ({ id }: PoolImage): Promise<ReadImage> => {
      const [rgb, labels] = await Promise.all([store.rgb(id), store.labels(id)])
      return { rgb, labelled: labels ? labelledMask(labels.provenance) : null }
    },
    compute: (image: PoolImage, data: ReadImage) => scoreImage(context, rule, image, data, hasMap.has(image.id)),
    write: async (image: PoolImage, { query, map }: Scored) => {
      const { runId, round, imageId } = query
      const layers = { runId, round, imageId, size: config.size, prediction: null, attention: null }
      if (map) await store.commitLayers({ ...layers, entropy: map })
      await store.commitQuery(query)
      report(++done, { image: image.name })
      if (done % 16 === 0) await context.commit()
    },
  }
  await overlap(left, steps, signal)
}

interface Scored {
  query: QueryRecord
  map: ClassScoreResult['map']
}

async function scoreImage(
  context: RoundContext,
  rule: PoolRule,
  image: PoolImage,
  { rgb, labelled }: ReadImage,
  wantsMap: boolean,
): Promise<Scored> {
  const { config, learner, method, record, run } = context
  const { regionSide } = config.selection
  const start = performance.now()
  const { masses, classShares, rating, map } = await learner.classScores({
    rgb,
    seed: committeeSeed(context, image),
    vote: config.monteCarlo.vote,
    labelled,
    uncertainty: rule.uncertainty,
    attentionProfile: profileOf(method, config.selection),
    regionSide,
    wantsRating: rule.usesRating && poolSettings(config.selection).ratingPrior > 0,
    wantsMap,
  })
  const newPixels = labelled && unlabelledPixels(labelled, config.size, windowGrid(config.size, regionSide))
  context.addSeconds('entropy', performance.now() - start)
  const classScores = { masses: packFloats(masses), classShares, newPixels }
  const [runId, round, imageId] = [run.id, record.index, image.id]
  return { query: { runId, round, imageId, score: rating, candidates: null, classScores }, map }
}

/** The stored scores of the pool's images in project order, one at a time. */
async function* storedScores(context: RoundContext, report: () => void) {
  const { record, signal, store } = context
  for (const image of subsetImages(context)) {
    signal.throwIfAborted()
    const query = await store.query(record.index, image.id)
    if (!query?.classScores) throw new Error(`Image ${image.id} has no scores in round ${record.index}`)
    yield { image, rating: query.score, scores: query.classScores }
    report()
  }
}

/** @param budget what may be labelled this round, pixels: classes have their quotas of it */
export async function poolQuery(context: RoundContext, rule: PoolRule, budget: number): Promise<RegionQuery> {
  const { classCount, config, record } = context
  const { regionSide } = config.selection
  const { classQuota, regionsPerImage } = poolSettings(config.selection)
  const progress = startProgress(context.onProgress, 'select', 2 * record.subset.length)
  let read = 0
  const report = () => progress(++read)
  const count = new PoolCount(classCount)
  for await (const { rating, scores } of storedScores(context, report)) count.add(scores.classShares, rating)
  const pool = count.facts()
  const images: ImageCandidates[] = []
  let found = 0
  for await (const stored of storedScores(context, report)) {
    const offer = offerOf(context, rule, pool, stored)
    found += offer.found
    await keepScoreMap(context, stored.image, offer)
    images.push({ imageId: stored.image.id, order: stored.image.order, candidates: offer.candidates })
  }
  if (rule.isBalanced) return { found, take: (pixels) => selectRegions(images, pixels, regionSide) }
  const keys = { seed: config.seed, round: record.index }
  const quotas = classQuotas(Math.round(budget / regionSide ** 2), classQuota, classCount, keys)
  return { found, take: (pixels) => selectStratifiedRegions(images, pixels, regionSide, quotas, regionsPerImage) }
}

/** The image view shows what an image's windows were ranked by, where it shows the image's entropy. */
async function keepScoreMap({ config, record, store }: RoundContext, image: PoolImage, { scores }: Offer) {
  const layers = await store.layers(record.index, image.id)
  if (!layers || scores.length === 0) return
  const map = windowScoreMap(scores, windowGrid(config.size, config.selection.regionSide), config.size)
  await store.commitLayers({ ...layers, attention: quantize(map) })
}

function offerOf(
  { config, record }: RoundContext,
  rule: PoolRule,
  pool: PoolFacts,
  {
    image,
    rating,
    scores,
  }: { image: PoolImage; rating: number | null; scores: NonNullable<QueryRecord['classScores']> },
): Offer {
  const { seed, selection, size } = config
  const { balance, ratingPrior, regionsPerImage: most, temperature } = poolSettings(selection)
  const keys = { seed, round: record.index, order: image.order }
  const grid = windowGrid(size, selection.regionSide)
  const unpacked = unpackScores(scores)
  if (rule.isBalanced) {
    const rules = { balance, prior: { rating, weight: ratingPrior }, most, temperature }
    return balancedCandidates(unpacked, grid, pool, rules, keys)
  }
  const beta = sharpness(record.index, selection.rounds)
  return stratifiedCandidates(unpacked, grid, pool, { beta, most }, keys)
}

/**
 * Removes the scores of a pool once its regions are chosen: they are large, and nothing reads them again. The choice is
 * committed before.
 */
export async function forgetPoolScores(context: RoundContext): Promise<void> {
  if (!poolRule(context.method)) return
  await context.commit()
  await context.store.removeQueries(context.record.index)
}
