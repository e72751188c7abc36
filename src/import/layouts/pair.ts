/** Finds the image of every mask: by its name, and among images of equal names by their folders. */

import { type Group, type Picture, pictureOf } from './groups'
import { commonEnds, imageKeysOf, keysOf, LEVELS, prefixesOf } from './pair-keys'
import { type ParsedPath, parsePath } from './paths'

export interface Pairing {
  /** The masks of each image, by the image's path. */
  masksOf: Map<string, Picture[]>
  /** Masks with several images that could be theirs. */
  ambiguous: { mask: Picture; images: Picture[] }[]
  /** Masks without an image. */
  lonely: Picture[]
  /** Masks of images to which another mask is nearer. */
  farther: { mask: Picture; nearer: Picture; image: string }[]
  /** Masks of one class or object, as their names say it, with the path of their image. */
  parts: { mask: Picture; image: string }[]
}

/** Levels at which a mask takes no image that has a mask by a stricter one. */
const LOOSE_LEVEL = 3
/** From here on, masks have a number or a word behind the name of the image. */
const COUNTING_LEVEL = 4

/** Images by their keys, at each level with those of the stricter ones; also by their places and a key. */
export class ImageIndex {
  readonly #levels: Map<string, Picture[]>[] = Array.from({ length: LEVELS }, () => new Map())
  readonly #names = new Map<string, Picture[]>()
  readonly #paths = new Map<string, Picture>()
  readonly #places = new Set<string>()
  /** By their places, images of which each is alone in its own. */
  readonly #owners = new Map<string, Picture[]>()

  /** @param listed path of the image by path of its mask, as a table pairs them: names do not count for these */
  constructor(
    groups: readonly Group[],
    private readonly listed: ReadonlyMap<string, string>,
  ) {
    for (const group of groups) this.add(group)
  }

  add(group: Group) {
    const common = commonEnds(group)
    const areAlone = new Set(group.pictures.map((picture) => inPlaces(picture, ''))).size === group.pictures.length
    for (const picture of group.pictures) {
      if (areAlone && group.pictures.length > 1) addTo(this.#owners, inPlaces(picture, ''), picture)
      this.#paths.set(picture.parsed.path, picture)
      for (const place of picture.places) this.#places.add(place)
      addTo(this.#names, fileName(picture.parsed).toLowerCase(), picture)
      for (const [level, keys] of imageKeysOf(picture, common).entries()) {
        for (const key of keys) {
          for (const looser of this.#levels.slice(level)) {
            addTo(looser, key, picture)
            addTo(looser, inPlaces(picture, key), picture)
          }
        }
      }
    }
  }

  /** Images that may be the mask's, at the strictest level that has any. */
  find(mask: Picture, common: RegExp | null): Found {
    const listed = this.#paths.get(this.listed.get(mask.parsed.path) ?? '')
    if (listed) return { images: [listed], level: 0, suffix: null }
    const named = this.#fitting(mask, this.#names.get(mask.parsed.stem.toLowerCase()) ?? [])
    if (named.length > 0) return { images: named, level: 0, suffix: null }
    const keys: string[] = []
    for (const [level, more] of keysOf(mask, common).entries()) {
      keys.push(...more)
      const images = this.#at(level, mask, keys)
      if (images.length > 0) return { images, level, suffix: null }
    }
    for (const prefix of prefixesOf(mask)) {
      const images = this.#at(LEVELS - 1, mask, [prefix])
      if (images.length > 0) return { images, level: LEVELS, suffix: mask.parts.core.slice(prefix.length) }
    }
    const inOwnFolder = this.#inOwnFolder(mask)
    return { images: inOwnFolder, level: LEVELS, suffix: inOwnFolder.length > 0 ? '' : null }
  }

  /** The image after which the mask's folder is named, or the only one in its folder where each image has one of its own. */
  #inOwnFolder(mask: Picture): Picture[] {
    const place = mask.places.at(-1)
    if (place === undefined) return []
    const named = this.#at(LEVELS - 1, mask, [place])
    return named.length > 0 ? named : this.#fitting(mask, this.#owners.get(inPlaces(mask, '')) ?? [])
  }

  #at(level: number, mask: Picture, keys: readonly string[]): Picture[] {
    const of = (key: string) => this.#levels[level].get(key) ?? []
    // Those in the same places are nearer than any others.
    const near = this.#fitting(mask, [...new Set(keys.flatMap((key) => of(inPlaces(mask, key))))])
    return near.length > 0 ? near : this.#fitting(mask, [...new Set(keys.flatMap(of))])
  }

  /** Without those of another split; and a mask of a sequence that has images has none in another sequence. */
  #fitting(mask: Picture, images: readonly Picture[]): Picture[] {
    return images.filter((image) => {
      if (image === mask || (image.split !== null && mask.split !== null && image.split !== mask.split)) return false
      return !notShared(mask, image).some((place) => this.#places.has(place))
    })
  }
}

interface Found {
  images: Picture[]
  /** 0..LEVELS, the strictest first. */
  level: number
  /** What a mask's name has behind the image's: a class or an object, for all that is known. '' for a mask told by its folder. */
  suffix: string | null
}

/**
 * Share of the group's files that have an image among these.
 * @param mayBeParts whether names with further words behind the image's count
 */
export function pairedShare(group: Group, index: ImageIndex, mayBeParts: boolean): number {
  const common = commonEnds(group)
  const paired = group.pictures.filter((picture) => {
    const { images, suffix } = index.find(picture, common)
    return images.length > 0 && (mayBeParts || suffix === null)
  })
  return paired.length / group.pictures.length
}

/** Gives each mask of these groups, which are one set, its image. */
export function pairMasks(groups: readonly Group[], index: ImageIndex): Pairing {
  const pairing: Pairing = { masksOf: new Map(), ambiguous: [], lonely: [], farther: [], parts: [] }
  const places = new Set(groups.flatMap(({ pictures }) => pictures.flatMap((mask) => mask.places)))
  const found = groups
    .flatMap((group) => {
      const common = commonEnds(group)
      return group.pictures.map((mask) => ({ mask, ...index.find(mask, common) }))
    })
    .sort((a, b) => a.level - b.level)
  const taken = new Set<Picture>()
  const loose: { mask: Picture; image: string; suffix: string | null }[] = []
  for (const { mask, images, level, suffix } of found) {
    const free = images.filter((image) => {
      return !(level >= LOOSE_LEVEL && taken.has(image)) && !isOfOthers(image, mask, places)
    })
    const best = nearest(mask, free)
    if (best.length === 0) pairing.lonely.push(mask)
    else if (best.length > 1) pairing.ambiguous.push({ mask, images: best })
    else {
      const image = best[0].parsed.path
      if (level >= COUNTING_LEVEL) loose.push({ mask, image, suffix })
      else pairing.masksOf.set(image, [...(pairing.masksOf.get(image) ?? []), mask])
      if (level < LOOSE_LEVEL) taken.add(best[0])
    }
  }
  for (const [image, masks] of pairing.masksOf) {
    const near = nearest(pictureOf(parsePath(image)), masks)
    pairing.masksOf.set(image, near)
    for (const mask of masks) if (!near.includes(mask)) pairing.farther.push({ mask, nearer: near[0], image })
  }
  takeLoose(pairing, loose)
  return pairing
}

/** Masks with numbers or words behind the names of images are whole masks only where all have one word, and one each. */
function takeLoose(pairing: Pairing, loose: readonly { mask: Picture; image: string; suffix: string | null }[]) {
  const images = new Set(loose.map(({ image }) => image))
  const suffixes = new Set(loose.map(({ suffix }) => suffix))
  // Where others have the names of their images, a number says that this is of another image.
  const isOfOther = (suffixes.has(null) || suffixes.has('')) && pairing.masksOf.size > 0
  const isWhole = images.size === loose.length && suffixes.size < 2 && !isOfOther
  for (const { mask, image } of loose) {
    if (isWhole && !pairing.masksOf.has(image)) pairing.masksOf.set(image, [mask])
    else pairing.parts.push({ mask, image })
  }
}

/** The image's folder has masks of its own, and this mask is of another folder. */
function isOfOthers(image: Picture, mask: Picture, maskPlaces: ReadonlySet<string>): boolean {
  const apart = notShared(image, mask)
  return apart.some((place) => maskPlaces.has(place)) && notShared(mask, image).length > 0
}

/** Those whose places have most names in common with the file's, and of these those with the fewest others. */
function nearest(file: Picture, others: readonly Picture[]): Picture[] {
  if (others.length < 2) return [...others]
  const ranked = others.map((picture) => {
    const apart = notShared(picture, file).length
    const shared = picture.places.length - apart
    const isOfSplit = picture.split === file.split ? 1 : 0
    const root = commonDepth(file.parsed.folders, picture.parsed.folders)
    return { picture, rank: [shared, -apart, isOfSplit, root] }
  })
  ranked.sort((a, b) => compare(b.rank, a.rank))
  return ranked.filter(({ rank }) => compare(rank, ranked[0].rank) === 0).map(({ picture }) => picture)
}

/** Places of the first that the second is not in. */
function notShared({ places }: Picture, other: Picture): string[] {
  return places.filter((place) => !other.places.includes(place))
}

function inPlaces({ places }: Picture, key: string): string {
  return `${places.join('/')}/\n${key}`
}

function commonDepth(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((folder, depth) => folder !== b[depth])
  return differs < 0 ? a.length : differs
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((value, i) => value !== b[i])
  return differs < 0 ? 0 : a[differs] - b[differs]
}

function fileName({ stem, extension }: ParsedPath): string {
  return `${stem}.${extension}`
}

function addTo(map: Map<string, Picture[]>, key: string, picture: Picture) {
  const others = map.get(key)
  if (!others) map.set(key, [picture])
  else if (others.at(-1) !== picture) others.push(picture)
}
