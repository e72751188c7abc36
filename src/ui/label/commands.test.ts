import { expect, test } from 'vitest'
import { COMMANDS, keyOfEvent, keyText } from './commands'

test('no two commands have one key', () => {
  const keys = COMMANDS.flatMap((command) => command.keys)
  expect(new Set(keys).size).toBe(keys.length)
  expect(new Set(COMMANDS.map(({ id }) => id)).size).toBe(COMMANDS.length)
})

test('keys as people read them', () => {
  expect(['$mod+Shift+z', 'Space', '[', '[Shift]+?', '$mod+Minus'].map(keyText)).toEqual([
    'Ctrl + Shift + Z',
    'Space',
    '[',
    '?',
    'Ctrl + -',
  ])
})

test('keys as they are pressed; modifiers alone are none', () => {
  const press = (key: string, modifiers = {}) =>
    keyOfEvent({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers } as KeyboardEvent)
  expect(press('b')).toBe('b')
  expect(press('Z', { ctrlKey: true, shiftKey: true })).toBe('$mod+Shift+z')
  expect(press(' ')).toBe('Space')
  expect(press('?', { shiftKey: true })).toBe('[Shift]+?')
  expect(press('ArrowUp', { altKey: true })).toBe('Alt+ArrowUp')
  expect(press('Shift', { shiftKey: true })).toBeNull()
})
