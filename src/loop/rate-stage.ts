/** Stage 'rate': which images are worth labelling, or worth a look at their regions. */

import { kCentreGreedy } from '../cpral/core-set'
import { meanScore, randomImageScore } from '../cpral/image-scores'
import { imagesRatedTogether, type ScoredImage, takeHighest, takeLowest } from '../cpral/panoptic-matching'
import type { ImageScore } from '../domain/config'
import { countLabelled } from '../domain/labels'
import { startProgress } from '../domain/progress'
import type { Size } from '../domain/size'
import { scoreByAdversary } from './adversary-stage'
import { overlap } from './overlap'
import { committeeSeed, type RoundContext } from './round-context'
import type { PoolImage } from './run-store'
import { readyForInference } from './training-stages'

/**
 * Panoptic step: scores the unlabelled images and takes the best. Methods that label whole images end their query here.
 */
export async function rateStage(context: RoundContext): Promise<void> {
  const { config, method, record, store } = context
  const start = performance.now()
  await readyForInference(context)
  const labelled = await store.labelledImages()
  if (method.imageScore === null) {
    // Without a panoptic step one round touches nearly every image (on CamVid 1055 regions over 342 images). If an image left U as
    // soon as a part of it is labelled, as in the paper, U would be empty before the budget is spent. So regions come from the
    // unlabelled pixels of every image; the budget in pixels stays the same.
    const images = await unfinishedImages(context, labelled)
    record.subset = images.map(({ id }) => ({ imageId: id, score: 0 }))
  } else {
    const count = method.usesRegions ? config.selection.panopticSize : config.selection.budgetImages
    const take = method.direction === 'highest' ? takeHighest : takeLowest
    const scored = await scoreBy(context, method.imageScore, labelled, count)
    record.subset = take(scored, count).map(({ imageId, score }) => ({ imageId, score }))
  }
  context.addSeconds('rate', performance.now() - start)
}

async function scoreBy(
  context: RoundContext,
  score: ImageScore,
  labelled: Set<string>,
  count: number,
): Promise<ScoredImage[]> {
  if (score === 'core-set') return scoreByCoreSet(context, labelled, count)
  if (score === 'vaal' || score === 'ta-vaal') return scoreByAdversary(context, labelled)
  const unlabelled = context.store.pool.filter(({ id }) => !labelled.has(id))
  return scoreImages(context, score, unlabelled)
}

/** Images with a pixel that nobody has labelled: a query of any other is in vain. */
async function unfinishedImages({ config, store, signal }: RoundContext, labelled: Set<string>): Promise<PoolImage[]> {
  const pixels = config.size.height * config.size.width
  const unfinished: PoolImage[] = []
  for (const image of store.pool) {
    signal.throwIfAborted()
    const labels = labelled.has(image.id) ? await store.labels(image.id) : undefined
    if (!labels || countLabelled(labels.provenance) < pixels) unfinished.push(image)
  }
  return unfinished
}

/**
 * Images that are scored together, always the same ones, so that a score does not depend on where a run was
 * interrupted.
 */
function scoringGroups(score: ImageScore, images: PoolImage[], size: Size): PoolImage[][] {
  const count = score === 'rating' ? imagesRatedTogether(size) : 1
  return Array.from({ length: Math.ceil(images.length / count) }, (_, k) => images.slice(k * count, (k + 1) * count))
}

/** One committed score an image; images scored before an interruption are not scored again. */
async function scoreImages(context: RoundContext, score: ImageScore, images: PoolImage[]): Promise<ScoredImage[]> {
  const { config, record, run, store, signal } = context
  const known = new Map((await store.queries(record.index)).map((query) => [query.imageId, query.score]))
  const isKnown = ({ id }: PoolImage) => (known.get(id) ?? null) !== null
  const groups = scoringGroups(score, images, config.size).filter((group) => !group.every(isKnown))
  const report = startProgress(context.onProgress, 'rate', images.length)
  let done = images.filter(isKnown).length
  const steps = {
    read: (group: PoolImage[]) => Promise.all(score === 'random' ? [] : group.map(({ id }) => store.rgb(id))),
    compute: (group: PoolImage[], rgbs: Uint8Array[]) => scoreGroup(context, score, group, rgbs),
    write: async (group: PoolImage[], scores: number[]) => {
      for (const [i, image] of group.entries()) {
        if (isKnown(image)) continue
        const [runId, round, imageId] = [run.id, record.index, image.id]
        await store.commitQuery({ runId, round, imageId, score: scores[i], candidates: null })
        known.set(imageId, scores[i])
        report(++done, { image: image.name })
      }
    },
  }
  await overlap(groups, steps, signal)
  return images.map(({ id, order }) => ({ imageId: id, order, score: known.get(id) as number }))
}

async function scoreGroup(
  context: RoundContext,
  score: ImageScore,
  group: PoolImage[],
  rgbs: Uint8Array[],
): Promise<number[]> {
  const { config, learner, record } = context
  if (score === 'rating') return learner.rate(rgbs)
  const [image, rgb] = [group[0], rgbs[0]]
  if (score === 'random') return [randomImageScore(config.seed, record.index, image.order)]
  if (score === 'mc-dropout' || score === 'bald') {
    const { entropy, disagreement } = await learner.uncertainty(rgb, committeeSeed(context, image))
    return [score === 'bald' ? disagreement : entropy]
  }
  const statistics = await learner.statistics(rgb)
  if (score === 'entropy') return [meanScore(statistics.entropy)]
  if (score === 'confidence') return [meanScore(statistics.confidence)]
  return [meanScore(statistics.margin)]
}

/** Core-set looks at all images at once: the score of an image is its distance to the centres when it was chosen. */
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
