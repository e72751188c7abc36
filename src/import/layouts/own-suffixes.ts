/** Words behind names that no tool is known by, told by the file that has the name without them: "a.png", "a_outline.png". */
import type { Picture } from './groups'
import { prefixesOf } from './pair-keys'

/** Share of the names without such words that must be there with the word too. */
const MANY = 1 / 3

/**
 * The pictures with such words in their patterns, so that they become groups of their own. Where there is one word, it is
 * taken off the name; several may be classes.
 */
export function withOwnSuffixes(pictures: readonly Picture[]): Picture[] {
  const beside = new Map<string, Picture[]>()
  for (const picture of pictures) {
    const { folders, extension } = picture.parsed
    const key = `${folders.join('/')}/${picture.parts.pattern}.${extension}`
    const others = beside.get(key)
    if (others) others.push(picture)
    else beside.set(key, [picture])
  }
  return [...beside.values()].flatMap((all) => (all[0].parts.pattern === '*' ? split(all) : all))
}

function split(pictures: readonly Picture[]): Picture[] {
  const cores = new Set(pictures.map(({ parts }) => parts.core))
  const suffixOf = new Map<Picture, string>()
  for (const picture of pictures) {
    const name = prefixesOf(picture).find((prefix) => cores.has(prefix))
    if (name !== undefined) suffixOf.set(picture, picture.parts.core.slice(name.length))
  }
  const counts = new Map<string, number>()
  for (const suffix of suffixOf.values()) counts.set(suffix, (counts.get(suffix) ?? 0) + 1)
  const least = MANY * (pictures.length - suffixOf.size)
  const suffixes = [...counts.keys()].filter((suffix) => (counts.get(suffix) ?? 0) >= least)
  return pictures.map((picture) => {
    const suffix = suffixOf.get(picture)
    if (suffix === undefined || !suffixes.includes(suffix)) return picture
    const { parts } = picture
    if (suffixes.length > 1) return { ...picture, parts: { ...parts, pattern: '*_*' } }
    return { ...picture, parts: { ...parts, core: parts.core.slice(0, -suffix.length), pattern: `*${suffix}` } }
  })
}
