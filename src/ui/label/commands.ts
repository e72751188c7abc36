/** What the label view can do by key. Keys are in tinykeys' notation: `$mod` is Ctrl, on a Mac Cmd. */
export const COMMAND_GROUPS = ['Tools', 'Size', 'Labels', 'Regions', 'Classes', 'View', 'Images'] as const
export type CommandGroup = (typeof COMMAND_GROUPS)[number]

export interface Command {
  id: string
  name: string
  group: CommandGroup
  keys: readonly string[]
}

const command = (group: CommandGroup, id: string, name: string, ...keys: string[]): Command => ({
  id,
  name,
  group,
  keys,
})

/** Classes that a digit chooses: 1 to 9, and 0 for void. */
export const CLASS_DIGITS = 9

export const COMMANDS: readonly Command[] = [
  command('Tools', 'tool-superpixel', 'Superpixel', 's'),
  command('Tools', 'tool-brush', 'Brush', 'b'),
  command('Tools', 'tool-eraser', 'Eraser', 'e'),
  command('Tools', 'tool-line', 'Line', 'l'),
  command('Tools', 'tool-polygon', 'Polygon', 'p'),
  command('Tools', 'tool-fill', 'Fill', 'g'),
  command('Tools', 'tool-pick', 'Pick class', 'i'),
  command('Tools', 'tool-pan', 'Hand', 'h'),
  command('Tools', 'finish', 'Finish the polygon; else the region', 'Enter'),
  command('Tools', 'cancel', 'Cancel what is being drawn; else leave', 'Escape'),
  command('Tools', 'step-back', 'Take back the last corner; else one region back', 'Backspace'),
  command('Size', 'smaller', 'Smaller brush, finer superpixels', '['),
  command('Size', 'larger', 'Larger brush, coarser superpixels', ']'),
  command('Labels', 'undo', 'Undo a stroke', '$mod+z'),
  command('Labels', 'redo', 'Make it again', '$mod+Shift+z', '$mod+y'),
  command('Labels', 'save', 'Save now', '$mod+s'),
  command('Regions', 'accept', 'Accept the whole suggestion', 'y'),
  command('Regions', 'accept-class', 'Accept the class under the pointer', 't'),
  command('Regions', 'accept-superpixel', 'Accept the superpixel under the pointer', 'q'),
  command('Regions', 'extend', 'Spread the labels to look-alike neighbours', 'm'),
  command('Regions', 'accept-extension', 'Accept what was spread', 'j'),
  command('Regions', 'reject-extension', 'Refuse what was spread', 'k'),
  command('Regions', 'accept-extension-class', 'Accept what was spread of the class under the pointer', 'Shift+j'),
  command('Regions', 'reject-extension-class', 'Refuse what was spread of the class under the pointer', 'Shift+k'),
  command('Regions', 'empty', 'Nothing here: what is unlabelled is void', 'v'),
  command('Regions', 'skip', 'Skip the region', 'x'),
  command('Labels', 'only-unlabelled', 'Paint unlabelled pixels only', 'n'),
  command('Labels', 'only-region', 'Paint inside the region only', 'r'),
  ...Array.from({ length: CLASS_DIGITS }, (_, i) => command('Classes', `class-${i}`, `Class ${i + 1}`, String(i + 1))),
  command('Classes', 'class-void', 'Void', '0'),
  command('Classes', 'class-under', 'Class under the pointer', 'c'),
  command('View', 'layer-labels', 'Labels on or off', 'Space'),
  command('View', 'layer-prediction', 'Prediction on or off', 'o'),
  command('View', 'layer-entropy', 'Uncertainty on or off', 'u'),
  command('View', 'zoom-in', 'Zoom in', '$mod+[Shift]+Equal', '[Shift]+Equal', 'NumpadAdd'),
  command('View', 'zoom-out', 'Zoom out', '$mod+Minus', 'Minus', 'NumpadSubtract'),
  command('View', 'fit', 'Fit the image', '$mod+0', 'f'),
  command('View', 'actual-size', 'One pixel a pixel', '$mod+1'),
  command('View', 'keys', 'Keys', '[Shift]+?', 'F1'),
  command('Images', 'next', 'Next image', 'd', 'PageDown'),
  command('Images', 'previous', 'Previous image', 'a', 'PageUp'),
]

const SHOWN: Readonly<Record<string, string>> = {
  $mod: 'Ctrl',
  Equal: '+',
  Minus: '-',
  NumpadAdd: 'Num +',
  NumpadSubtract: 'Num -',
  Escape: 'Esc',
  PageDown: 'Page down',
  PageUp: 'Page up',
}

/** A key in tinykeys' notation as people read it. */
export function keyText(key: string): string {
  return key
    .split('+')
    .filter((part) => !/^\[\w+\]$/.test(part))
    .map((part) => SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(' + ')
}

/** The key that a command has at the moment, as it stands on a keyboard; none when it has lost it. */
export function keyOf(keymap: { keysOf(command: Command): readonly string[] }, id: string): string | undefined {
  const found = COMMANDS.find((each) => each.id === id)
  return found && keymap.keysOf(found).map(keyText)[0]
}

/** The key that was pressed, in tinykeys' notation; null for a modifier alone. */
export function keyOfEvent({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string | null {
  if (['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'Dead', 'Unidentified'].includes(key)) return null
  const parts = [...(ctrlKey || metaKey ? ['$mod'] : []), ...(altKey ? ['Alt'] : [])]
  const isLetter = /^\p{L}$/u.test(key)
  if (shiftKey) parts.push(isLetter || key.length > 1 ? 'Shift' : '[Shift]')
  const named = { ' ': 'Space', '+': 'Equal', '-': 'Minus' }[key]
  return [...parts, named ?? (isLetter ? key.toLowerCase() : key)].join('+')
}

/** Whether the key belongs to a control or a modal dialog that has the focus: typing a name must not choose a tool. */
export function isTyping({ target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.closest('dialog:modal, select, textarea, input:not([type="range"], [type="checkbox"], [type="radio"])') !==
    null
  )
}

/** Keys that work the control which has the focus. */
const CONTROL_KEYS: readonly [selector: string, keys: RegExp][] = [
  ['button, a', /^( |Enter)$/],
  ['[type="checkbox"]', /^ $/],
  ['[type="radio"], [type="range"]', /^(Arrow\w+|Home|End|Page\w+)$/],
]

/** Whether a control with the focus needs the key itself. */
export function isControlsOwn({ target, key }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement &&
    CONTROL_KEYS.some(([selector, keys]) => keys.test(key) && target.closest(selector) !== null)
  )
}
