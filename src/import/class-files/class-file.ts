/** Class names and colours from the text files that tools write beside their masks. */
import type { Color } from '../../domain/color'

/** One entry of a class file; its position is the class index in grey masks. */
export interface ClassEntry {
  name: string
  color: Color | null
  isVoid: boolean
}

export interface ClassFile {
  path: string
  /** By position; labelme's `__ignore__` (id -1) is not counted. */
  entries: ClassEntry[]
}

/** File names that hold classes, the most telling first. */
const CLASS_FILES = [
  'labelmap.txt',
  'label_colors.txt',
  'label_color.txt',
  'class_dict.csv',
  'classes.txt',
  'labels.txt',
  'class_names.txt',
]

const VOID_NAME = /^(_*ignore_*|void|unlabell?ed|_?dummy_?\d*)$/i
const LABELME_IGNORE = '__ignore__'

/** The path of the folder's class file, the one nearest to the top first; null when there is none. */
export function findClassFile(paths: readonly string[]): string | null {
  const rank = (path: string) => CLASS_FILES.indexOf(path.slice(path.lastIndexOf('/') + 1).toLowerCase())
  const depth = (path: string) => path.split('/').length
  const found = paths.filter((path) => rank(path) >= 0)
  found.sort((a, b) => depth(a) - depth(b) || rank(a) - rank(b))
  return found[0] ?? null
}

/**
 * Reads a class file line by line: `name:r,g,b:parts:actions` (CVAT, each but the name may be empty), `r g b name`
 * (CamVid, Cityscapes), `name,r,g,b` or `name r g b` (class_dict.csv), else the whole line is a name. Empty lines,
 * comments (#) and a csv header are skipped.
 */
export function parseClassFile(path: string, text: string): ClassFile {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && !/^name\s*,\s*r\s*,/i.test(line))
  return { path, entries: lines.map(parseLine).filter(({ name }) => name !== LABELME_IGNORE) }
}

function parseLine(line: string): ClassEntry {
  const colorFirst = /^(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})[\s,]+(.+)$/.exec(line)
  if (colorFirst) return entry(colorFirst[4], colorFirst.slice(1, 4))
  const nameFirst = /^(.+?)[\s,:]+(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(:.*)?$/.exec(line)
  if (nameFirst) return entry(nameFirst[1], nameFirst.slice(2, 5))
  const uncolored = /^([^:]*)::[^:]*:[^:]*$/.exec(line)
  return entry(uncolored?.[1] ?? line.replace(/:+$/, ''), null)
}

function entry(rawName: string, channels: string[] | null): ClassEntry {
  const name = rawName.trim()
  const color = channels?.map(Number)
  const isColor = color?.every((channel) => channel <= 255)
  return { name, color: color && isColor ? [color[0], color[1], color[2]] : null, isVoid: VOID_NAME.test(name) }
}
