/** Stages 'rate', 'entropy', 'attend' and 'select': which images, then which of their regions, are worth labelling. */
import { hashString, hashWords } from '../math/random'
import type { QueryRecord } from '../storage/schema'
import { annotatedMask, roundBudget } from './budget'
import type { ImageScore } from './config'
import { kCentreGreedy } from './core-set'
import { attentionProfile, uniformProfile } from './gaussian-attention'
import { meanScore, randomImageScore, sumScore } from './image-scores'
import { type ScoredImage, takeHighest, takeLowest } from './panoptic-matching'
import { startProgress } from './progress'
import { quantize } from './quantize'
import { type Candidate, randomRegionScores, regionCandidates, selectRegions } from './region-selection'
import type { RoundContext } from './run-loop'
import type { PoolImage } from './run-store'
import { readyForInference } from './training-stages'

/** Panoptic step: scores U and takes the best images; methods that label whole images end their query here. */
export async function subsetStage(context: RoundContext): Promise<void> {
  const { config, method, record, store } = context
  const start = performance.now()
  await readyForInference(context)
  const labelled = await store.labelledImages()
  if (method.imageScore === null) {
    // No panoptic step: every image that still has unlabelled pixels.
    record.subset = store.pool.map(({ id }) => ({ imageId: id, score: 0 }))
  } else {
    const unlabelled = store.pool.filter(({ id }) => !labelled.has(id))
    const count = method.usesRegions ? config.selection.panopticSize : config.selection.budgetImages
    const take = method.direction === 'highest' ? takeHighest : takeLowest
    const scored =
      method.imageScore === 'core-set'
        ? await scoreByCoreSet(context, labelled, count)
        : await scoreImages(context, method.imageScore, unlabelled)
    record.subset = take(scored, count).map(({ imageId, score }) => ({ imageId, score }))
  }
  context.addSeconds('rate', performance.now() - start)
}

/** One committed score an image; images scored before an interruption are not scored again. */
async function scoreImages(context: RoundContext, score: ImageScore, images: PoolImage[]): Promise<ScoredImage[]> {
  const { record, run, store, signal } = context
  const known = new Map((await store.queries(record.index)).map((query) => [query.imageId, query.score]))
  const report = startProgress(context.onProgress, 'rate', images.length)
  const scored: ScoredImage[] = []
  for (const [i, image] of images.entries()) {
    signal.throwIfAborted()
    let value = known.get(image.id) ?? null
    if (value === null) {
      value = await scoreImage(context, score, image)
      await store.commitQuery({ runId: run.id, round: record.index, imageId: image.id, score: value, candidates: null })
    }
    scored.push({ imageId: image.id, order: image.order, score: value })
    report(i + 1, { image: image.name })
  }
  return scored
}

async function scoreImage(context: RoundContext, score: ImageScore, image: PoolImage): Promise<number> {
  const { config, learner, record, store } = context
  if (score === 'random') return randomImageScore(config.seed, record.index, image.order)
  const rgb = await store.rgb(image.id)
  if (score === 'rating') return learner.rate(rgb)
  if (score === 'mc-dropout') {
    const seed = committeeSeed(context, image)
    const attention = uniformProfile(1)
    const maps = await learner.committee({ rgb, seed, vote: 'soft', labelled: null, attentionProfile: attention })
    return sumScore(maps.entropy)
  }
  const statistics = await learner.statistics(rgb)
  if (score === 'entropy') return meanScore(statistics.entropy)
  if (score === 'confidence') return meanScore(statistics.confidence)
  return meanScore(statistics.margin)
}

/** Core-set looks at all images at once: the score of the k-th centre is its distance when it was chosen. */
async function scoreByCoreSet(context: RoundContext, labelled: Set<string>, count: number): Promise<ScoredImage[]> {
  const { learner, store, signal } = context
  const report = startProgress(context.onProgress, 'rate', store.pool.length)
  const rows: Float32Array[] = []
  for (const image of store.pool) {
    signal.throwIfAborted()
    rows.push(await learner.features(await store.rgb(image.id)))
    report(rows.length, { image: image.name })
  }
  const dimension = rows[0].length
  const features = new Float32Array(rows.length * dimension)
  rows.forEach((row, i) => {
    features.set(row, i * dimension)
  })
  const centres = store.pool.flatMap(({ id }, i) => (labelled.has(id) ? [i] : []))
  return kCentreGreedy(features, dimension, centres, count).map(({ index, distance }) => ({
    imageId: store.pool[index].id,
    order: store.pool[index].order,
    score: distance,
  }))
}

/** Regional step: the committee's map under attention, NMS per image, then the best regions of the subset together. */
export async function regionsStage(context: RoundContext): Promise<void> {
  const { config, method, record, store, signal } = context
  if (!method.usesRegions) {
    record.regions = record.subset.map(({ imageId, score }) => ({ imageId, x: 0, y: 0, ...config.size, score }))
    return
  }
  await readyForInference(context)
  const images = store.pool.filter(({ id }) => record.subset.some(({ imageId }) => imageId === id))
  const queries = new Map((await store.queries(record.index)).map((query) => [query.imageId, query]))
  const report = startProgress(context.onProgress, 'entropy', images.length)
  for (const [i, image] of images.entries()) {
    signal.throwIfAborted()
    const known = queries.get(image.id)
    if (!known?.candidates) {
      const query = await queryImage(context, image, known?.score ?? null)
      await store.commitQuery(query)
      queries.set(image.id, query)
    }
    report(i + 1, { image: image.name })
    if (i % 16 === 15) await context.commit()
  }
  const start = performance.now()
  const candidates = images.map(({ id, order }) => ({
    imageId: id,
    order,
    candidates: queries.get(id)?.candidates ?? [],
  }))
  record.regions = selectRegions(
    candidates,
    roundBudget(config.selection, config.size),
    config.selection.regionSide,
  ).regions
  context.addSeconds('select', performance.now() - start)
}

async function queryImage(context: RoundContext, image: PoolImage, score: number | null): Promise<QueryRecord> {
  const { config, method, record, run, store } = context
  const labels = await store.labels(image.id)
  const labelled = labels ? annotatedMask(labels.provenance) : null
  const map =
    method.regionScore === 'random'
      ? randomRegionScores(config.size, config.seed, record.index, image.order)
      : await attendedMap(context, image, labelled)
  const start = performance.now()
  const candidates: Candidate[] = regionCandidates(map, labelled, config.size, config.selection.regionSide)
  context.addSeconds('select', performance.now() - start)
  return { runId: run.id, round: record.index, imageId: image.id, score, candidates }
}

async function attendedMap(
  context: RoundContext,
  image: PoolImage,
  labelled: Uint8Array | null,
): Promise<Float32Array> {
  const { config, learner, method, record, run, store } = context
  const { regionSide, attentionSigma } = config.selection
  const maps = await learner.committee({
    rgb: await store.rgb(image.id),
    seed: committeeSeed(context, image),
    vote: config.monteCarlo.vote,
    labelled,
    attentionProfile:
      method.attention === 'gaussian' ? attentionProfile(regionSide, attentionSigma) : uniformProfile(regionSide),
  })
  context.addSeconds('entropy', maps.milliseconds.entropy)
  context.addSeconds('attend', maps.milliseconds.attention)
  await store.commitLayers({
    runId: run.id,
    round: record.index,
    imageId: image.id,
    size: config.size,
    prediction: null,
    entropy: quantize(maps.entropy),
    attention: quantize(maps.attention),
  })
  return maps.attention
}

function committeeSeed({ config, record }: RoundContext, image: PoolImage): number {
  return hashWords(config.seed, hashString('committee'), record.index, image.order)
}
