/** What masks hold for each class, and the files that name the classes, to be drawn from at random. */
import type { Color } from '../../src/domain/color'
import type { Size } from '../../src/domain/size'
import type { RandomStream } from '../../src/math/random'
import { bits, coded, colored, type Files, grey, palette, VOC_PALETTE, VOID } from './draw-folder'
import { ID_CODINGS, type Place, pick } from './random-layouts'

/** Stands for a pixel that no class has, in ids to be written. */
export const STRAY = 254

export interface Coding {
  name: string
  classCount: number
  hasVoid: boolean
  /** Colours of the classes, where the masks hold such. */
  colors: Color[] | null
  write(ids: Uint8Array, size: Size): Uint8Array
  /** Void has a colour, which the class file lists. */
  isVoidListed?: boolean
  /** Whether a stray value can be written. */
  canStray: boolean
}

/** Colours that differ well, by class. */
const COLORS: Color[] = [
  [0, 0, 0],
  [200, 0, 0],
  [0, 160, 0],
  [0, 0, 220],
  [230, 200, 20],
  [160, 30, 180],
]
const VOID_COLOR: Color = [224, 224, 192]
const STRAY_COLOR: Color = [17, 99, 123]
const BLACK: Color = [0, 0, 0]
const WHITE: Color = [255, 255, 255]
const SPARSE_GREYS = [20, 64, 110, 150, 200]
const MOST = 5

type Make = (random: RandomStream) => Omit<Coding, 'name'>

const greyBy = (table: Record<number, number>, depth: 8 | 16 = 8) => {
  return (ids: Uint8Array, size: Size) => grey(coded(ids, table), size, depth)
}
const plain = { hasVoid: false, colors: null, canStray: true }
const several = (random: RandomStream) => 2 + random.below(MOST - 1)

const CODINGS: Record<string, Make> = {
  'grey ids': (random) => ({ ...plain, classCount: several(random), write: greyBy({ [STRAY]: 77 }) }),
  'grey ids and void': (random) => {
    return { ...plain, classCount: several(random), hasVoid: true, write: greyBy({ [STRAY]: 77 }) }
  },
  'black and white': () => {
    return { ...plain, classCount: 2, colors: [BLACK, WHITE], write: greyBy({ 1: 255, [STRAY]: 128 }) }
  },
  'black and white with soft edges': () => ({ ...plain, classCount: 2, canStray: false, write: softEdges }),
  'black and white from a JPEG': (random) => {
    const write = (ids: Uint8Array, size: Size) =>
      grey(
        ids.map((id) => Math.abs(255 * id - random.below(9))),
        size,
      )
    return { ...plain, classCount: 2, canStray: false, write }
  },
  'black and white in RGB': () => ({
    ...plain,
    classCount: 2,
    colors: [BLACK, WHITE],
    write: (ids, size) => colored(ids, (id) => (id === STRAY ? STRAY_COLOR : [255 * id, 255 * id, 255 * id]), size),
  }),
  'three greys': () => {
    const colors: Color[] = [BLACK, [128, 128, 128], WHITE]
    return { ...plain, classCount: 3, colors, write: greyBy({ 1: 128, 2: 255, [STRAY]: 40 }) }
  },
  'sparse greys': (random) => {
    const classCount = 3 + random.below(3)
    return { ...plain, classCount, write: greyBy({ ...SPARSE_GREYS.slice(0, classCount), [STRAY]: 39 }) }
  },
  palette: (random) => {
    const classCount = several(random)
    return { ...plain, classCount, canStray: false, colors: VOC_PALETTE.slice(0, classCount), write: vocPalette }
  },
  'palette and void': (random) => {
    const classCount = several(random)
    return {
      ...plain,
      classCount,
      canStray: false,
      hasVoid: true,
      colors: VOC_PALETTE.slice(0, classCount),
      write: vocPalette,
    }
  },
  'palettes of each file': (random) => {
    const classCount = 3 + random.below(3)
    const write = (ids: Uint8Array, size: Size) => {
      const order = random.shuffle(Array.from({ length: classCount }, (_, id) => id))
      return palette(
        ids.map((id) => order.indexOf(id)),
        order.map((id) => COLORS[id]),
        size,
      )
    }
    return { ...plain, classCount, canStray: false, colors: COLORS.slice(0, classCount), write }
  },
  colours: (random) => {
    const classCount = several(random)
    const write = (ids: Uint8Array, size: Size) => colored(ids, (id) => COLORS[id] ?? STRAY_COLOR, size)
    return { ...plain, classCount, colors: COLORS.slice(0, classCount), write }
  },
  'colours and void': (random) => {
    const classCount = several(random)
    const colors = COLORS.slice(1, classCount + 1)
    const write = (ids: Uint8Array, size: Size) => colored(ids, (id) => (id === VOID ? VOID_COLOR : colors[id]), size)
    return { ...plain, classCount, hasVoid: true, isVoidListed: true, canStray: false, colors, write }
  },
  'grey ids in RGB': (random) => {
    const channels = (id: number) => Array<number>(3).fill(id === STRAY ? 77 : id)
    return { ...plain, classCount: several(random), write: (ids, size) => colored(ids, channels, size) }
  },
  '16-bit ids': (random) => ({ ...plain, classCount: several(random), write: greyBy({ [STRAY]: 77 }, 16) }),
  '16-bit ids times 257': (random) => {
    const classCount = several(random)
    const table = Object.fromEntries(Array.from({ length: classCount }, (_, id) => [id, id * 257]))
    return { ...plain, classCount, canStray: false, write: greyBy(table, 16) }
  },
  '16-bit black and white': () => ({ ...plain, classCount: 2, write: greyBy({ 1: 65535, [STRAY]: 300 }, 16) }),
  alpha: () => ({
    ...plain,
    classCount: 2,
    canStray: false,
    write: (ids, size) => colored(ids, (id) => [255, 255, 255, 255 * id], size),
  }),
  'grey and alpha': () => ({
    ...plain,
    classCount: 2,
    canStray: false,
    write: (ids, size) => colored(ids, (id) => [255, 255 * id], size),
  }),
  'one bit': () => ({ ...plain, classCount: 2, canStray: false, write: bits }),
}

/** Greys between black and white where both meet, on the side of the class. */
function softEdges(ids: Uint8Array, size: Size): Uint8Array {
  const { width } = size
  const isEdge = (i: number) => [i - 1, i + 1, i - width, i + width].some((k) => (ids[k] ?? ids[i]) !== ids[i])
  return grey(
    ids.map((id, i) => (isEdge(i) ? 70 + 90 * id + ((i * 7) % 31) : 255 * id)),
    size,
  )
}

function vocPalette(ids: Uint8Array, size: Size): Uint8Array {
  return palette(
    ids,
    VOC_PALETTE.map((color, id) => (id === VOID ? VOID_COLOR : color)),
    size,
  )
}

export function randomCoding(random: RandomStream, allowed?: readonly string[]): Coding {
  const name = pick(random, allowed ?? Object.keys(CODINGS))
  return { name, ...CODINGS[name](random) }
}

const NAMES = ['background', 'road', 'Straße', 'traffic light', 'sky, clouds']

/** A file that names the classes, and the names. */
export interface ClassFiles {
  name: string
  files: Files
  /** Null: nothing names them. */
  classes: string[] | null
}

const utf16 = (text: string) =>
  new Uint8Array(Uint16Array.from([...`\uFEFF${text}`].map((letter) => letter.charCodeAt(0))).buffer)
const latin = (text: string) => Uint8Array.from([...text].map((letter) => letter.charCodeAt(0)))
const quoted = (name: string) => (/[,"]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)

/** Files that list names by the position or id of their class. */
const BY_ID: Record<string, (classes: string[], places: readonly Place[]) => Files> = {
  'classes.txt': (classes) => ({ 'classes.txt': classes.map((name) => `${name}\n`).join('') }),
  'classes.txt in UTF-16': (classes) => ({ 'classes.txt': utf16(classes.map((name) => `${name}\r\n`).join('')) }),
  'classes.txt in Windows-1252': (classes) => ({ 'classes.txt': latin(classes.map((name) => `${name}\r\n`).join('')) }),
  '_classes.csv': (classes, places) => {
    const text = ['Pixel Value, Class', ...classes.map((name, id) => `${id}, ${quoted(name)}`)].join('\n')
    const folders = new Set(places.map(({ image }) => image.slice(0, image.lastIndexOf('/') + 1)))
    return Object.fromEntries([...folders].map((folder) => [`${folder}_classes.csv`, text]))
  },
  'dataset.json': (classes) => {
    const labels = Object.fromEntries(classes.map((name, id) => [name, id]))
    return { 'dataset.json': JSON.stringify({ channel_names: { 0: 'rgb' }, labels, file_ending: '.png' }) }
  },
  'label_names.txt': (classes, places) => {
    const text = classes.map((name) => `${name}\n`).join('')
    return Object.fromEntries(places.map(({ image }) => [image.replace('img.png', 'label_names.txt'), text]))
  },
}

/** Files that list names by colours. */
const BY_COLOR: Record<string, (rows: readonly (readonly [string, Color])[]) => Files> = {
  'label_colors.txt': (rows) => ({
    'label_colors.txt': rows.map(([name, color]) => `${color.join(' ')} ${name}\n`).join(''),
  }),
  'labelmap.txt': (rows) => {
    const lines = rows.map(([name, color]) => `${name}:${color.join(',')}::`)
    return { 'labelmap.txt': ['# label:color_rgb:parts:actions', ...lines, ''].join('\n') }
  },
  'class_dict.csv with semicolons': (rows) => {
    const lines = rows.map(([name, color]) => [quoted(name), ...color].join(';'))
    return { 'class_dict.csv': ['name;r;g;b', ...lines, ''].join('\r\n') }
  },
  'class_dict.csv': (rows) => {
    const lines = rows.map(([name, color]) => [quoted(name), ...color].join(','))
    return { 'class_dict.csv': ['name,r,g,b', ...lines, ''].join('\r\n') }
  },
}

/** Codings whose values a list of names alone explains. */
const LISTED = [...ID_CODINGS, 'palette', 'palette and void', 'black and white', 'one bit', '16-bit ids times 257']

/** A class file that fits the coding; about half of the folders have none. */
export function randomClassFile(
  random: RandomStream,
  coding: Coding,
  places: readonly Place[],
  demanded?: string,
): ClassFiles {
  const classes = NAMES.slice(0, coding.classCount)
  const kinds = [
    ...(LISTED.includes(coding.name) ? ['classes.txt', 'classes.txt in UTF-16', 'classes.txt in Windows-1252'] : []),
    ...(coding.colors ? Object.keys(BY_COLOR) : []),
  ]
  const isOpen = !coding.isVoidListed && (random.below(2) === 0 || kinds.length === 0)
  const name = demanded ?? (isOpen ? 'none' : pick(random, kinds))
  if (name === 'none') return { name, files: {}, classes: null }
  if (name in BY_ID) return { name, files: BY_ID[name](classes, places), classes }
  const rows = classes.map((entry, id) => [entry, coding.colors?.[id] ?? COLORS[id]] as const)
  const all = coding.isVoidListed ? [...rows, ['void', VOID_COLOR] as const] : rows
  return { name, files: BY_COLOR[name](all), classes }
}
