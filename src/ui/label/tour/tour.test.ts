import { expect, it } from 'vitest'
import { overlapOf } from '../../../domain/size'
import { placeCard, widened } from './tour-place'
import { textParts, tourSteps } from './tour-steps'

const CARD = { width: 350, height: 200 }
const SCREEN = { width: 1280, height: 900 }

it('speaks about a queue only where there is one, and names commands that exist', () => {
  const queues = (['nothing', 'images', 'regions'] as const).map((asks) =>
    tourSteps(asks).filter(({ targets }) => targets.includes('queue')),
  )
  expect(queues.map((steps) => steps.length)).toEqual([0, 1, 1])
  const named = (['images', 'regions'] as const)
    .flatMap((asks) => tourSteps(asks))
    .flatMap(({ text }) => textParts(text).flatMap((part) => ('commandId' in part ? [part.commandId] : [])))
  expect(named).toContain('accept')
  expect(() => textParts('Press {undo-all}')).toThrow('There is no command "undo-all".')
})

it('cuts a text at its keys', () => {
  expect(textParts('Press {undo}, or {keys}')).toEqual([
    { text: 'Press ' },
    { commandId: 'undo' },
    { text: ', or ' },
    { commandId: 'keys' },
    { text: '' },
  ])
})

it('lays the card beside its target, and never over it while there is room', () => {
  const targets = [
    { x: 0, y: 110, width: 184, height: 790 }, // Tools at the left
    { x: 1040, y: 130, width: 230, height: 300 }, // Queue at the right
    { x: 900, y: 65, width: 60, height: 32 }, // A button at the top
  ]
  for (const target of targets) {
    const at = placeCard(target, CARD, SCREEN)
    expect(overlapOf({ ...at, ...CARD }, target)).toBeNull()
    expect(overlapOf({ ...at, ...CARD }, { x: 0, y: 0, ...SCREEN })).toEqual({ ...at, ...CARD })
  }
})

it('lays the card below or above on a narrow screen, and within what fills it', () => {
  const screen = { width: 400, height: 900 }
  const tools = { x: 0, y: 200, width: 400, height: 90 }
  expect(placeCard(tools, CARD, screen)).toEqual({ x: 25, y: 304 })
  const queue = { x: 0, y: 700, width: 400, height: 200 }
  expect(placeCard(queue, CARD, screen)).toEqual({ x: 25, y: 486 })
  const picture = { x: 184, y: 110, width: 856, height: 790 }
  expect(placeCard(picture, CARD, SCREEN)).toEqual({ x: 437, y: 686 })
})

it('lays the card below flat things, whose neighbours are beside them', () => {
  const undo = { x: 880, y: 70, width: 60, height: 30 }
  expect(widened(undo, 6)).toEqual({ x: 874, y: 64, width: 72, height: 42 })
  expect(placeCard(undo, CARD, SCREEN).y).toBe(114)
})
