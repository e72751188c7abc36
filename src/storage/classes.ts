import { checkClassCount } from '../annotation/class-sets'
import { AppError } from '../rpc/errors'
import { type Studio, strictWrite } from './database'
import type { ClassDefinition, ProjectRecord } from './schema'

interface ClassChange {
  projectId: string
  classes: ClassDefinition[]
  order: number[]
}

/** Renames, recolours, orders and adds classes; ids keep their meaning. @throws AppError `bad_label`, `not_found` */
export async function updateClasses(db: Studio, { projectId, classes, order }: ClassChange): Promise<ProjectRecord> {
  return strictWrite(db, ['projects'], async (transaction) => {
    const project = await transaction.store.get(projectId)
    if (!project) throw new AppError('not_found', 'This project is not there any more.', 'Choose another project.')
    checkClasses(classes, order, project)
    const changed = { ...project, classes, classOrder: order }
    await transaction.store.put(changed)
    return changed
  })
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
    if (name.trim() === '') refuse('A class has no name.', 'Give it one.')
    if (names.has(name)) refuse(`Two classes are called "${name}".`, 'Give one of them another name.')
    names.add(name)
  }
  const isPermutation = order.length === classes.length && new Set(order).size === order.length
  if (!isPermutation || order.some((id) => !classes[id]))
    refuse('The order does not name every class once.', 'Reload the page.')
}
