import { AppError } from '../domain/errors'
import { labelLockName } from '../domain/project'
import { withDatabase } from './database'

/**
 * Runs `body` while no other tab writes the project; the lock ends with `body`, or with the tab.
 * @throws AppError `project_locked` at once when another tab or worker holds it
 */
export function withProjectLock<T>(projectId: string, body: () => Promise<T>): Promise<T> {
  const refusal = async () =>
    new AppError(
      'project_locked',
      `${await nameOf(projectId)} is open in another tab, or busy in this one.`,
      'Close the other tab, or pause what is running.',
    )
  return withLock(`cpral-studio/project/${projectId}`, body, refusal)
}

/**
 * Runs `body` while nobody labels images of the project.
 * @throws AppError `project_locked` at once when somebody does, or strokes are still being saved
 */
export function withLabelLock<T>(projectId: string, body: () => Promise<T>): Promise<T> {
  const refusal = async () =>
    new AppError(
      'project_locked',
      `${await nameOf(projectId)} is being labelled in another tab, or has labels that are not on the disk yet.`,
      'Close the other tab, or save what is not saved, then try again.',
    )
  return withLock(labelLockName(projectId), body, refusal)
}

async function withLock<T>(name: string, body: () => Promise<T>, refusal: () => Promise<AppError>): Promise<T> {
  const outcome = await navigator.locks.request(name, { mode: 'exclusive', ifAvailable: true }, async (lock) =>
    lock ? { result: await body() } : null,
  )
  if (outcome) return outcome.result
  throw await refusal()
}

async function nameOf(projectId: string): Promise<string> {
  const project = await withDatabase((db) => db.get('projects', projectId))
  return project ? `The project "${project.name}"` : 'This project'
}
