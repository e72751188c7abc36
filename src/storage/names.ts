/** Names that people give to projects and runs. */
import { oneLineName } from '../domain/classes'
import { AppError } from '../domain/errors'
import { LONGEST_NAME } from '../domain/project'

/**
 * The name on one line, of at most 200 characters.
 * @param what has the name, for the error: "project"
 * @throws AppError `bad_config` when nothing is left of it
 */
export function tidyName(name: string, what: string): string {
  const line = oneLineName([...oneLineName(name)].slice(0, LONGEST_NAME).join(''))
  if (line === '') throw new AppError('bad_config', `The ${what} needs a name.`, 'Write at least one letter.')
  return line
}

/** `name`, or "name 2", "name 3", ... when it is taken. */
export function freeName(name: string, taken: Iterable<string | undefined>): string {
  const others = new Set(taken)
  let candidate = name
  for (let count = 2; others.has(candidate); count++) candidate = `${name} ${count}`
  return candidate
}
