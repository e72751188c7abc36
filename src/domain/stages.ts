/**
 * The stages of one round, in the paper's order. Progress, timings, table columns and the pipeline on the screen use
 * the same words.
 * `train`: the network learns from all labels there are.
 * `evaluate`: it is measured on the validation images.
 * `rate`: it rates every unlabelled image, and the highest pass on.
 * `entropy`: in each of those images, the committee votes on every pixel; its disagreement, gathered over a window, is
 * the score of a region.
 * `select`: the best regions of all those images are taken, until the round's budget is spent.
 * `annotate`: a person or the oracle labels them.
 * `extend`: labels spread to look-alike neighbours.
 */
export const STAGES = ['train', 'evaluate', 'rate', 'entropy', 'select', 'annotate', 'extend'] as const

export type Stage = (typeof STAGES)[number]

/** Stages of the last round, which is trained and measured, and asks for nothing. */
export const LAST_ROUND_STAGES: readonly Stage[] = STAGES.slice(0, 2)

/** Whether the phase of a long call is a stage of a round. */
export function isStage(phase: string): phase is Stage {
  return STAGES.some((stage) => stage === phase)
}

/**
 * Parts of a round whose wall time is kept: every stage, and within `entropy` the attention, which gathers the
 * disagreement over a window. WebGPU computes both in one go, so that attention's time is 0 there. Runs of earlier
 * versions may stand at `attend` as a stage.
 */
export type Timed = Stage | 'attend'

/** The same in the order of tables and bars: evaluation comes last, for it is no cost of a method. */
export const TIMED: readonly Timed[] = [
  ...STAGES.filter((stage) => stage !== 'evaluate').flatMap((stage): Timed[] =>
    stage === 'entropy' ? [stage, 'attend'] : [stage],
  ),
  'evaluate',
]

/** The stage at which a stored run goes on. */
export function stageOf(stored: Timed): Stage {
  return stored === 'attend' ? 'select' : stored
}

export function noSeconds(): Record<Timed, number> {
  return Object.fromEntries(TIMED.map((part) => [part, 0])) as Record<Timed, number>
}
