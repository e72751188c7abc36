import { AppError } from '../domain/errors'
import type { ProjectRecord } from '../domain/project'
import type { Database } from './database'
import { type StoreName, strictWrite } from './database'
import { freeName, tidyName } from './names'
import { RUN_STORES, removeRun } from './runs'

/** @throws AppError `not_found` */
export async function getProject(db: Database, projectId: string): Promise<ProjectRecord> {
  const project = await db.get('projects', projectId)
  if (!project)
    throw new AppError('not_found', `Project ${projectId} is not there any more.`, 'Choose another project.')
  return project
}

/** All projects, the newest first. */
export async function listProjects(db: Database): Promise<ProjectRecord[]> {
  const projects = await db.getAll('projects')
  return projects.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1))
}

export async function putProject(db: Database, project: ProjectRecord): Promise<void> {
  await strictWrite(db, ['projects'], (transaction) => transaction.store.put(project))
}

/**
 * Gives the project another name: on one line, of at most 200 characters, with a number behind it when another has it.
 * @throws AppError `bad_config` when nothing is left of the name, `not_found`
 */
export async function renameProject(db: Database, projectId: string, name: string): Promise<ProjectRecord> {
  const line = tidyName(name, 'project')
  return strictWrite(db, ['projects'], async (transaction) => {
    const projects = await transaction.store.getAll()
    const project = projects.find(({ id }) => id === projectId)
    if (!project) throw new AppError('not_found', 'This project is not there any more.', 'Choose another project.')
    const others = projects.filter((other) => other !== project).map((other) => other.name)
    const renamed = { ...project, name: freeName(line, others) }
    await transaction.store.put(renamed)
    return renamed
  })
}

/** Notes that every change up to `savedAt` is in a project file. */
export async function noteSaved(db: Database, projectId: string, savedAt: number): Promise<void> {
  await strictWrite(db, ['projects'], async (transaction) => {
    const project = await transaction.store.get(projectId)
    if (project) await transaction.store.put({ ...project, savedAt })
  })
}

/** The stores with records of an image. */
const IMAGE_STORES = ['images', 'groundTruth', 'thumbnails', 'journals', 'bases'] as const satisfies StoreName[]

/** Removes a project with its images and their labels, and its runs with all their records, in one transaction. */
export async function deleteProject(db: Database, projectId: string): Promise<void> {
  await strictWrite(db, ['projects', ...IMAGE_STORES, 'strokes', ...RUN_STORES], async (transaction) => {
    const imageIds = await transaction.objectStore('images').index('projectId').getAllKeys(projectId)
    const runIds = await transaction.objectStore('runs').index('projectId').getAllKeys(projectId)
    const removals: Promise<void>[] = runIds.flatMap((runId) => removeRun(transaction, runId))
    for (const imageId of imageIds) {
      for (const store of IMAGE_STORES) removals.push(transaction.objectStore(store).delete(imageId))
      removals.push(transaction.objectStore('strokes').delete(IDBKeyRange.bound([imageId], [imageId, []])))
    }
    removals.push(transaction.objectStore('projects').delete(projectId))
    await Promise.all(removals)
  })
}

/** Project ids of images whose project does not exist: an import was killed before its last step. */
export async function listOrphans(db: Database): Promise<string[]> {
  const known = new Set(await db.getAllKeys('projects'))
  const orphans: string[] = []
  let cursor = await db.transaction('images').store.index('projectId').openKeyCursor(null, 'nextunique')
  while (cursor) {
    if (!known.has(cursor.key)) orphans.push(cursor.key)
    cursor = await cursor.continue()
  }
  return orphans
}

/** `name`, or "name 2", "name 3", ... when a project has it already. */
export async function distinctName(db: Database, name: string): Promise<string> {
  const projects = await listProjects(db)
  return freeName(
    name,
    projects.map((project) => project.name),
  )
}
