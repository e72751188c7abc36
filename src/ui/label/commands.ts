/** What the label view can do by key. Keys are in tinykeys' notation: `$mod` is Ctrl, on a Mac Cmd. */
export const COMMAND_GROUPS = ['Tools', 'Size', 'Labels', 'Regions', 'Classes', 'View', 'Images'] as const
export type CommandGroup = (typeof COMMAND_GROUPS)[number]

export interface Command {
  id: string
  name: string
  group: CommandGroup
  /** By what is printed on a key, or by its place (`BracketLeft`) where layouts differ. */
  keys: readonly string[]
  /** A held key goes on; of the others it does one only: nobody means to answer fourteen regions. */
  repeats: boolean
}

const command = (group: CommandGroup, id: string, name: string, ...keys: string[]): Command => ({
  id,
  name,
  group,
  keys,
  repeats: REPEATING.has(id),
})

const REPEATING = new Set(['smaller', 'larger', 'undo', 'redo', 'zoom-in', 'zoom-out', 'next', 'previous'])

/** The digits 1 to 9, then with Shift 1 to 9 and 0, choose the first classes of the list. 0 alone is void. */
const CLASS_KEYS: readonly (readonly string[])[] = [
  ...Array.from({ length: 9 }, (_, i) => [`Digit${i + 1}`, `Numpad${i + 1}`]),
  ...Array.from({ length: 10 }, (_, i) => [`Shift+Digit${(i + 1) % 10}`]),
]

export const CLASSES_WITH_KEYS = CLASS_KEYS.length

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
  command('Tools', 'cancel', 'Cancel what is being drawn', 'Escape'),
  command('Tools', 'step-back', 'Take back the last corner; else one region back', 'Backspace'),
  command('Size', 'smaller', 'Smaller brush, finer superpixels', '[', 'BracketLeft'),
  command('Size', 'larger', 'Larger brush, coarser superpixels', ']', 'BracketRight'),
  command('Labels', 'undo', 'Undo a stroke', '$mod+z'),
  command('Labels', 'redo', 'Redo a stroke', '$mod+Shift+z', '$mod+y'),
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
  command('Regions', 'region', 'Back to the region at hand', 'w'),
  ...CLASS_KEYS.map((keys, i) => command('Classes', `class-${i}`, `Class ${i + 1}`, ...keys)),
  command('Classes', 'class-void', 'Void', 'Digit0', 'Numpad0'),
  command('Classes', 'class-under', 'Class under the pointer', 'c'),
  command('View', 'layer-labels', 'Labels on or off', 'Space'),
  command('View', 'layer-prediction', 'Prediction on or off', 'o'),
  command('View', 'layer-suggestion', 'Suggestion in the region on or off', 'Shift+o'),
  command('View', 'layer-entropy', 'Uncertainty on or off', 'u'),
  command('View', 'zoom-in', 'Zoom in', '[Shift]++', '=', '$mod+[Shift]++', '$mod+='),
  command('View', 'zoom-out', 'Zoom out', '-', '$mod+-'),
  command('View', 'fit', 'Fit the image', 'f', '$mod+Digit0'),
  command('View', 'actual-size', 'Actual size (1:1)', '$mod+Digit1'),
  command('View', 'keys', 'Keys', '[Shift]+?', 'F1'),
  command('Images', 'next', 'Next image', 'd', 'PageDown'),
  command('Images', 'next-unlabelled', 'Next image without labels', 'Shift+d'),
  command('Images', 'previous', 'Previous image', 'a', 'PageUp'),
]

/** The commands of a project: the keys of classes have the names of those, in the order of the list; keys of no class are left out. */
export function commandsOf(classNames: readonly string[]): Command[] {
  return COMMANDS.flatMap((command) => {
    const place = /^class-(\d+)$/.exec(command.id)?.[1]
    if (place === undefined) return [command]
    const name = classNames[Number(place)]
    return name === undefined ? [] : [{ ...command, name }]
  })
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
