import type { ClassDefinition } from '../domain/classes'
import { checkClassCount, oneLineName } from '../domain/classes'
import { AppError } from '../domain/errors'
import type { ProjectRecord } from '../domain/project'
import type { Database } from './database'
import { strictWrite } from './database'

interface ClassChange {
  projectId: string
  /** The classes that were shown when the change was made. */
  known: ClassDefinition[]
  classes: ClassDefinition[]
  order: number[]
}

/**
 * Renames, recolours, orders and adds classes; ids keep their meaning. Names are stored on one line.
 * @throws AppError `bad_label`, `not_found`; `outdated` when the classes are no longer those that were shown
 */
export async function updateClasses(db: Database, change: ClassChange): Promise<ProjectRecord> {
  const { projectId, known, order } = change
  const classes = change.classes.map(({ name, color }) => ({ name: oneLineName(name), color }))
  return strictWrite(db, ['projects'], async (transaction) => {
    const project = await transaction.store.get(projectId)
    if (!project) throw new AppError('not_found', 'This project is not there any more.', 'Choose another project.')
    checkKnown(known, project)
    checkClasses(classes, order, project)
    const changed = { ...project, classes, classOrder: order }
    await transaction.store.put(changed)
    return changed
  })
}

/**
 * Refuses a change to classes that were changed meanwhile. Two tabs that add a class each would otherwise give both the
 * same id, and labels of the first would become the second's.
 */
function checkKnown(known: readonly ClassDefinition[], { name, classes }: ProjectRecord): void {
  const facts = (list: readonly ClassDefinition[]) => JSON.stringify(list.map(({ name, color }) => [name, color]))
  if (facts(known) === facts(classes)) return
  throw new AppError(
    'outdated',
    `The classes of "${name}" were changed in another tab.`,
    'Reload the page, then change them again.',
  )
}

function checkClasses(classes: readonly ClassDefinition[], order: readonly number[], project: ProjectRecord): void {
  const refuse = (problem: string, remedy: string): never => {
    throw new AppError('bad_label', problem, remedy)
  }
  const fewer = project.classes.length - classes.length
  if (fewer > 0)
    refuse(
      `${fewer} of the project's classes are missing.`,
      'Classes can be renamed, not removed: labels hold their numbers.',
    )
  checkClassCount('The list', classes.length)
  const names = new Set<string>()
  for (const { name } of classes) {
    if (name === '') refuse('A class has no name.', 'Give it one.')
    if (names.has(name)) refuse(`Two classes are called "${name}".`, 'Give one of them another name.')
    names.add(name)
  }
  if (!isOrderOf(order, classes)) refuse('The order does not name every class once.', 'Reload the page.')
}

/** Whether the order names every class once. */
export function isOrderOf(order: readonly number[], classes: readonly ClassDefinition[]): boolean {
  const isPermutation = order.length === classes.length && new Set(order).size === order.length
  return isPermutation && order.every((id) => classes[id] !== undefined)
}
