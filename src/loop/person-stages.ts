/**
 * Stage 'annotate' when a person labels. The network's predictions of the chosen images are kept, for the person to
 * accept or correct; the run waits, then takes everything that was labelled. While the next round trains the person goes
 * on with the regions ahead, and the round takes those labels before its query. Labels judge the network before it trains
 * on them.
 */
import {
  countLabelled,
  emptyLabels,
  IGNORE,
  isLabelled,
  type LabelRecord,
  type Labels,
  PROVENANCE,
} from '../domain/labels'
import { startProgress } from '../domain/progress'
import type { PersonAnswer, Region, RoundRecord } from '../domain/round'
import type { RunRecord } from '../domain/run'
import type { Size } from '../domain/size'
import { keepPrediction } from './annotation-stages'
import type { RoundContext, StageOutcome } from './round-context'
import type { PersonLabels, RunStore } from './run-store'
import { readyForInference } from './training-stages'

/** People's labels so far are the initial pool; without any, the run waits for them. */
export async function takeInitialLabels(store: RunStore, run: RunRecord): Promise<StageOutcome> {
  if ((await store.personImages()).size === 0) return 'wait'
  for await (const { imageId, given } of changedImages(store, run)) {
    const labels = recordOf(run, imageId, given)
    await (labels ? store.commitLabels([labels]) : store.removeLabels(imageId))
  }
  return 'done'
}

/**
 * Asks once, waits, and takes the answers when the run goes on; with nothing left to ask about it goes on by itself.
 * Doing it again after an interruption changes nothing.
 */
export async function personStage(context: RoundContext): Promise<StageOutcome> {
  const { record } = context
  const start = performance.now()
  const wasAsked = record.isAsked ?? false
  if (!wasAsked) {
    await ask(context)
    record.isAsked = true
  }
  const waits = !wasAsked && record.regions.length > 0
  if (!waits) {
    // People may be at a region ahead before the run, which still starts its engine, comes to the answers.
    record.answer ??= { ...noAnswer(), ...(record.ahead && { newPixelsAhead: 0 }) }
    await takeAnswer(context, record.answer, record)
  }
  context.addSeconds('annotate', performance.now() - start)
  return waits ? 'wait' : 'done'
}

/**
 * Takes what was labelled while the round trained, before anything of its query looks at labels: once, for what the
 * query has scored must stay true.
 */
export async function takeAhead(context: RoundContext): Promise<void> {
  const { record, store } = context
  if (record.aheadPixels !== undefined) return
  const previous = await store.round(record.index - 1)
  if (!previous?.ahead) return
  record.answerAhead ??= noAnswer()
  await takeAnswer(context, record.answerAhead, previous)
  record.aheadPixels = record.answerAhead.newPixels + (previous.answer?.newPixelsAhead ?? 0)
  await context.commit()
}

/**
 * Predicts the images whose regions were chosen, and those that come next; notes how much less sure the network is in
 * the chosen ones than elsewhere.
 */
async function ask(context: RoundContext): Promise<void> {
  const { config, learner, record, store, signal } = context
  await readyForInference(context)
  const images = [...new Set([...record.regions, ...(record.ahead ?? [])].map(({ imageId }) => imageId))]
  const report = startProgress(context.onProgress, 'annotate', images.length)
  const chosen = { bits: 0, pixels: 0 }
  const subset = { bits: 0, pixels: 0 }
  for (const [i, imageId] of images.entries()) {
    signal.throwIfAborted()
    await keepPrediction(context, imageId, await learner.statistics(await store.rgb(imageId)))
    report(i + 1)
  }
  for (const { imageId } of record.subset) {
    const entropy = (await store.layers(record.index, imageId))?.entropy
    if (!entropy) continue
    const sum = (values: Uint8Array) => values.reduce((total, value) => total + value, 0) * (entropy.max / 255)
    subset.bits += sum(entropy.values)
    subset.pixels += entropy.values.length
    for (const { x, y, width, height } of record.regions.filter((region) => region.imageId === imageId)) {
      for (let row = y; row < y + height; row++) {
        chosen.bits += sum(entropy.values.subarray(row * config.size.width + x, row * config.size.width + x + width))
      }
      chosen.pixels += width * height
    }
  }
  record.entropyShare =
    chosen.pixels > 0 && subset.bits > 0
      ? { chosen: chosen.bits / chosen.pixels, subset: subset.bits / subset.pixels }
      : null
}

interface ChangedImage {
  imageId: string
  /** The run's own labels. */
  before: LabelRecord | undefined
  /** People's labels now. */
  given: Labels
}

/**
 * Images in which people's labels differ from the run's. The run notes the names of images some of whose labels could
 * not be read.
 */
async function* changedImages(store: RunStore, run: RunRecord): AsyncGenerator<ChangedImage> {
  const labelled = await store.labelledImages()
  const people = await store.personImages()
  for (const { id: imageId, name } of store.pool) {
    if (!labelled.has(imageId) && !people.has(imageId)) continue
    const { isDamaged, ...given } = (await store.personLabels(imageId)) ?? unlabelled(run)
    if (isDamaged) noteDamaged(run, name)
    const before = await store.labels(imageId)
    if (!before || !isSameAnnotation(before, given)) yield { imageId, before, given }
  }
}

function unlabelled({ config }: RunRecord): PersonLabels {
  return { ...emptyLabels(config.size), isDamaged: false }
}

/** A noted name stays when the labels are repaired: lost labels do not come back by that. */
function noteDamaged(run: RunRecord, name: string): void {
  run.damagedLabels = [...new Set(run.damagedLabels).add(name)]
}

/** null for an image without any labelled pixel: it leaves the labelled set, whatever was refused in it. */
function recordOf({ config, id: runId }: RunRecord, imageId: string, given: Labels): LabelRecord | null {
  return countLabelled(given.provenance) > 0 ? { runId, imageId, size: config.size, ...given } : null
}

function noAnswer(): PersonAnswer {
  return {
    images: [],
    newPixels: 0,
    judgedPixels: 0,
    agreeingPixels: 0,
    byHand: { judgedPixels: 0, agreeingPixels: 0 },
  }
}

/**
 * Takes people's labels into the run and counts them, image by image. Labels and count are stored together: wherever it
 * is interrupted, and whatever is labelled meanwhile, every new pixel counts once.
 * @param asking the round that asked for them, whose predictions they judge
 */
async function takeAnswer(
  { record, run, signal, store }: RoundContext,
  answer: PersonAnswer,
  asking: RoundRecord,
): Promise<void> {
  for await (const { imageId, before, given } of changedImages(store, run)) {
    signal.throwIfAborted()
    const ahead = asking.ahead?.filter((region) => region.imageId === imageId) ?? []
    if (answer.newPixelsAhead !== undefined) answer.newPixelsAhead += newPixelsIn(ahead, run.config.size, before, given)
    judge(answer, before, given, (await store.layers(asking.index, imageId))?.prediction ?? null)
    if (!answer.images.includes(imageId)) answer.images.push(imageId)
    await store.commitAnswer(record, run, imageId, recordOf(run, imageId, given))
  }
}

const isNewAt = (i: number, before: Labels | undefined, given: Labels) =>
  isLabelled(given.provenance[i]) && !(before && isLabelled(before.provenance[i]))

function newPixelsIn(regions: readonly Region[], { width }: Size, before: Labels | undefined, given: Labels): number {
  let count = 0
  for (const region of regions) {
    for (let y = region.y; y < region.y + region.height; y++) {
      for (let x = region.x; x < region.x + region.width; x++) count += Number(isNewAt(y * width + x, before, given))
    }
  }
  return count
}

function judge(answer: PersonAnswer, before: Labels | undefined, given: Labels, prediction: Uint8Array | null): void {
  for (let i = 0; i < given.classes.length; i++) {
    if (!isNewAt(i, before, given)) continue
    answer.newPixels++
    if (!prediction || given.classes[i] === IGNORE) continue
    const isByHand = Number(given.provenance[i] !== PROVENANCE.accepted)
    const agrees = Number(prediction[i] === given.classes[i])
    answer.judgedPixels++
    answer.agreeingPixels += agrees
    if (!answer.byHand) continue
    answer.byHand.judgedPixels += isByHand
    answer.byHand.agreeingPixels += isByHand * agrees
  }
}

/** Whether people labelled and refused the same pixels alike; extended labels are not compared. */
function isSameAnnotation(a: Labels, b: Labels): boolean {
  const given = (source: number) => (source === PROVENANCE.extended ? PROVENANCE.none : source)
  return a.classes.every((id, i) => {
    const source = given(a.provenance[i])
    return source === given(b.provenance[i]) && (!isLabelled(source) || id === b.classes[i])
  })
}
