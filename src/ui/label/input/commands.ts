/** The commands of the label table, each with its usual keys: the one list. */
import { TOOLS, type ToolId } from '../../../annotation/tools/tools'

export const COMMAND_GROUPS = ['Tools', 'Size', 'Labels', 'Regions', 'Classes', 'View', 'Images'] as const
type CommandGroup = (typeof COMMAND_GROUPS)[number]

/**
 * Group, id, name, usual keys. Keys are in tinykeys' notation (`$mod` is Ctrl, on a Mac Cmd), by what is printed on them, or by their
 * place (`BracketLeft`) where layouts differ.
 */
const LISTED = [
  ['Tools', 'finish', 'Finish the polygon; else the region', 'Enter'],
  ['Tools', 'cancel', 'Cancel what is being drawn', 'Escape'],
  ['Tools', 'step-back', 'Take back the last corner; else one region back', 'Backspace'],
  ['Size', 'smaller', 'Smaller brush, finer superpixels', '[', 'BracketLeft'],
  ['Size', 'larger', 'Larger brush, coarser superpixels', ']', 'BracketRight'],
  ['Labels', 'undo', 'Undo a stroke', '$mod+z'],
  ['Labels', 'redo', 'Redo a stroke', '$mod+Shift+z', '$mod+y'],
  ['Labels', 'save', 'Save now', '$mod+s'],
  ['Regions', 'accept', 'Accept the whole suggestion', 'y'],
  ['Regions', 'accept-class', 'Accept the class under the pointer', 't'],
  ['Regions', 'accept-superpixel', 'Accept the superpixel under the pointer', 'q'],
  ['Regions', 'extend', 'Spread the labels to look-alike neighbours', 'm'],
  ['Regions', 'accept-extension', 'Accept what was spread', 'j'],
  ['Regions', 'reject-extension', 'Refuse what was spread', 'k'],
  ['Regions', 'accept-extension-class', 'Accept what was spread of the class under the pointer', 'Shift+j'],
  ['Regions', 'reject-extension-class', 'Refuse what was spread of the class under the pointer', 'Shift+k'],
  ['Regions', 'empty', 'Nothing here: what is unlabelled is void', 'v'],
  ['Regions', 'train', 'Train on what is labelled', 'Shift+Enter'],
  ['Regions', 'skip', 'Skip the region', 'x'],
  ['Labels', 'only-unlabelled', 'Paint unlabelled pixels only', 'n'],
  ['Labels', 'only-region', 'Paint inside the region only', 'r'],
  ['Regions', 'region', 'Back to the region at hand', 'w'],
  ['Classes', 'class-void', 'Void', 'Digit0', 'Numpad0'],
  ['Classes', 'class-under', 'Class under the pointer', 'c'],
  ['View', 'layer-labels', 'Labels on or off', 'Space'],
  ['View', 'layer-prediction', 'Prediction on or off', 'o'],
  ['View', 'layer-suggestion', 'Suggestion in the region on or off', 'Shift+o'],
  ['View', 'layer-entropy', 'Uncertainty on or off', 'u'],
  ['View', 'zoom-in', 'Zoom in', '[Shift]++', '=', '$mod+[Shift]++', '$mod+='],
  ['View', 'zoom-out', 'Zoom out', '-', '$mod+-'],
  ['View', 'fit', 'Fit the image', 'f', '$mod+Digit0'],
  ['View', 'actual-size', 'Actual size (1:1)', '$mod+Digit1'],
  ['View', 'keys', 'Keys', '[Shift]+?', 'F1'],
  ['Images', 'next', 'Next image', 'd', 'PageDown'],
  ['Images', 'next-unlabelled', 'Next image without labels', 'Shift+d'],
  ['Images', 'previous', 'Previous image', 'a', 'PageUp'],
] as const satisfies readonly (readonly [group: CommandGroup, id: string, name: string, ...keys: string[]])[]

/** Keys that choose the first classes of the list: the digits 1 to 9, then with Shift 1 to 9 and 0. 0 alone is void. */
const CLASS_KEYS: readonly (readonly string[])[] = [
  ...Array.from({ length: 9 }, (_, i) => [`Digit${i + 1}`, `Numpad${i + 1}`]),
  ...Array.from({ length: 10 }, (_, i) => [`Shift+Digit${(i + 1) % 10}`]),
]

export const CLASSES_WITH_KEYS = CLASS_KEYS.length

type ToolCommandId = `tool-${ToolId}`
/** By the class's place in the list, from 0 to CLASSES_WITH_KEYS - 1. */
type ClassCommandId = `class-${number}`
export type CommandId = (typeof LISTED)[number][1] | ToolCommandId | ClassCommandId

export interface Command {
  id: CommandId
  name: string
  group: CommandGroup
  /** Usual keys; a person's own are in the keymap. */
  keys: readonly string[]
  /** A held key repeats the command. Most commands run once a press: nobody means to answer fourteen regions. */
  repeats: boolean
}

const REPEATING: ReadonlySet<CommandId> = new Set<CommandId>([
  'smaller',
  'larger',
  'undo',
  'redo',
  'zoom-in',
  'zoom-out',
  'next',
  'previous',
])

function command(group: CommandGroup, id: CommandId, name: string, keys: readonly string[]): Command {
  return { group, id, name, keys, repeats: REPEATING.has(id) }
}

export const COMMANDS: readonly Command[] = [
  ...TOOLS.map(({ id, name, key }) => command('Tools', `tool-${id}`, name, [key])),
  ...CLASS_KEYS.map((keys, place) => command('Classes', `class-${place}`, `Class ${place + 1}`, keys)),
  ...LISTED.map(([group, id, name, ...keys]) => command(group, id, name, keys)),
]

/** The command by an id that only a text names, such as the tour's. Throws for an unknown one. */
export function commandNamed(id: string): Command {
  const found = COMMANDS.find((each) => each.id === id)
  if (!found) throw new Error(`There is no command "${id}".`)
  return found
}

/** A project's commands: class keys are named after its classes, in the order of the list; the other class keys are left out. */
export function commandsOf(classNames: readonly string[]): Command[] {
  return COMMANDS.flatMap((each) => {
    const place = /^class-(\d+)$/.exec(each.id)?.[1]
    if (place === undefined) return [each]
    const name = classNames[Number(place)]
    return name === undefined ? [] : [{ ...each, name }]
  })
}

/** Whether the focus is in a text field, a list or a modal dialog: typing a name must not choose a tool. */
export function isTyping({ target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.closest('dialog:modal, select, textarea, input:not([type="range"], [type="checkbox"], [type="radio"])') !==
    null
  )
}

/** Keys that a focused control needs itself. */
const CONTROL_KEYS: readonly [selector: string, keys: RegExp][] = [
  ['button, a', /^( |Enter)$/],
  ['[type="checkbox"]', /^ $/],
  ['[type="radio"], [type="range"]', /^(Arrow\w+|Home|End|Page\w+)$/],
]

/** Whether the focused control needs the pressed key itself. */
export function isControlsOwn({ target, key }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement &&
    CONTROL_KEYS.some(([selector, keys]) => keys.test(key) && target.closest(selector) !== null)
  )
}
