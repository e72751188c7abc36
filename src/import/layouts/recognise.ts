/** Finds out which pictures of a folder are images, which are masks, and which belong together. */
import type { Answers, FileGroup, FileProblem, FileRole, ImportQuestion } from '../../domain/dataset'
import { FileFault } from '../../domain/errors'
import type { FolderReader } from './dataset'
import { type Group, groupPictures, type Picture, pictureOf } from './groups'
import { type Look, lookOf } from './look'
import { chooseMasks } from './mask-sets'
import { withOwnSuffixes } from './own-suffixes'
import { ImageIndex, type Pairing } from './pair'
import type { ParsedPath } from './paths'
import { decideRoles, doubts, type GroupRole, groupsOf, roleProblems } from './roles'

export interface FolderLayout {
  images: ParsedPath[]
  /** The mask of an image, by the image's path. */
  masks: Map<string, ParsedPath>
  groups: FileGroup[]
  questions: ImportQuestion[]
  /** Sentences about what was taken for what. */
  notes: string[]
  problems: FileProblem[]
}

export interface Choices {
  roles: Readonly<Record<string, FileRole>>
  answers: Answers
  /** Path of the image by path of its mask, as a table pairs them. */
  listed: ReadonlyMap<string, string>
}

/** Pictures of a group that are looked at, spread over it. */
const SAMPLES = 3

/** @param paths of the folder's pictures */
export async function recognise(
  paths: readonly ParsedPath[],
  reader: FolderReader,
  { roles: chosen, answers, listed }: Choices,
): Promise<FolderLayout> {
  const roles = decideRoles(await lookAtGroups(withOwnSuffixes(paths.map(pictureOf)), reader), chosen, listed)
  const imageGroups = groupsOf(roles, 'image')
  const index = new ImageIndex(imageGroups, listed)
  const { sets, unused, questions } = chooseMasks(groupsOf(roles, 'mask'), index, answers)
  const problems = [
    ...roleProblems(roles),
    ...unused.flatMap(({ pictures }) => pictures.map(({ parsed }) => unusedProblem(parsed.path))),
  ]
  const masks = new Map<string, ParsedPath>()
  for (const { pairing } of sets) takePairs(pairing, masks, problems)
  return {
    images: imageGroups.flatMap(({ pictures }) => pictures.map(({ parsed }) => parsed)),
    masks,
    groups: roles.map((entry) => fileGroup(entry, unused)),
    questions,
    notes: doubts(roles.filter(({ group }) => !unused.includes(group))),
    problems,
  }
}

/** Groups with what a look at a few of their files says; folders of which the looks differ become groups of their own. */
async function lookAtGroups(pictures: Picture[], reader: FolderReader): Promise<{ group: Group; look: Look }[]> {
  const looks = new Map<string, Look | null>()
  const apart = new Set<string>()
  for (const group of groupPictures(pictures)) {
    const seen = await looksOf(group, reader, looks)
    if (!seen.includes('mask') || !seen.includes('photo')) continue
    for (const { parsed } of group.pictures) {
      for (let depth = 1; depth <= parsed.folders.length; depth++) apart.add(parsed.folders.slice(0, depth).join('/'))
    }
  }
  const looked: { group: Group; look: Look }[] = []
  for (const group of groupPictures(pictures, (folder) => apart.has(folder))) {
    looked.push({ group, look: mostOf(await looksOf(group, reader, looks)) })
  }
  return looked
}

async function looksOf(
  { said, pictures }: Group,
  reader: FolderReader,
  known: Map<string, Look | null>,
): Promise<Look[]> {
  const looks: Look[] = []
  for (const { parsed } of spread(pictures, SAMPLES)) {
    const { path, extension } = parsed
    // A JPEG in a folder of images is a photo: there is no need to decode it.
    const isPlain = said === 'image' && extension !== 'png'
    if (!known.has(path)) known.set(path, isPlain ? 'photo' : await lookAt(path, reader))
    const look = known.get(path)
    if (look) looks.push(look)
  }
  return looks
}

/** null for a picture that cannot be decoded: the import reports it. */
async function lookAt(path: string, reader: FolderReader): Promise<Look | null> {
  try {
    return lookOf((await reader.picture(path)).mask)
  } catch (error) {
    if (error instanceof FileFault) return null
    throw error
  }
}

function spread<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items]
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))])
}

function mostOf(looks: readonly Look[]): Look {
  const count = (look: Look) => looks.filter((other) => other === look).length
  if (looks.length === 0) return 'unclear'
  if (count('mask') * 2 > looks.length) return 'mask'
  return count('photo') * 2 > looks.length ? 'photo' : 'unclear'
}

function takePairs(pairing: Pairing, masks: Map<string, ParsedPath>, problems: FileProblem[]) {
  const { masksOf, ambiguous, lonely, farther, parts } = pairing
  for (const [path, found] of masksOf) {
    if (masks.has(path)) problems.push(...found.map(({ parsed }) => unusedProblem(parsed.path)))
    else if (found.length === 1) masks.set(path, found[0].parsed)
    else problems.push(...found.map(({ parsed }) => oneOfSeveral(parsed.path, path, found.length)))
  }
  for (const { mask, images } of ambiguous) {
    const names = images.slice(0, 3).map(({ parsed }) => `"${parsed.path}"`)
    problems.push({
      path: mask.parsed.path,
      problem: `The mask "${mask.parsed.path}" could belong to ${names.join(' or ')}; it was left out.`,
      remedy: 'Put the masks into folders that mirror the image folders.',
    })
  }
  for (const { mask, image } of parts) {
    problems.push({
      path: mask.parsed.path,
      problem: `The mask "${mask.parsed.path}" is of one class or object of "${image}"; it was not used.`,
      remedy: PUT_TOGETHER,
    })
  }
  for (const { mask, nearer, image } of farther) {
    problems.push({
      path: mask.parsed.path,
      problem: `"${mask.parsed.path}" was left out: the mask "${nearer.parsed.path}" is nearer to "${image}".`,
      remedy: 'Keep one mask for each image, under its name.',
    })
  }
  for (const { parsed } of lonely) {
    problems.push({
      path: parsed.path,
      problem: `The mask "${parsed.path}" has no image; it was left out.`,
      remedy: 'Add the image under the same name, or remove the mask.',
    })
  }
}

const PUT_TOGETHER =
  'Keep one mask for each image. Masks of single objects or classes have to be put together into one first.'

function oneOfSeveral(path: string, image: string, count: number): FileProblem {
  return {
    path,
    problem: `The mask "${path}" is one of ${count} for "${image}"; none of them was used.`,
    remedy: PUT_TOGETHER,
  }
}

function unusedProblem(path: string): FileProblem {
  return {
    path,
    problem: `"${path}" was left out: another set of masks is used for these images.`,
    remedy: 'Choose the set of masks in the preview.',
  }
}

function fileGroup({ group, role, reason, isSure }: GroupRole, unused: readonly Group[]): FileGroup {
  const { id, pattern, pictures } = group
  const isUnused = unused.includes(group)
  return {
    id,
    pattern,
    files: pictures.length,
    example: pictures[0].parsed.path,
    role: isUnused ? 'ignored' : role,
    isSure: isSure || isUnused,
    reason: isUnused ? 'Another set of masks is used for these images.' : reason,
  }
}
