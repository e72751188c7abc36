/** Files of several archives, videos and folders side by side: none takes the place of another. */
import type { SourceFile } from '../domain/dataset'

/** Something that was picked, as the files it stands for. */
export interface Source {
  /** Folder in which it lies, and its files with it: empty, or with a '/' at the end. */
  folder: string
  /** What its files are called after when they need a folder of their own; null for a file that is itself. */
  name: string | null
  /** With their paths below `folder`. */
  files: SourceFile[]
}

/**
 * The files of all sources under paths of their own. Where two sources share a path, the archives and videos among them get
 * folders with their names: as wholes, since a mask must not leave its image for another's of the same name.
 */
export function distinctPaths(sources: readonly Source[]): SourceFile[] {
  const owners = new Map<string, number>()
  for (const { folder, files } of sources) {
    for (const path of new Set(files.map((file) => folder + file.path))) owners.set(path, (owners.get(path) ?? 0) + 1)
  }
  const taken = new Set<string>()
  return sources.flatMap(({ folder, name, files }) => {
    const isShared = files.some(({ path }) => (owners.get(folder + path) ?? 0) > 1)
    const top = isShared && name !== null ? `${folder}${name}/` : folder
    return files.map(({ path, file }) => ({ path: take(top + path, taken), file }))
  })
}

/** The path, or with a number before its extension when it is taken even so. */
function take(path: string, taken: Set<string>): string {
  const [, start, extension] = /^(.*?)(\.[^./]*)?$/s.exec(path) ?? []
  let candidate = path
  for (let count = 2; taken.has(candidate); count++) candidate = `${start} ${count}${extension ?? ''}`
  taken.add(candidate)
  return candidate
}
