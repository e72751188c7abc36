/** Classes from the JSON of many tools. */
import { type Color, hexColor } from '../../domain/color'
import { colorOfChannels, colorOfText, plain, type RawEntry } from './names'

export interface JsonClasses {
  entries: RawEntry[]
  /** Keys of labels that are unions of others. */
  regions: string[]
  /** Our own file: no name means void there. */
  isOwn: boolean
  /** No other JSON looks like this by chance. */
  isTelling: boolean
}

type Fields = Record<string, unknown>

/** The format of `classes.json` that exports hold. */
const OWN_FORMAT = 'cpral-studio classes'
/** Of files with annotations, which others read. */
const ANNOTATION_KEYS = ['images', 'annotations', 'shapes', 'imagePath', 'imageData', 'objects', 'regions', 'features']
const LIST_KEYS = ['labels', 'classes', 'names', 'categories', 'label', 'class_names', 'colormap', 'palette']
const NAME_KEYS = ['name', 'label', 'title', 'class', 'className', 'class_name', 'label_name', 'value']
const VALUE_KEYS = ['value', 'pixel_value', 'pixelValue', 'index', 'id', 'class_id', 'classId', 'label_id', 'trainId']
const COLOR_KEYS = ['color', 'colour', 'rgb', 'hex', 'colorHex', 'color_hex', 'background']
const NONE: JsonClasses = { entries: [], regions: [], isOwn: false, isTelling: false }

/** `document` is parsed JSON. Without entries when it lists no classes. */
export function jsonClasses(document: unknown): JsonClasses {
  if (Array.isArray(document)) return ofList(document)
  if (!isFields(document)) return NONE
  const isOwn = document.format === OWN_FORMAT
  if (!isOwn && ANNOTATION_KEYS.some((key) => key in document)) return NONE
  for (const key of LIST_KEYS) {
    const list = document[key]
    if (Array.isArray(list) && list.length > 0) {
      const found = ofList(list)
      return { ...found, isOwn, isTelling: isOwn || found.isTelling }
    }
    if (isFields(list)) {
      // nnU-Net's dataset.json says what its channels are; a list of values there is a union of labels, no colour.
      const isMedical = ['channel_names', 'modality', 'numTraining', 'file_ending'].some((each) => each in document)
      return { ...ofMap(list, isMedical), isTelling: isMedical }
    }
  }
  return ofMap(document, false)
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function ofList(list: readonly unknown[]): JsonClasses {
  const items = list.flatMap((item): (RawEntry & { isNumbered: boolean })[] => {
    if (typeof item === 'string') return [{ name: item, color: null, value: null, isNumbered: false }]
    if (!isFields(item)) return []
    const name = NAME_KEYS.map((key) => item[key]).find((each) => typeof each === 'string')
    if (typeof name !== 'string') return []
    // An id of CVAT's, which comes with attributes, is that of its database.
    const value =
      'attributes' in item ? null : wholeOf(VALUE_KEYS.map((key) => item[key]).find((each) => wholeOf(each) !== null))
    return [{ name, color: colorOfFields(item), value, isNumbered: value !== null }]
  })
  const ids = new Set(items.map(({ value }) => value))
  const isNumbered = items.every((item) => item.isNumbered) && ids.size === items.length
  const entries = items.map(({ name, color, value }) => ({ name, color, value: isNumbered ? value : null }))
  return { ...NONE, entries, isTelling: entries.length > 1 && entries.every(({ color }) => color !== null) }
}

/** `{name: value}`, `{value: name}`, `{name: colour}`, `{colour: name}` or `{name or value: {…}}`: all of one kind, else nothing. */
function ofMap(map: Fields, isMedical: boolean): JsonClasses {
  const pairs = Object.entries(map)
  const regions = isMedical ? pairs.filter(([, value]) => Array.isArray(value)).map(([name]) => name) : []
  const entries = pairs.filter(([name]) => !regions.includes(name)).map(([key, value]) => ofPair(key, value))
  const found = entries.filter((entry) => entry !== null)
  if (found.length !== entries.length || found.length === 0) return NONE
  const hasColors = found.every(({ color }) => color !== null)
  const hasValues = found.every(({ value }) => value !== null)
  if (!hasColors && !hasValues) return NONE
  return { ...NONE, entries: found, regions, isTelling: hasColors && found.length > 1 }
}

function ofPair(key: string, value: unknown): RawEntry | null {
  const number = wholeOf(key)
  const keyColor = number === null ? colorOfText(key) : null
  if (typeof value === 'string' && (number !== null || keyColor)) {
    const color = colorOfText(value)
    if (!color) return { name: value, color: keyColor, value: number }
    return { name: hexColor(color), color, value: number }
  }
  if (isFields(value)) {
    const name = number === null ? key : NAME_KEYS.map((each) => value[each]).find((each) => typeof each === 'string')
    const id = number ?? wholeOf(VALUE_KEYS.map((each) => value[each]).find((each) => wholeOf(each) !== null))
    return typeof name === 'string' ? { name, color: colorOfFields(value), value: id } : null
  }
  const color = colorOf(value)
  if (color) return { name: key, color, value: null }
  const id = wholeOf(value)
  return id === null ? null : { name: key, color: null, value: id }
}

function wholeOf(value: unknown): number | null {
  if (typeof value === 'string') return /^-?\d+$/.test(value.trim()) ? Number(value) : null
  return Number.isInteger(value) ? Number(value) : null
}

function colorOfFields(fields: Fields): Color | null {
  return COLOR_KEYS.map((key) => colorOf(fields[key])).find((color) => color !== null) ?? colorOfChannelFields(fields)
}

function colorOfChannelFields(fields: Fields): Color | null {
  const byName = Object.fromEntries(Object.entries(fields).map(([key, value]) => [plain(key), value]))
  const channels = ['r', 'g', 'b'].map((key, i) => byName[key] ?? byName[['red', 'green', 'blue'][i]])
  return channels.every((channel) => typeof channel === 'number') ? colorOfChannels(channels) : null
}

function colorOf(value: unknown): Color | null {
  if (typeof value === 'string') return colorOfText(value)
  if (!Array.isArray(value) || value.length < 3 || value.length > 4) return null
  return value.every((channel) => typeof channel === 'number') ? colorOfChannels(value) : null
}
