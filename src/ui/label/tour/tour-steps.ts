/** The steps of the label table's tour. */
import { type CommandId, commandNamed } from '../input/commands'

export interface TourStep {
  title: string
  /** `{id}` stands for the key that the command of that id has. */
  text: string
  /** Values of `data-tour` on the elements that the step speaks about; the card lies beside all of them. */
  targets: readonly string[]
}

/** A run may wait for nothing, for its first images, or for regions. */
export type Asked = 'nothing' | 'images' | 'regions'

const PICTURE: TourStep = {
  title: 'A colour for every class',
  text: 'This is the image to label. Paint each thing with the colour of its class. Keys {class-0} to {class-8} choose a class; {class-void} is for what belongs to none.',
  targets: ['picture', 'classes'],
}

const TOOLS: TourStep = {
  title: 'Large areas first',
  text: 'Superpixel {tool-superpixel}: a click paints a whole patch. Line {tool-line}: draw around a thing, and it is filled. Brush {tool-brush} is for the rest. {smaller} and {larger} change the size.',
  targets: ['tools'],
}

const QUEUES: Readonly<Record<Exclude<Asked, 'nothing'>, TourStep>> = {
  images: {
    title: 'The first images',
    text: 'The run asks for these images. Label some of each class, then press {finish}: the next one comes.',
    targets: ['queue'],
  },
  regions: {
    title: 'The network asks',
    text: 'It asks for the framed regions, the most useful first. {accept} accepts what it suggests. Paint over what is wrong, then press {finish}: the next one comes.',
    targets: ['queue'],
  },
}

const SAVED: TourStep = {
  title: 'Nothing gets lost',
  text: 'You need not save. At "Saved", every stroke is on the disk. {undo} takes strokes back, tomorrow too.',
  targets: ['saved', 'undo'],
}

const KEYS: TourStep = {
  title: 'All the keys',
  text: '{keys} lists every key, and each can be changed. This tour is there too.',
  targets: ['keys'],
}

export function tourSteps(asks: Asked): TourStep[] {
  return [PICTURE, TOOLS, ...(asks === 'nothing' ? [] : [QUEUES[asks]]), SAVED, KEYS]
}

/** A step's text cut at its keys. Throws for a command that does not exist. */
export function textParts(text: string): ({ text: string } | { commandId: CommandId })[] {
  return text
    .split(/\{([\w-]+)\}/)
    .map((part, index) => (index % 2 === 0 ? { text: part } : { commandId: commandNamed(part).id }))
}
