/** The names under which an image and its mask are looked for, from the strictest to the loosest. */
import type { Group, Picture } from './groups'

/** The number of levels of `keysOf`. */
export const LEVELS = 5

/**
 * Keys by level: the name; without case; without the words of tools; without what all names of the group have in common;
 * without the number that counts several masks of one image.
 * @param common of `commonEnds`
 */
export function keysOf({ parsed, parts }: Picture, common: RegExp | null): string[][] {
  const { stem, folders } = parsed
  const small = stem.toLowerCase()
  const inFolder = `/${folders.join('/')}`.toLowerCase()
  const core = parts.core === '' ? inFolder : parts.core
  const inner = common ? core.replace(common, '') : core
  return [
    [stem],
    [small],
    [core],
    [inner === '' ? core : inner],
    [inner.replace(/[\s_.-]+(?:[a-z]+[\s_.-]?)?\d+$/, '') || core],
  ]
}

/** What is left of a mask's name when words are taken off its end one by one, the longest first: "x_wet_road", "x_wet". */
export function prefixesOf({ parts }: Picture): string[] {
  const ends = [...parts.core.matchAll(/[\s_.-]+(?=\p{L})/gu)].map(({ index }) => index)
  return ends.reverse().flatMap((end) => (end > 0 ? [parts.core.slice(0, end)] : []))
}

/** A split behind an image's name, which its mask's name may lack: "21_training". */
const SPLIT_BEHIND = /[\s_.-]+(?:train|training|val|validation|test)$/

/** Keys of an image by level. A number behind its name is its own, and does not count masks. */
export function imageKeysOf(image: Picture, common: RegExp | null): string[][] {
  const keys = keysOf(image, common).slice(0, LEVELS - 1)
  keys[LEVELS - 2].push(keys[LEVELS - 2][0].replace(SPLIT_BEHIND, ''))
  return keys
}

/**
 * Matches what all names of a group begin and end with, up to a separator, once it holds a letter: a word that this page
 * does not know. null when there is nothing.
 */
export function commonEnds({ pictures }: Group): RegExp | null {
  const cores = [...new Set(pictures.map(({ parts }) => parts.core))]
  if (cores.length < 2) return null
  const [first] = cores
  let before = first.length
  let behind = first.length
  for (const core of cores) {
    let same = 0
    while (same < before && core[same] === first[same]) same++
    before = same
    same = 0
    while (same < behind && core.at(-1 - same) === first.at(-1 - same)) same++
    behind = same
  }
  const head = /^.*[\s_.-]/.exec(first.slice(0, before))?.[0] ?? ''
  const tail = /[\s_.-].*$/.exec(first.slice(first.length - behind))?.[0] ?? ''
  const parts = [/[a-z]/.test(head) && `^${escaped(head)}`, /[a-z]/.test(tail) && `${escaped(tail)}$`].filter(Boolean)
  return parts.length > 0 ? new RegExp(parts.join('|'), 'g') : null
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}
