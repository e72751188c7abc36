/** From a pressed key to the command it stands for, on any keyboard layout; and how keys are written. */
import { matchKeybindingPress, parseKeybinding } from 'tinykeys'
import { COMMANDS, type Command } from './commands'

/** What `keysOf` says is in tinykeys' notation: `$mod` is Ctrl, on a Mac Cmd. */
interface Keys {
  keysOf(command: Command): readonly string[]
}

type Press = Pick<KeyboardEvent, 'key' | 'code' | 'getModifierState'>

const IS_APPLE = /Mac|iPod|iPhone|iPad/.test(globalThis.navigator?.platform ?? '')

/**
 * The command that a pressed key stands for; null for none. The row of digits counts by its place, because some layouts have
 * letters or signs there; every other key by what is printed on it, and by its place where no command has that.
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

/** What is printed on a key; on a keyboard of another script, the Latin letter of its place. */
function printed({ key, code }: Pick<KeyboardEvent, 'key' | 'code'>): string {
  const isForeign = /^\p{L}$/u.test(key) && !/^\p{Script=Latin}$/u.test(key)
  return isForeign && /^Key[A-Z]$/.test(code) ? code.slice(-1).toLowerCase() : key
}

/** AltGr makes a sign (on a German keyboard `[`): it is no modifier of the sign. */
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
    // Shift is part of how a sign is written, and may not be needed on another layout.
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

/** A key in tinykeys' notation as people read it. */
export function keyText(key: string): string {
  return key
    .split(/(?<=\w|\])\+/)
    .filter((part) => !/^\[\w+\]$/.test(part))
    .map((part) => part.replace(/^(Digit|Numpad)(?=\d$)/, ''))
    .map((part) => SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(' + ')
}

/** A command's keys as people read them, each once. */
export function keyTexts(keymap: Keys, command: Command): string[] {
  return [...new Set(keymap.keysOf(command).map(keyText))]
}

/** A hint that names a command's key, where it has one. */
export function withKey(text: string, keymap: Keys, id: string): string {
  const key = keyOf(keymap, id)
  return key ? `${text} (${key})` : text
}

/** The key that a command has at the moment, as it stands on a keyboard; none when it has lost it. */
export function keyOf(keymap: Keys, id: string): string | undefined {
  const found = COMMANDS.find((each) => each.id === id)
  return found && keyTexts(keymap, found)[0]
}
