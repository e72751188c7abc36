/** The categories of a COCO file as classes. */
import { type ListedClass, MOST_CLASSES } from '../../domain/classes'
import type { Color } from '../../domain/color'
import type { FileProblem } from '../../domain/dataset'
import { IGNORE } from '../../domain/labels'
import { colorOfText, isVoidName, oneLine } from '../class-files/names'
import { fieldsOf } from './annotated'

export interface Categories {
  classes: ListedClass[]
  /** Id of a category -> position in `classes`, 255 where the category means void. */
  idOf: ReadonlyMap<unknown, number>
  problems: FileProblem[]
}

/**
 * Categories by their ids, which may have gaps; those of one name are one class. Where there are more than a mask can
 * tell apart, those without an annotation go.
 * @param used ids of the categories that annotations name
 * @param isOwn an export of ours, in which no name means void
 */
export function readCategories(path: string, list: unknown, used: ReadonlySet<unknown>, isOwn: boolean): Categories {
  const named = fieldsOf(list)
    .map(({ id, name, color, supercategory }) => ({ id, name: oneLine(String(name ?? id)), color, supercategory }))
    .sort((a, b) => Number(a.id) - Number(b.id))
  // Some tools list the group of all categories as one of them.
  const groups = new Set(
    named.filter(({ name, supercategory }) => name !== supercategory).map((each) => each.supercategory),
  )
  const isEmptyGroup = ({ id, name }: { id: unknown; name: string }) => groups.has(name) && !used.has(id)
  let kept = named.filter((each) => each.name !== '' && !isEmptyGroup(each))
  if (kept.length > MOST_CLASSES) kept = kept.filter(({ id }) => used.has(id))

  const classes: ListedClass[] = []
  const idOf = new Map<unknown, number>()
  const taken = new Map<string, number>()
  const problems: FileProblem[] = []
  for (const { id, name, color } of kept) {
    if (!isOwn && isVoidName(name)) {
      idOf.set(id, IGNORE)
      continue
    }
    const first = taken.get(name)
    if (first !== undefined) {
      const problem = `"${path}" has several categories of the name "${name}"; they are one class.`
      if (!problems.some((each) => each.problem === problem)) {
        problems.push({ path, problem, remedy: 'Rename one of them if they should be told apart.' })
      }
    }
    const classId = first ?? classes.push({ name, color: colorOf(color) }) - 1
    taken.set(name, classId)
    idOf.set(id, classId)
  }
  return { classes, idOf, problems }
}

function colorOf(value: unknown): Color | null {
  if (Array.isArray(value)) return colorOfText(value.join(', '))
  return typeof value === 'string' ? colorOfText(value) : null
}
