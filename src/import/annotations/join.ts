/** One list of classes for all files of annotations of a folder. */
import { type ClassDefinition, checkClassCount, generatedColor, type ListedClass } from '../../domain/classes'
import { IGNORE } from '../../domain/labels'
import type { Annotations } from './annotated'

export interface JoinedAnnotations {
  classes: ClassDefinition[]
  /** The same files; `draw` of their images gives positions in the joint `classes`. */
  files: Annotations[]
}

/**
 * Classes of one name are one class.
 * @param listed classes that come first, in this order, with their colours
 * @throws AppError `bad_label` when there are more classes than a mask can tell apart
 */
export function joinAnnotations(files: readonly Annotations[], listed: readonly ListedClass[]): JoinedAnnotations {
  const classes: ListedClass[] = []
  const ids = new Map<string, number>()
  for (const { name, color } of [...listed, ...files.flatMap((file) => file.classes)]) {
    const id = ids.get(name)
    if (id === undefined) ids.set(name, classes.push({ name, color }) - 1)
    else classes[id].color ??= color
  }
  const holder = files.length === 1 ? `"${files[0].path}"` : `The ${files.length} files of annotations`
  checkClassCount(holder, classes.length)
  return {
    classes: classes.map(({ name, color }, id) => ({ name, color: color ?? generatedColor(id) })),
    files: files.map((file) => withIds(file, ids)),
  }
}

function withIds(file: Annotations, ids: ReadonlyMap<string, number>): Annotations {
  const table = new Uint8Array(256).fill(IGNORE)
  for (const [i, { name }] of file.classes.entries()) table[i] = ids.get(name) ?? IGNORE
  if (file.classes.every((_, i) => table[i] === i)) return file
  const images = file.images.map((image) => {
    return { ...image, draw: (size: Parameters<typeof image.draw>[0]) => image.draw(size).map((id) => table[id]) }
  })
  return { ...file, images }
}
