import { expect, it } from 'vitest'
import { doing, goingOn, standing } from './queue-words'

it('tells what is answered, what the run does, and what is left', () => {
  expect(goingOn({ asked: 40, finished: 12, left: 20 }, doing('train'))).toBe(
    '12 of 40\u00a0regions; the network is training, 20 more to go on with.',
  )
  expect(goingOn({ asked: 1, finished: 1, left: 0 }, doing('entropy'))).toBe(
    '1 of 1\u00a0region; the next regions are being chosen, nothing more to go on with yet.',
  )
  expect(goingOn({ asked: 0, finished: 0, left: 4 }, standing('paused'))).toBe(
    'The run is paused; 4 more to go on with.',
  )
})

it('knows what the run does, or why it does not', () => {
  expect((['start', 'boot', 'train', 'extend'] as const).map(doing)).toEqual(Array(4).fill('the network is training'))
  expect(doing('evaluate')).toMatch(/measured/)
  expect([standing('failed'), standing('running')]).toEqual(['the run has stopped', 'the run was interrupted'])
})
