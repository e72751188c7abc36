import { expect, test } from 'vitest'
import type { StudyLine } from '../../src/study/study-line'
import { type Candidate, nextLine } from './schedule'

function candidate(hash: string, state: Candidate['state'], firstRound: Candidate['firstRound'] = 'open'): Candidate {
  return { line: { hash } as StudyLine, state, firstRound }
}

const next = (...candidates: Candidate[]) => nextLine(candidates)?.hash ?? null

test('what was begun comes first, then the order of the manifest', () => {
  expect(next(candidate('a', 'open'), candidate('b', 'open'))).toBe('a')
  expect(next(candidate('a', 'open'), candidate('b', 'begun'))).toBe('b')
  expect(next(candidate('a', 'held'), candidate('b', 'open', 'there'))).toBe('b')
})

test('a line waits for its first round while another one trains it', () => {
  expect(next(candidate('a', 'open', 'held'), candidate('b', 'open'))).toBe('b')
  expect(next(candidate('a', 'open', 'held'), candidate('b', 'held'))).toBeNull()
  // It may be the one that was training it.
  expect(next(candidate('a', 'begun', 'held'))).toBe('a')
  expect(next()).toBeNull()
})
