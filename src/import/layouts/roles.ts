/** Decides which groups of pictures are images, and which are masks. */
import type { FileProblem, FileRole } from '../../domain/dataset'
import type { Group, Picture } from './groups'
import type { Look } from './look'
import { maySayObjects } from './mask-sets'
import { ImageIndex, pairedShare } from './pair'
import { countOf } from './paths'

export interface GroupRole {
  group: Group
  look: Look
  role: FileRole
  /** A sentence. */
  reason: string
  /** Whether the files leave no doubt, or a person has decided. */
  isSure: boolean
}

/** Share of a group's files that must have an image so that they are its masks. */
const MOST_PAIRED = 0.5

/**
 * The role of every group: as a person gave it, else by names, a look inside, and whether names pair. A picture is never
 * a mask because of its name alone when it is a photo that no image goes with, and never an image without a word when it
 * looks like a mask.
 * @param listed path of the image by path of its mask, as a table pairs them
 */
export function decideRoles(
  looked: readonly { group: Group; look: Look }[],
  chosen: Readonly<Record<string, FileRole>>,
  listed: ReadonlyMap<string, string>,
): GroupRole[] {
  const roles = new Map<Group, GroupRole>()
  const images = new ImageIndex([], listed)
  const settle = (group: Group, look: Look, role: FileRole, reason: string, isSure = true) => {
    // Of two groups that look like masks, neither can be told to be the other's.
    if (role === 'image' && (look !== 'mask' || group.said === 'image')) images.add(group)
    roles.set(group, { group, look, role, reason, isSure })
  }
  const open: { group: Group; look: Look }[] = []
  for (const { group, look } of looked) {
    const choice = chosen[group.id]
    if (choice) settle(group, look, choice, 'You chose this.')
    else if (group.said === 'objects') settle(group, look, 'ignored', 'They show single objects, not classes.')
    else if (group.said === 'image' && look !== 'mask') settle(group, look, 'image', 'Their names say so.')
    else if (group.said === null && look === 'photo') settle(group, look, 'image', 'They are photos.')
    else open.push({ group, look })
  }
  const maskNames = new Set(
    open
      .filter(({ group }) => isMaskWord(group) && !group.isContradicted)
      .flatMap(({ group }) => group.pictures.map(({ parsed }) => parsed.stem)),
  )
  // Those that say most are decided first: others are judged by what pairs with them.
  for (const pass of PASSES) {
    for (const { group, look } of open.filter((entry) => !roles.has(entry.group) && pass.takes(entry))) {
      const pairs = pairedShare(group, images, look === 'mask') >= MOST_PAIRED
      const hasMasks = group.pictures.every(({ parsed }) => maskNames.has(parsed.stem))
      pass.decide({ group, look, pairs, hasMasks }, (role, reason, isSure) => {
        settle(group, look, role, reason, isSure)
      })
    }
  }
  return looked.flatMap(({ group }) => roles.get(group) ?? [])
}

export function groupsOf(roles: readonly GroupRole[], role: FileRole): Group[] {
  return roles.filter((entry) => entry.role === role).map(({ group }) => group)
}

interface Case {
  group: Group
  look: Look
  /** Most files have an image of their name. */
  pairs: boolean
  /** Files whose names say that they are masks have the very names of these. */
  hasMasks: boolean
}

interface Pass {
  takes(entry: { group: Group; look: Look }): boolean
  decide(entry: Case, settle: (role: FileRole, reason: string, isSure?: boolean) => void): void
}

const isMaskWord = ({ said }: Group) => said === 'mask' || said === 'color'

const PASSES: Pass[] = [
  {
    takes: ({ group }) => group.said === 'image',
    decide: ({ group, pairs }, settle) => {
      if (pairs && !group.isSaidByFolder) settle('mask', 'They look like masks, and have the names of images.', false)
      else settle('image', 'Their names say so, although they look like masks.')
    },
  },
  {
    // Drawings and screenshots: images, unless they lie beside photos of the same names.
    takes: ({ group, look }) => group.said === null && look === 'unclear',
    decide: ({ group, pairs }, settle) => {
      if (pairs && isPng(group)) settle('mask', 'They are PNGs with the names of images.', false)
      else settle('image', 'Nothing says that they are masks.', !pairs)
    },
  },
  {
    takes: ({ group, look }) => isMaskWord(group) && look !== 'photo',
    decide: ({ group, pairs, hasMasks }, settle) => {
      if (group.isContradicted && (!pairs || hasMasks)) settle('image', 'They lie in a folder of images.', false)
      else if (maySayObjects(group)) settle('mask', 'They look like masks, maybe of single objects.', false)
      else settle('mask', 'Their names say so, and they look like masks.')
    },
  },
  {
    takes: ({ group }) => group.said === null,
    decide: ({ pairs }, settle) => {
      if (pairs) settle('mask', 'They look like masks, and have the names of images.')
      else settle('image', 'They look like masks, but there are no images of their names.', false)
    },
  },
  {
    takes: ({ group }) => group.said === 'view',
    decide: ({ pairs, look }, settle) => {
      if (pairs) settle('ignored', 'Their names say that they show depth, or labels for people to look at.')
      else
        settle('image', look === 'photo' ? 'They are photos.' : 'There are no images of their names.', look === 'photo')
    },
  },
  {
    takes: ({ group }) => isMaskWord(group),
    decide: ({ group, pairs }, settle) => {
      if (pairs && !group.isContradicted) settle('mask', 'Their names say so, but they look like photos.', false)
      else settle('image', 'They look like photos, although their names speak of masks.', false)
    },
  },
]

function isPng({ pictures }: Group): boolean {
  return pictures[0].parsed.extension === 'png'
}

/** A sentence for every file that is ignored, and for every image that may be a mask. */
export function roleProblems(roles: readonly GroupRole[]): FileProblem[] {
  return roles.flatMap(({ group, role, reason }) =>
    role === 'ignored' ? group.pictures.map((picture) => ignored(picture, reason)) : [],
  )
}

function ignored({ parsed: { path } }: Picture, reason: string): FileProblem {
  return {
    path,
    problem: `"${path}" was left out. ${reason}`,
    remedy: 'If it is an image or a mask, say so under "What the files are".',
  }
}

/** Sentences about groups whose role is in doubt. */
export function doubts(roles: readonly GroupRole[]): string[] {
  return roles
    .filter(({ isSure, role }) => !isSure && role !== 'ignored')
    .map(({ group, role, reason }) => {
      const what = role === 'image' ? 'images' : 'masks'
      return `${countOf(group.pictures.length, 'file')} of "${group.pattern}" were taken for ${what}. ${reason}`
    })
}
