/** Chooses among several sets of masks for the same images, such as ids and colours. */
import type { Answers, ImportQuestion } from '../../domain/dataset'
import { byCodeUnits } from './dataset'
import type { Group } from './groups'
import { folderKind } from './name-words'
import type { ImageIndex, Pairing } from './pair'
import { pairMasks } from './pair'
import { countOf } from './paths'
import { isOfCityscapes } from './schemes'

/** Groups whose masks are of one kind. */
interface MaskSet {
  family: string
  groups: Group[]
  pairing: Pairing
}

export interface ChosenMasks {
  /** The sets that are used, the one to prefer first: of Cityscapes' kinds, all of which name the same classes, the first counts. */
  sets: MaskSet[]
  /** Groups of the other sets. */
  unused: Group[]
  questions: ImportQuestion[]
}

export const MASK_SET_QUESTION = 'mask-set'

/** Words of names, the kind to prefer first; a name without any comes before colours. */
const PREFERENCE = ['labeltrainids', 'trainids', 'labelids', '', 'color', 'colour', 'colormap', 'colormaps']
const OBJECTS = ['object', 'objects']
/**
 * Words of sets that are taken when there are no others: drawn coarsely, in colours for people, of single
 * objects or of one class.
 */
const LAST = ['gtcoarse', 'coarse', 'human', 'ins', 'pan', 'drivable', 'lane', 'lanes', ...OBJECTS]
/** Sets that have this share of their images in common are two kinds of one thing. */
const SAME_IMAGES = 0.2
/** A set that covers this share of what the largest one covers is as good. */
const AS_MANY = 0.95

/**
 * The sets in the order in which they are preferred: those that cover more images, then those whose names say that they
 * are masks, then ids before colours. Where two
 * have images in common, one is used, and the person is asked.
 */
export function chooseMasks(groups: readonly Group[], index: ImageIndex, answers: Answers): ChosenMasks {
  const sets = setsOf(groups, index)
  if (groups.every(({ pictures }) => pictures.every(({ parsed }) => isOfCityscapes(parsed)))) {
    const order = ({ groups: [first] }: MaskSet) => preferenceOf(first) + (isLast(first) ? PREFERENCE.length : 0)
    sets.sort((a, b) => order(a) - order(b))
    return { sets, unused: [], questions: [] }
  }
  const most = Math.max(1, ...sets.map(({ pairing }) => pairing.masksOf.size))
  const rank = ({ family, groups: members, pairing }: MaskSet) => [
    answers[MASK_SET_QUESTION] === family ? 0 : 1,
    isLast(members[0]) ? 1 : 0,
    pairing.masksOf.size >= AS_MANY * most ? 0 : most - pairing.masksOf.size,
    members[0].said === null ? 1 : 0,
    preferenceOf(members[0]),
  ]
  const ordered = sets
    .map((set) => ({ set, rank: rank(set) }))
    .sort((a, b) => {
      const differs = a.rank.findIndex((value, i) => value !== b.rank[i])
      return differs < 0 ? byCodeUnits(a.set.family, b.set.family) : a.rank[differs] - b.rank[differs]
    })
    .map(({ set }) => set)
  const used: MaskSet[] = []
  const others: MaskSet[] = []
  for (const set of ordered) (used.some((chosen) => overlaps(set, chosen)) ? others : used).push(set)
  const questions = others.length > 0 ? [questionOf(used, others)] : []
  return { sets: used, unused: others.flatMap(({ groups: members }) => members), questions }
}

function setsOf(groups: readonly Group[], index: ImageIndex): MaskSet[] {
  const sets = (members: readonly Group[], familyOf: (group: Group) => string): MaskSet[] => {
    const families = new Map<string, Group[]>()
    for (const group of members) families.set(familyOf(group), [...(families.get(familyOf(group)) ?? []), group])
    return [...families].map(([family, own]) => ({ family, groups: own, pairing: pairMasks(own, index) }))
  }
  const found = sets(groups, ({ family }) => family)
  // "v1.2/labels" and "v2.0/labels" are two sets, while the classes in "labels/car" and "labels/road" are none.
  return found.flatMap((set) => {
    const versions = new Set(set.groups.map(versionOf))
    const isSeveral = [...set.pairing.masksOf.values()].some((masks) => masks.length > 1)
    if (versions.size < 2 || !isSeveral) return [set]
    const apart = sets(set.groups, (group) => `${versionOf(group)}/${group.family}`)
    const isSolved = apart.every(({ pairing }) => [...pairing.masksOf.values()].every((masks) => masks.length < 2))
    return isSolved ? apart : [set]
  })
}

/** The folder above the one that says that its files are masks. */
function versionOf({ pictures: [{ parsed }] }: Group): string {
  const telling = parsed.folders.findLastIndex((folder) => folderKind(folder) !== null)
  return parsed.folders[telling - 1] ?? ''
}

/** Words of the telling folder and of the name's ends. */
function wordsOf({ family, pictures }: Group): string[] {
  return [...pictures[0].parts.words, ...family.toLowerCase().split(/[/\s_.-]+/)]
}

/** Whether this set is taken only where there is no other. */
function isLast(group: Group): boolean {
  return wordsOf(group).some((word) => LAST.includes(word))
}

/** Whether names speak of objects, which may be single ones or the class of all. */
export function maySayObjects(group: Group): boolean {
  return wordsOf(group).some((word) => OBJECTS.includes(word))
}

function preferenceOf(group: Group): number {
  const words = wordsOf(group)
  const found = PREFERENCE.findIndex((word) => word !== '' && words.includes(word))
  return found < 0 ? PREFERENCE.indexOf('') : found
}

function overlaps({ pairing }: MaskSet, { pairing: other }: MaskSet): boolean {
  const shared = [...pairing.masksOf.keys()].filter((image) => other.masksOf.has(image)).length
  return shared > 0 && shared >= SAME_IMAGES * pairing.masksOf.size
}

function questionOf(used: readonly MaskSet[], others: readonly MaskSet[]): ImportQuestion {
  const rivals = used.filter((set) => others.some((other) => overlaps(other, set)))
  return {
    id: MASK_SET_QUESTION,
    question: 'These images have several sets of masks. Which are their labels?',
    options: [...rivals, ...others].map(({ family, groups, pairing }) => ({
      value: family,
      example: groups[0].pictures[0].parsed.path,
      label: `${groups[0].pattern} (for ${countOf(pairing.masksOf.size, 'image')})`,
    })),
    answer: rivals[0].family,
  }
}
