/** Puts the files of several archives, videos and folders side by side so that no two have the same path. */
import type { SourceFile } from '../domain/dataset'

/** A picked file, folder, archive or video, as its files. */
export interface Source {
  /** Folder in which it lies: empty, or with a '/' at the end. */
  folder: string
  /** Name of a folder of its own, if its files need one; null for a file that is itself. */
  name: string | null
  /** With their paths below `folder`. */
  files: SourceFile[]
}

/**
 * The files of all sources under distinct paths. Where two sources share a path, the archives and videos among them get folders of their
 * own with all their files, because an image and its mask must stay together.
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

/** The path; with a number before its extension if it is taken. */
function take(path: string, taken: Set<string>): string {
  const [, start, extension] = /^(.*?)(\.[^./]*)?$/s.exec(path) ?? []
  let candidate = path
  for (let count = 2; taken.has(candidate); count++) candidate = `${start} ${count}${extension ?? ''}`
  taken.add(candidate)
  return candidate
}
