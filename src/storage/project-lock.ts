import { AppError } from '../rpc/errors'
import { withStudio } from './database'

/**
 * Runs `body` while this tab is the only one that writes the project; the lock ends with `body`, or with the tab.
 * @throws AppError `project_locked` at once when another tab (or worker) holds it
 */
export async function withProjectLock<T>(projectId: string, body: () => Promise<T>): Promise<T> {
  const outcome = await navigator.locks.request(
    `cpral-studio/project/${projectId}`,
    { mode: 'exclusive', ifAvailable: true },
    async (lock) => (lock ? { result: await body() } : null),
  )
  if (outcome) return outcome.result
  const project = await withStudio((db) => db.get('projects', projectId))
  const name = project ? `The project "${project.name}"` : 'This project'
  throw new AppError(
    'project_locked',
    `${name} is open in another tab, or busy in this one.`,
    'Close the other tab, or pause what is running.',
  )
}
