/** Reads a list of classes from a file that a person chose, of any tool. */
import type { ListedClass } from '../../domain/classes'
import { checkClassCount } from '../../domain/classes'
import { AppError } from '../../domain/errors'
import { notJson, parseClassFile } from './class-file'
import { decodeText } from './text'

/**
 * Classes with their colours, where the file gives any; void is left out.
 * @throws AppError `bad_file` when a .json file is not JSON, `bad_label` when there are more classes than a mask can
 * tell apart
 */
export function readClassList(name: string, bytes: Uint8Array): ListedClass[] {
  const { entries, problems } = parseClassFile(name, decodeText(bytes).text, true)
  const damage = notJson(name)
  if (problems.some(({ problem }) => problem === damage.problem)) {
    throw new AppError('bad_file', damage.problem, damage.remedy)
  }
  const classes = entries.filter(({ isVoid }) => !isVoid)
  checkClassCount(`"${name}"`, classes.length)
  return classes.map(({ name: className, color }) => ({ name: className, color }))
}
