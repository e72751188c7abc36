/** Finds the command of a pressed key on any keyboard layout, and writes keys for people. */
import { matchKeybindingPress, parseKeybinding } from 'tinykeys'
import { COMMANDS, type Command, type CommandId } from './commands'

interface Keys {
  /** In tinykeys' notation: `$mod` is Ctrl, on a Mac Cmd. */
  keysOf(command: Command): readonly string[]
}

type Press = Pick<KeyboardEvent, 'key' | 'code' | 'getModifierState'>

const IS_APPLE = /Mac|iPod|iPhone|iPad/.test(globalThis.navigator?.platform ?? '')

/**
 * The command of a pressed key, or null. The row of digits is read by place, because some layouts have letters or signs there; every other
 * key by what is printed on it, and by place where no command has that.
 */
export function commandOf(event: KeyboardEvent, keymap: Keys): Command | null {
  const bySign = { ...reading(event, printed(event)), code: '' }
  const byPlace = reading(event, '')
  const readings = isDigitRow(event.code) ? [byPlace, bySign] : [bySign, byPlace]
  for (const press of readings) {
    const found = COMMANDS.find((command) => keymap.keysOf(command).some((key) => isPressed(press, key)))
    if (found) return found
  }
  return null
}

function isPressed(press: Press, key: string): boolean {
  return matchKeybindingPress(press as KeyboardEvent, parseKeybinding(key)[0])
}

function isDigitRow(code: string): boolean {
  return /^Digit\d$/.test(code)
}

/** The sign printed on a key; on a keyboard of another script, the Latin letter at its place. */
function printed({ key, code }: Pick<KeyboardEvent, 'key' | 'code'>): string {
  const isForeign = /^\p{L}$/u.test(key) && !/^\p{Script=Latin}$/u.test(key)
  return isForeign && /^Key[A-Z]$/.test(code) ? code.slice(-1).toLowerCase() : key
}

/** The press as tinykeys reads it. AltGr makes a sign (on a German keyboard `[`), so it is no modifier of that sign. */
function reading(event: KeyboardEvent, key: string): Press {
  const hasAltGr = event.getModifierState('AltGraph')
  return {
    key,
    code: event.code,
    getModifierState: (name) => event.getModifierState(name) && !(hasAltGr && name !== 'Shift'),
  }
}

/** The key that was pressed, in tinykeys' notation; null for a modifier alone, and for Tab, which moves the focus. */
export function keyOfEvent(event: KeyboardEvent): string | null {
  const { code, ctrlKey, metaKey, altKey, shiftKey } = event
  const key = isDigitRow(code) ? code : printed(event)
  if (['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'Dead', 'Unidentified', 'Tab'].includes(key)) return null
  const isLetter = /^\p{L}$/u.test(key)
  const hasAltGr = event.getModifierState('AltGraph')
  const modifiers = [
    ...(ctrlKey && !hasAltGr ? [IS_APPLE ? 'Control' : '$mod'] : []),
    ...(metaKey ? [IS_APPLE ? '$mod' : 'Meta'] : []),
    ...(altKey && !hasAltGr ? ['Alt'] : []),
    // On one layout a sign needs Shift, on another it does not: the brackets make it optional.
    ...(shiftKey ? [isLetter || key.length > 1 ? 'Shift' : '[Shift]'] : []),
  ]
  return [...modifiers, key === ' ' ? 'Space' : isLetter ? key.toLowerCase() : key].join('+')
}

const SHOWN: Readonly<Record<string, string>> = {
  $mod: IS_APPLE ? 'Cmd' : 'Ctrl',
  Control: 'Ctrl',
  BracketLeft: '[',
  BracketRight: ']',
  Escape: 'Esc',
  PageDown: 'Page down',
  PageUp: 'Page up',
}

/** A key in tinykeys' notation, written for people. */
export function keyText(key: string): string {
  return key
    .split(/(?<=\w|\])\+/)
    .filter((part) => !/^\[\w+\]$/.test(part))
    .map((part) => part.replace(/^(Digit|Numpad)(?=\d$)/, ''))
    .map((part) => SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(' + ')
}

/** A command's keys, written for people, each once. */
export function keyTexts(keymap: Keys, command: Command): string[] {
  return [...new Set(keymap.keysOf(command).map(keyText))]
}

/** A hint with the command's key in brackets, if it has one. */
export function withKey(text: string, keymap: Keys, id: CommandId): string {
  const key = keyOf(keymap, id)
  return key ? `${text} (${key})` : text
}

/** A command's first key, written for people; undefined when it has lost its keys. */
export function keyOf(keymap: Keys, id: CommandId): string | undefined {
  const found = COMMANDS.find((each) => each.id === id)
  return found && keyTexts(keymap, found)[0]
}
