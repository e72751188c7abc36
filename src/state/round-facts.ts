/** Numbers for the charts and tables of a run, computed from its stored rounds. */
import type { ClassDefinition } from '../domain/classes'
import { labelledShare, type RoundRecord } from '../domain/round'

export interface CurvePoint {
  round: number
  /** Labelled share of the pool's pixels, 0..1. */
  labelledShare: number
  mIoU: number
}

/** mIoU against labelled share, one point per evaluated round. */
export function curve(rounds: readonly RoundRecord[]): CurvePoint[] {
  return rounds.flatMap((round) =>
    round.evaluation ? [{ round: round.index, labelledShare: labelledShare(round), mIoU: round.evaluation.mIoU }] : [],
  )
}

export interface AgreementPoint {
  round: number
  /** Share of the new labels on which the network's prediction agreed, 0..1. */
  share: number
  /** The same share of the painted pixels, without those accepted as suggested; null when nothing was painted. */
  byHand: number | null
}

/** How often the network agreed with people's labels before it trained on them: one point per answered round. */
export function agreement(rounds: readonly RoundRecord[]): AgreementPoint[] {
  return rounds.flatMap(({ index, answer }) => {
    if (!answer || answer.judgedPixels === 0) return []
    const { judgedPixels, agreeingPixels, byHand } = answer
    const share = agreeingPixels / judgedPixels
    return [{ round: index, share, byHand: byHand?.judgedPixels ? byHand.agreeingPixels / byHand.judgedPixels : null }]
  })
}

export interface ClassShare {
  definition: ClassDefinition
  /** Shares of the selection's and the pool's labelled pixels, 0..1. */
  selected: number
  pool: number
  /** selected / pool; null for a class that the pool does not have. */
  factor: number | null
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

/** Class shares of one round's selection beside the pool's; null when the round chose nothing. */
export function classShares(round: RoundRecord, classes: readonly ClassDefinition[]): ClassShare[] | null {
  const chosen = total(round.selectedClassPixels)
  const all = total(round.poolClassPixels)
  if (chosen === 0 || all === 0) return null
  return classes.map((definition, id) => {
    const selected = (round.selectedClassPixels[id] ?? 0) / chosen
    const pool = (round.poolClassPixels[id] ?? 0) / all
    return { definition, selected, pool, factor: pool > 0 ? selected / pool : null }
  })
}
