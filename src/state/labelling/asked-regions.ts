/** What a run asks people about: the regions of its latest query, and those that come next. */
import { initialPool } from '../../cpral/image-scores'
import type { ImageSummary } from '../../domain/project'
import type { AnswerRecord, Region, RoundRecord } from '../../domain/round'
import type { RunRecord } from '../../domain/run'
import { scaledTo } from '../../domain/size'
import type { QueuedRegion } from './region-queue.svelte'

/** What a run asks, or lets people go on with. */
export interface Asked {
  /** null where it asks for its first images. */
  record: RoundRecord | null
  /** The regions that the round's budget pays for; empty before the first round. */
  regions: readonly Region[]
  /** Those that people may go on with. */
  ahead: readonly Region[]
}

/** Whether a run's latest query still takes answers: until the next round has taken what was labelled ahead. */
export function askedBy(run: RunRecord, rounds: readonly RoundRecord[]): Asked | null {
  if (run.config.annotator !== 'person' || run.status === 'done') return null
  const isWaiting = run.status === 'waiting'
  if (isWaiting && run.round === 0) return { record: null, regions: [], ahead: [] }
  const record = rounds.findLast(({ isAsked }) => isAsked)
  if (!record) return null
  const { regions, ahead = [] } = record
  const isTaken = rounds.some(({ index, aheadPixels }) => index > record.index && aheadPixels !== undefined)
  if (!isWaiting && (ahead.length === 0 || isTaken)) return null
  return { record, regions, ahead }
}

/** What is asked as the queue has it, at each image's own size; before the first round the images of the initial pool. */
export function queuedRegions(run: RunRecord, asked: Asked, images: readonly ImageSummary[]): QueuedRegion[] {
  const byId = new Map(images.map((image) => [image.id, image]))
  const sizeOf = (imageId: string) => byId.get(imageId)?.size ?? run.config.size
  if (!asked.record) {
    const pool = images.filter(({ split }) => split === 'train').map(({ id }) => id)
    return initialPool(pool, run.config.selection.initialImages, run.config.seed).map((imageId, index) => {
      return { index, imageId, area: { x: 0, y: 0, ...sizeOf(imageId) }, asked: null, isAhead: false }
    })
  }
  return [...asked.regions, ...asked.ahead].map((region, index) => {
    const { imageId } = region
    const area = scaledTo(region, run.config.size, sizeOf(imageId))
    return { index, imageId, area, asked: region, isAhead: index >= asked.regions.length }
  })
}

/** How much of what is asked has an answer other than 'skipped', and how much is left to go on with. */
export interface AskedCount {
  regions: number
  finished: number
  /** Regions without any answer, those ahead among them. */
  left: number
}

export function countAsked({ regions, ahead }: Asked, answers: readonly AnswerRecord[]): AskedCount {
  const isAsked = ({ index }: AnswerRecord) => index < regions.length
  return {
    regions: regions.length,
    finished: answers.filter((answer) => isAsked(answer) && answer.status !== 'skipped').length,
    left: regions.length + ahead.length - answers.length,
  }
}
