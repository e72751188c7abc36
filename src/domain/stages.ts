/**
 * Stages of one round in the paper's order: the one list. The same words name progress, timings, columns and the pipeline on the
 * screen. 'entropy' is the committee, its vote entropy and the attention over it, image by image, in one chain on the device;
 * 'select' takes the best regions of all those images.
 */
export const STAGES = ['train', 'evaluate', 'rate', 'entropy', 'select', 'annotate', 'extend'] as const

export type Stage = (typeof STAGES)[number]

/** Stages of the last round: it is trained and measured, and queries nothing. */
export const LAST_ROUND_STAGES: readonly Stage[] = STAGES.slice(0, 2)

/** Whether a phase of a long call is a stage of a round. */
export function isStage(phase: string): phase is Stage {
  return STAGES.some((stage) => stage === phase)
}

/**
 * What wall time is kept of: every stage, and attention within 'entropy', where an engine can tell the two apart (WebGPU cannot:
 * there it is 0). Runs of earlier versions may stand at 'attend', as if it were a stage.
 */
export type Timed = Stage | 'attend'

/** In the order of tables and bars: evaluation comes last, for it is no cost of a method. */
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
