/** Splits of folders of which only others beside them show that a word in their names means one: "city_train", "city_val". */
import { splitOfPath } from './groups'
import { type FolderSplit, folderSplit, type ParsedPath } from './paths'

const SPLIT_WORD = /(?<=^|[\s_.-])(train(?:ing)?|val(?:id(?:ation)?)?|test(?:ing)?)(?=$|[\s_.-])/i

/** @returns the split of a path by its folders, or null */
export function folderSplits(paths: readonly ParsedPath[]): (path: ParsedPath) => FolderSplit | null {
  const kinds = new Map<string, Set<string>>()
  const known = new Set<string>()
  for (const { folders } of paths) {
    for (const [depth] of folders.entries()) {
      const path = folders.slice(0, depth + 1).join('/')
      const found = known.has(path) ? null : wordOf(folders, depth)
      known.add(path)
      if (found) kinds.set(found.others, (kinds.get(found.others) ?? new Set()).add(found.split))
    }
  }
  const ofSiblings = ({ folders }: ParsedPath) => {
    const splits = folders.map((_, depth) => {
      const found = wordOf(folders, depth)
      return found && (kinds.get(found.others)?.size ?? 0) > 1 ? found.split : null
    })
    return splits.findLast((split) => split !== null) ?? null
  }
  return (path) => splitOfPath(path) ?? ofSiblings(path)
}

/** The split that a word in a folder's name may mean, and the folder's path with `*` for that word. */
function wordOf(folders: readonly string[], depth: number): { split: FolderSplit; others: string } | null {
  const folder = folders[depth]
  const split = folderSplit(SPLIT_WORD.exec(folder)?.[0] ?? '')
  if (!split) return null
  return { split, others: [...folders.slice(0, depth), folder.toLowerCase().replace(SPLIT_WORD, '*')].join('/') }
}
