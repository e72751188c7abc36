/** The batches of a round's training: a pure function of (seed, round, step) and of the committed labels. */
import type { CpralConfig, TrainingConfig } from '../domain/config'
import type { Labels } from '../domain/labels'
import type { Size } from '../domain/size'
import { randomStream } from '../math/random'
import { type BatchArrays, stackSamples, type TrainingSample } from './batch'
import { batchOrder } from './batch-order'
import { cropSize, emptyCanvas } from './crop'
import { drawByLabels, drawCropOf } from './draw'
import { classFrequencies, countImage, type ImageCounts } from './label-index'
import { classWeights, weighClasses } from './loss-weights'
import { drawOnCanvas } from './place'

export type BatchRules = Pick<CpralConfig, 'seed' | 'size' | 'training'>

export interface RoundImages {
  round: number
  /**
   * Labelled images in project order. Where images are drawn each as often, steps go through them again and again,
   * shuffled anew each time and padded to full batches; where an epoch ends says nothing about where such a pass does.
   */
  imageIds: readonly string[]
  sample(imageId: string): Promise<TrainingSample>
  /** The labels alone, which cost less than a sample; read from the sample when absent. */
  labels?(imageId: string): Promise<Labels>
}

type Arrays = Omit<BatchArrays, 'pass' | 'step'>

/** What is counted once, before the first step. */
interface RoundPlan {
  counts: readonly ImageCounts[]
  /** Draws an image. */
  draw: ReturnType<typeof drawByLabels>
  ofClass: Float32Array | null
}

/** The paper's augmentation, for which nothing is counted and every batch is what it always was. */
export function isPlain(training: TrainingConfig): boolean {
  const { scaleLeast = 1, scaleMost = 1, cropShare = 1, drawFrom = 'images' } = training
  return scaleLeast === 1 && scaleMost === 1 && cropShare === 1 && drawFrom === 'images'
}

async function planRound({ training }: BatchRules, { imageIds, labels, sample }: RoundImages): Promise<RoundPlan> {
  const counts = []
  // One after the other: the labels of all images at once may be more than memory holds.
  for (const id of imageIds) counts.push(countImage(id, await (labels ?? sample)(id)))
  const ofClass = classWeights(classFrequencies(counts), training)
  return { counts, draw: drawByLabels(counts, training), ofClass }
}

/** Gives the batch of any step of a round, steps from 0. */
export function roundBatches(rules: BatchRules, images: RoundImages): (roundStep: number) => Promise<BatchArrays> {
  const { seed, training } = rules
  const placeOf = batchOrder(images.imageIds, training.batchSize, seed, images.round)
  const isCounted = !isPlain(training) || (training.classWeightPower ?? 0) > 0
  let planned: Promise<RoundPlan> | null = null
  return async (roundStep) => {
    if (isCounted) planned ??= planRound(rules, images)
    const plan = await planned
    const place = placeOf(roundStep)
    const batch =
      plan && !isPlain(training)
        ? await croppedBatch(rules, images, plan, { ids: place.ids, roundStep })
        : await plainBatch(rules, images, place)
    if (plan?.ofClass) weighClasses(batch, plan.ofClass)
    return { ...batch, pass: place.pass, step: place.step }
  }
}

async function plainBatch(
  { seed, size, training }: BatchRules,
  { round, sample }: RoundImages,
  { ids, pass, step }: { ids: readonly string[]; pass: number; step: number },
): Promise<Arrays> {
  const samples = await Promise.all(ids.map(sample))
  return stackSamples(samples, size, training, randomStream(seed, 'augmentation', round, pass, step))
}

async function croppedBatch(
  { seed, size, training }: BatchRules,
  { round, imageIds, sample }: RoundImages,
  { counts, draw }: RoundPlan,
  { ids, roundStep }: { ids: readonly string[]; roundStep: number },
): Promise<Arrays> {
  const random = randomStream(seed, 'crops', round, roundStep)
  const isByLabels = training.drawFrom === 'labels'
  const crops = ids.map((id) => drawCropOf(isByLabels ? draw(random) : imageIds.indexOf(id), training, random))
  const needed = [...new Set(crops.map(({ image }) => image))]
  const read = new Map(await Promise.all(needed.map(async (image) => [image, await sample(imageIds[image])] as const)))
  const target = cropSize(size, training)
  const canvas = emptyCanvas(crops.length, target, size)
  crops.forEach((crop, n) => {
    const of = { sample: read.get(crop.image) as TrainingSample, counts: counts[crop.image] }
    drawOnCanvas(canvas, n, crop, of, training)
  })
  return arraysOf(canvas, crops.length, target)
}

function arraysOf(canvas: Pick<Arrays, 'images' | 'labels' | 'weights'>, count: number, size: Size): Arrays {
  const { images, labels, weights } = canvas
  const pixels = size.height * size.width
  let labelledPixels = 0
  const weightSums = Array.from({ length: count }, (_, n) => {
    let sum = 0
    for (let i = n * pixels; i < (n + 1) * pixels; i++) {
      if (weights[i] > 0) labelledPixels++
      sum += weights[i]
    }
    return sum
  })
  return { images, labels, weights, weightSums, labelledPixels }
}
