/** The panoptic step of VAAL and TA-VAAL: their networks look at small copies of the whole pool, and score it at once. */

import { imagesRatedTogether, type ScoredImage } from '../cpral/panoptic-matching'
import type { AdversaryConfig } from '../domain/config'
import { startProgress } from '../domain/progress'
import { areaAverage } from '../image/resample'
import { overlap } from './overlap'
import type { RoundContext } from './round-context'
import type { PoolImage } from './run-store'

/** What the networks are shown of the pool, in project order. */
interface PoolCopies {
  /** S*S*3 bytes each. */
  images: Uint8Array[]
  /** null for VAAL. */
  ratings: number[] | null
}

/**
 * Scores the unlabelled images: the probability with which the discriminator takes each for a labelled one. Networks
 * that were interrupted begin anew, which comes to the same; scores that are committed with the record stay.
 */
export async function scoreByAdversary(context: RoundContext, labelled: ReadonlySet<string>): Promise<ScoredImage[]> {
  const { config, learner, record, run, store, signal } = context
  const unlabelled = store.pool.filter(({ id }) => !labelled.has(id))
  if (unlabelled.length === 0) return []
  const known = new Map((await store.queries(record.index)).map(({ imageId, score }) => [imageId, score]))
  if (!record.adversary || unlabelled.some(({ id }) => (known.get(id) ?? null) === null)) {
    if (!config.adversary) throw new Error(`Run ${run.id} has no settings for ${config.selection.method}`)
    const steps = Math.max(1, config.adversary.steps ?? record.steps)
    const report = startProgress(context.onProgress, 'rate', store.pool.length + steps)
    const copies = await readPool(context, config.adversary, report)
    const { scores, ...fared } = await learner.trainAdversary({
      round: record.index,
      steps,
      ...copies,
      isLabelled: store.pool.map(({ id }) => labelled.has(id)),
      onStep: (step) => report(store.pool.length + step),
      signal,
    })
    for (const [i, { id }] of store.pool.entries()) {
      if (labelled.has(id)) continue
      await store.commitQuery({ runId: run.id, round: record.index, imageId: id, score: scores[i], candidates: null })
      known.set(id, scores[i])
    }
    record.adversary = fared
    await context.commit()
  }
  return unlabelled.map(({ id, order }) => ({ imageId: id, order, score: known.get(id) as number }))
}

/** Shrinks every image of the pool, and for TA-VAAL has it rated; always in the same groups, as ratings are. */
async function readPool(
  { config, learner, method, store, signal }: RoundContext,
  { imageSide }: AdversaryConfig,
  report: ReturnType<typeof startProgress>,
): Promise<PoolCopies> {
  const isRated = method.imageScore === 'ta-vaal'
  const count = imagesRatedTogether(config.size)
  const { pool } = store
  const groups = Array.from({ length: Math.ceil(pool.length / count) }, (_, k) =>
    pool.slice(k * count, (k + 1) * count),
  )
  const copySize = { height: imageSide, width: imageSide }
  const copies = { images: [] as Uint8Array[], ratings: [] as number[] }
  const steps = {
    read: (group: PoolImage[]) => Promise.all(group.map(({ id }) => store.rgb(id))),
    compute: async (_: PoolImage[], rgbs: Uint8Array[]) => ({
      images: rgbs.map((rgb) => areaAverage(rgb, config.size, copySize, 3)),
      ratings: isRated ? await learner.rate(rgbs) : [],
    }),
    write: async (group: PoolImage[], { images, ratings }: typeof copies) => {
      copies.images.push(...images)
      copies.ratings.push(...ratings)
      report(copies.images.length, { image: group[group.length - 1].name })
    },
  }
  await overlap(groups, steps, signal)
  return { images: copies.images, ratings: isRated ? copies.ratings : null }
}
