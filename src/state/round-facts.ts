/** Numbers for the charts and tables of a run, computed from its stored rounds. */
import type { ClassDefinition } from '../domain/classes'
import { labelledShare, type PersonAnswer, type RoundRecord } from '../domain/round'

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

interface AgreementPoint {
  round: number
  /** Share of the new labels on which the network's prediction agreed, 0..1. */
  share: number
  /** The same share of the painted pixels, without those accepted as suggested; null when nothing was painted. */
  byHand: number | null
}

/**
 * How often the network agreed with people's labels before it trained on them: one point per answered round. Labels that
 * were given ahead belong to the round that had suggested them.
 */
export function agreement(rounds: readonly RoundRecord[]): AgreementPoint[] {
  return rounds.flatMap(({ index, answer }) => {
    const next = rounds.find((round) => round.index === index + 1)
    const answers = [answer, next?.answerAhead].filter((given) => given !== undefined)
    const sum = (count: (given: PersonAnswer) => number | undefined) => total(answers.map((given) => count(given) ?? 0))
    const judged = sum(({ judgedPixels }) => judgedPixels)
    if (judged === 0) return []
    const painted = sum(({ byHand }) => byHand?.judgedPixels)
    const agreeing = sum(({ byHand }) => byHand?.agreeingPixels)
    const share = sum(({ agreeingPixels }) => agreeingPixels) / judged
    return [{ round: index, share, byHand: painted > 0 ? agreeing / painted : null }]
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
