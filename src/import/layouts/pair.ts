/** Finds the image of every mask: by its name, and among images of equal names by their folders. */

import type { Group, Picture } from './groups'
import { folderKind, splitOfFolder } from './name-words'
import { commonEnds, keysOf, LEVELS } from './pair-keys'
import type { ParsedPath } from './paths'

export interface Pairing {
  /** The masks of each image, by the image's path. */
  masksOf: Map<string, Picture[]>
  /** Masks with several images that could be theirs. */
  ambiguous: { mask: Picture; images: Picture[] }[]
  /** Masks without an image. */
  lonely: Picture[]
}

/** Levels at which a mask takes no image that has a mask by a stricter one. */
const LOOSE_LEVEL = 3

/** Images by their keys, at each level with those of the stricter ones. */
export class ImageIndex {
  readonly #levels: Map<string, Picture[]>[] = Array.from({ length: LEVELS }, () => new Map())
  readonly #names = new Map<string, Picture[]>()

  /** The images of masks that a table names, by the mask's path. */
  readonly #listed = new Map<string, Picture>()

  /** @param listed path of the image by path of its mask: names do not count for these */
  constructor(groups: readonly Group[], listed: ReadonlyMap<string, string>) {
    const paths = new Map<string, Picture>()
    for (const group of groups) {
      const common = commonEnds(group)
      for (const picture of group.pictures) {
        paths.set(picture.parsed.path, picture)
        add(this.#names, fileName(picture.parsed).toLowerCase(), picture)
        // A number behind an image's name is the image's own.
        for (const [level, keys] of keysOf(picture, common)
          .slice(0, LEVELS - 1)
          .entries()) {
          for (const key of keys) {
            for (let looser = level; looser < LEVELS; looser++) add(this.#levels[looser], key, picture)
          }
        }
      }
    }
    for (const [mask, path] of listed) {
      const image = paths.get(path)
      if (image) this.#listed.set(mask, image)
    }
  }

  /** Images that may be the mask's, at the strictest level that has any, with that level. */
  find(mask: Picture, common: RegExp | null): { images: Picture[]; level: number } {
    const listed = this.#listed.get(mask.parsed.path)
    if (listed) return { images: [listed], level: 0 }
    const named = this.#names.get(mask.parsed.stem.toLowerCase())
    if (named) return { images: named, level: 0 }
    const keys: string[] = []
    for (const [level, more] of keysOf(mask, common).entries()) {
      keys.push(...more)
      const images = [...new Set(keys.flatMap((key) => this.#levels[level].get(key) ?? []))].filter((image) => {
        return image !== mask && !saysAnotherSplit(image.parsed, mask.parsed)
      })
      if (images.length > 0) return { images, level }
    }
    return { images: [], level: LEVELS }
  }
}

/** Share of the group's files that have an image among these. */
export function pairedShare(group: Group, index: ImageIndex): number {
  const common = commonEnds(group)
  const paired = group.pictures.filter((picture) => index.find(picture, common).images.length > 0)
  return paired.length / group.pictures.length
}

/** Gives each mask of these groups, which are one set, its image. */
export function pairMasks(groups: readonly Group[], index: ImageIndex): Pairing {
  const pairing: Pairing = { masksOf: new Map(), ambiguous: [], lonely: [] }
  const found = groups
    .flatMap((group) => {
      const common = commonEnds(group)
      return group.pictures.map((mask) => ({ mask, ...index.find(mask, common) }))
    })
    .sort((a, b) => a.level - b.level)
  const taken = new Set<Picture>()
  for (const { mask, images, level } of found) {
    const free = level < LOOSE_LEVEL ? images : images.filter((image) => !taken.has(image))
    const best = nearest(mask.parsed, free)
    if (best.length === 0) pairing.lonely.push(mask)
    else if (best.length > 1) pairing.ambiguous.push({ mask, images: best })
    else {
      const masks = pairing.masksOf.get(best[0].parsed.path)
      if (masks) masks.push(mask)
      else pairing.masksOf.set(best[0].parsed.path, [mask])
      if (level < LOOSE_LEVEL) taken.add(best[0])
    }
  }
  return pairing
}

/** Those whose folders have most names in common with the mask's, and of these those with the fewest others. */
function nearest(mask: ParsedPath, images: readonly Picture[]): Picture[] {
  if (images.length < 2) return [...images]
  const own = sayingNothing(mask)
  const ranked = images.map((image) => {
    const theirs = sayingNothing(image.parsed)
    const shared = theirs.filter((folder) => own.includes(folder)).length
    const split = theirs.length - shared
    const root = commonDepth(mask.folders, image.parsed.folders)
    return { image, rank: [shared, -split, root] }
  })
  ranked.sort((a, b) => compare(b.rank, a.rank))
  return ranked.filter(({ rank }) => compare(rank, ranked[0].rank) === 0).map(({ image }) => image)
}

function sayingNothing({ folders }: ParsedPath): string[] {
  return folders.filter((folder) => folderKind(folder) === null).map((folder) => folder.toLowerCase())
}

function commonDepth(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((folder, depth) => folder !== b[depth])
  return differs < 0 ? a.length : differs
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((value, i) => value !== b[i])
  return differs < 0 ? 0 : a[differs] - b[differs]
}

function saysAnotherSplit(a: ParsedPath, b: ParsedPath): boolean {
  const [own, other] = [splitOfPath(a), splitOfPath(b)]
  return own !== null && other !== null && own !== other
}

/** The split that the deepest folder that says one says. */
export function splitOfPath({ folders }: ParsedPath) {
  return folders.map(splitOfFolder).findLast((split) => split !== null) ?? null
}

function fileName({ stem, extension }: ParsedPath): string {
  return `${stem}.${extension}`
}

function add(map: Map<string, Picture[]>, key: string, picture: Picture) {
  const others = map.get(key)
  if (!others) map.set(key, [picture])
  else if (!others.includes(picture)) others.push(picture)
}
