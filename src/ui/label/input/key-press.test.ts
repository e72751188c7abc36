import { expect, test } from 'vitest'
import { Keymap } from '../../../state/labelling/keymap.svelte'
import { COMMANDS, type Command } from './commands'
import { commandOf, keyOfEvent, keyText, keyTexts, withKey } from './key-press'

const usual = { keysOf: ({ keys }: Command) => keys }

/** A key event: the sign, the place, and the held modifiers. */
function press(key: string, code: string, ...held: string[]): KeyboardEvent {
  return {
    key,
    code,
    ctrlKey: held.includes('Control'),
    metaKey: held.includes('Meta'),
    altKey: held.includes('Alt'),
    shiftKey: held.includes('Shift'),
    getModifierState: (name: string) => held.includes(name),
  } as KeyboardEvent
}

test.each([
  ['US', 'b', 'KeyB', [], 'tool-brush'],
  ['US', '3', 'Digit3', [], 'class-2'],
  ['US', '#', 'Digit3', ['Shift'], 'class-11'],
  ['US', ')', 'Digit0', ['Shift'], 'class-18'],
  ['US', '3', 'Numpad3', [], 'class-2'],
  ['US', '[', 'BracketLeft', [], 'smaller'],
  ['US', '?', 'Slash', ['Shift'], 'keys'],
  ['US', '=', 'Equal', [], 'zoom-in'],
  ['US', '+', 'Equal', ['Shift'], 'zoom-in'],
  ['US', '=', 'Equal', ['Control'], 'zoom-in'],
  ['US', '+', 'NumpadAdd', [], 'zoom-in'],
  ['US', ' ', 'Space', [], 'layer-labels'],
  ['US', 'z', 'KeyZ', ['Control'], 'undo'],
  ['US', 'Z', 'KeyZ', ['Control', 'Shift'], 'redo'],
  ['US', '0', 'Digit0', ['Control'], 'fit'],
  ['US', 'Enter', 'Enter', [], 'finish'],
  // Bare signs stand where the digits are: the digits count.
  ['French', '&', 'Digit1', [], 'class-0'],
  ['French', '-', 'Digit6', [], 'class-5'],
  ['French', '1', 'Digit1', ['Shift'], 'class-9'],
  ['French', 'a', 'KeyQ', [], 'previous'],
  ['French', 'z', 'KeyW', ['Control'], 'undo'],
  // Signs that need AltGr; Windows says Ctrl and Alt as well.
  ['German', '[', 'Digit8', ['AltGraph'], 'class-7'],
  ['German', 'ü', 'BracketLeft', [], 'smaller'],
  ['German', '+', 'BracketRight', [], 'zoom-in'],
  ['German', '-', 'Slash', [], 'zoom-out'],
  ['German', 'z', 'KeyY', ['Control'], 'undo'],
  ['Spanish', '[', 'BracketLeft', ['AltGraph', 'Control', 'Alt'], 'smaller'],
  ['Russian', 'я', 'KeyZ', ['Control'], 'undo'],
  ['Russian', 'и', 'KeyB', [], 'tool-brush'],
  ['US', 'b', 'KeyB', ['Alt'], undefined],
  ['US', 'ArrowUp', 'ArrowUp', [], undefined],
] as const)('%s keyboard: %s at %s with %j', (_, key, code, held, id) => {
  expect(commandOf(press(key, code, ...held), usual)?.id).toBe(id)
})

test('keys as people read them, each once', () => {
  expect(['$mod+Shift+z', 'Space', '[', '[Shift]+?', '$mod+-', '[Shift]++', 'Shift+Digit3'].map(keyText)).toEqual([
    'Ctrl + Shift + Z',
    'Space',
    '[',
    '?',
    'Ctrl + -',
    '+',
    'Shift + 3',
  ])
  expect(keyTexts(usual, COMMANDS.find(({ id }) => id === 'class-2') as Command)).toEqual(['3'])
})

test('keys as they are pressed; modifiers alone, and Tab, are none', () => {
  expect(keyOfEvent(press('b', 'KeyB'))).toBe('b')
  expect(keyOfEvent(press('Z', 'KeyZ', 'Control', 'Shift'))).toBe('$mod+Shift+z')
  expect(keyOfEvent(press(' ', 'Space'))).toBe('Space')
  expect(keyOfEvent(press('?', 'Slash', 'Shift'))).toBe('[Shift]+?')
  expect(keyOfEvent(press('&', 'Digit1'))).toBe('Digit1')
  expect(keyOfEvent(press('я', 'KeyZ'))).toBe('z')
  expect(keyOfEvent(press('@', 'KeyQ', 'AltGraph', 'Control', 'Alt'))).toBe('@')
  expect(keyOfEvent(press('ArrowUp', 'ArrowUp', 'Alt'))).toBe('Alt+ArrowUp')
  expect(keyOfEvent(press('Shift', 'ShiftLeft', 'Shift'))).toBeNull()
  expect(keyOfEvent(press('Tab', 'Tab'))).toBeNull()
})

test('whatever key is given to a command, pressing it again finds that command and no other', () => {
  for (const event of [
    press('+', 'Equal', 'Shift'),
    press('1', 'Digit1'),
    press('ß', 'Minus'),
    press('[', 'Digit8', 'AltGraph'),
    press('b', 'KeyB'),
    press('Q', 'KeyQ', 'Shift'),
    press(' ', 'Space'),
  ]) {
    const keymap = new Keymap()
    keymap.give(keyOfEvent(event) ?? '', 'fit', COMMANDS)
    expect(commandOf(event, keymap)?.id).toBe('fit')
    const others = COMMANDS.filter(({ id }) => id !== 'fit')
    expect(others.flatMap((command) => keymap.keysOf(command))).not.toContain(keyOfEvent(event))
  }
})

test('a hint names the key that a command has, and none that it has lost', () => {
  const keymap = { keysOf: ({ id, keys }: Command) => (id === 'tool-brush' ? [] : keys) }
  expect(withKey('Eraser', keymap, 'tool-eraser')).toBe('Eraser (E)')
  expect(withKey('Brush', keymap, 'tool-brush')).toBe('Brush')
})
