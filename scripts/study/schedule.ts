/** Which line of a study comes next. */
import type { StudyLine } from '../../src/study/study-line'
import type { LineState } from './study-folder'

export interface Candidate {
  line: StudyLine
  state: LineState
  /** Its first round: somewhere in storage, being trained by a process, or neither. */
  firstRound: 'there' | 'held' | 'open'
}

/**
 * A line that was begun comes first, then the others in the manifest's order. One whose first round is just being
 * trained waits for it, since it could only wait; null when there is none to start now.
 */
export function nextLine(candidates: readonly Candidate[]): StudyLine | null {
  const begun = candidates.find(({ state }) => state === 'begun')
  const open = candidates.find(({ state, firstRound }) => state === 'open' && firstRound !== 'held')
  return begun?.line ?? open?.line ?? null
}
