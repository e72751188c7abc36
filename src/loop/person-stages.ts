/**
 * Stage 'annotate' when a person labels. The network's predictions of the chosen images are kept, for the person to
 * accept or correct; the run waits, then takes everything that was labelled. Before the network trains on the new
 * labels, they judge it.
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
import type { PersonAnswer } from '../domain/round'
import type { RunRecord } from '../domain/run'
import { keepPrediction } from './annotation-stages'
import type { RoundContext, StageOutcome } from './round-context'
import type { PersonLabels, RunStore } from './run-store'
import { readyForInference } from './training-stages'

/** People's labels so far are the initial pool; without any, the run waits for them. */
export async function takeInitialLabels(store: RunStore, run: RunRecord): Promise<StageOutcome> {
  if ((await store.personImages()).size === 0) return 'wait'
  for await (const { imageId, given } of changedImages(store, run)) await commitGiven(store, run, imageId, given)
  return 'done'
}

/**
 * Asks once, waits, and takes the answers when the run goes on. Doing it again after an interruption changes nothing.
 */
export async function personStage(context: RoundContext): Promise<StageOutcome> {
  const { record, run, store } = context
  const start = performance.now()
  if (!record.isAsked) await ask(context)
  else {
    // Counted and committed before anything is copied: copied labels would no longer count as new.
    record.answer ??= await countAnswer(store, run, record.index)
    await context.commit()
    for await (const { imageId, given } of changedImages(store, run)) await commitGiven(store, run, imageId, given)
  }
  const outcome = record.isAsked ? 'done' : 'wait'
  record.isAsked = true
  context.addSeconds('annotate', performance.now() - start)
  return outcome
}

/** Predicts the images whose regions were chosen, and notes how much less sure the network is there than elsewhere. */
async function ask(context: RoundContext): Promise<void> {
  const { config, learner, record, store, signal } = context
  await readyForInference(context)
  const images = [...new Set(record.regions.map(({ imageId }) => imageId))]
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

/** An image without any labelled pixel leaves the labelled set, whatever was refused in it. */
async function commitGiven(store: RunStore, run: RunRecord, imageId: string, given: Labels): Promise<void> {
  if (countLabelled(given.provenance) === 0) await store.removeLabels(imageId)
  else await store.commitLabels([{ runId: run.id, imageId, size: run.config.size, ...given }])
}

/** Counts the new labels, and how many of them the round's network had predicted. */
async function countAnswer(store: RunStore, run: RunRecord, round: number): Promise<PersonAnswer> {
  const byHand = { judgedPixels: 0, agreeingPixels: 0 }
  const answer = { images: [] as string[], newPixels: 0, judgedPixels: 0, agreeingPixels: 0, byHand }
  for await (const { imageId, before, given } of changedImages(store, run)) {
    const prediction = (await store.layers(round, imageId))?.prediction ?? null
    judge(answer, before, given, prediction)
    answer.images.push(imageId)
  }
  return answer
}

function judge(
  answer: Required<PersonAnswer>,
  before: Labels | undefined,
  given: Labels,
  prediction: Uint8Array | null,
): void {
  for (let i = 0; i < given.classes.length; i++) {
    const isNew = isLabelled(given.provenance[i]) && !(before && isLabelled(before.provenance[i]))
    if (!isNew) continue
    answer.newPixels++
    if (!prediction || given.classes[i] === IGNORE) continue
    const isByHand = Number(given.provenance[i] !== PROVENANCE.accepted)
    const agrees = Number(prediction[i] === given.classes[i])
    answer.judgedPixels++
    answer.agreeingPixels += agrees
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
