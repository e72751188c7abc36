import type { SourceFile } from '../domain/dataset'
import { AppError } from '../domain/errors'

export interface PickedFolder {
  name: string
  files: SourceFile[]
}

/** Files of `<input type="file" webkitdirectory>`, with paths below the chosen folder. */
export function filesOfInput(files: Iterable<File>): PickedFolder {
  const list = [...files]
  const name = list[0]?.webkitRelativePath.split('/')[0] || 'Images'
  return {
    name,
    files: list.map((file) => ({ path: file.webkitRelativePath.split('/').slice(1).join('/') || file.name, file })),
  }
}

/** Files without a folder: from the clipboard, or picked one by one. A single zip gives the project its name. */
export function looseFiles(files: Iterable<File>): PickedFolder {
  const list = [...files]
  const archive = list.length === 1 ? /^(.+)\.zip$/i.exec(list[0].name)?.[1] : undefined
  return { name: archive ?? 'Images', files: list.map((file) => ({ path: file.name, file })) }
}

const fileOf = (entry: FileSystemFileEntry) =>
  new Promise<File>((resolve, reject) => {
    entry.file(resolve, reject)
  })

async function entriesOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject)
    })
    if (batch.length === 0) return all // The reader hands out a hundred at a time.
    all.push(...batch)
  }
}

async function collect(entry: FileSystemEntry, path: string, into: SourceFile[]): Promise<void> {
  if (entry.isFile) into.push({ path, file: await fileOf(entry as FileSystemFileEntry) })
  if (!entry.isDirectory) return
  for (const child of await entriesOf(entry as FileSystemDirectoryEntry)) {
    await collect(child, path ? `${path}/${child.name}` : child.name, into)
  }
}

/** Dropped files: with paths below the folder when one folder was dropped, else with paths that include the dropped names. */
export async function filesOfDrop(items: DataTransferItemList): Promise<PickedFolder> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  const [first] = entries
  if (!first) {
    throw new AppError('no_images', 'What was dropped is not a folder.', 'Drop a folder of images and masks.')
  }
  const files: SourceFile[] = []
  const isOneFolder = entries.length === 1 && first.isDirectory
  for (const entry of entries) await collect(entry, isOneFolder ? '' : entry.name, files)
  return { name: isOneFolder ? first.name : 'Images', files }
}
