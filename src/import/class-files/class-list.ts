/**
 * Reads a list of classes from a file of any tool: text tables as in `class-file.ts`, and the JSON that CVAT and others
 * write.
 */
import type { ListedClass } from '../../domain/classes'
import { checkClassCount } from '../../domain/classes'
import { colorOfHex, isHexColor } from '../../domain/color'
import { AppError } from '../../domain/errors'
import { parseClassFile } from './class-file'

/**
 * Classes with their colours, where the file gives any; void is left out.
 * @throws AppError `bad_file` when a .json file is not JSON, `bad_label` when there are more classes than a mask can
 * tell apart
 */
export function readClassList(name: string, text: string): ListedClass[] {
  const entries = /\.json$/i.test(name) ? jsonEntries(name, text) : parseClassFile(name, text).entries
  const named = entries.filter((entry) => !('isVoid' in entry && entry.isVoid) && entry.name !== '')
  checkClassCount(`"${name}"`, named.length)
  return named.map(({ name: className, color }) => ({ name: className, color }))
}

/**
 * `[{name, color: "#rrggbb"}]` (CVAT), the same under `labels`, `[{name, colour: [r, g, b, a]}]` (IRIS), or a list of
 * names.
 */
function jsonEntries(name: string, text: string): ListedClass[] {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (cause) {
    throw new AppError('bad_file', `"${name}" is not valid JSON.`, 'Export it again.', { cause })
  }
  const list = Array.isArray(document) ? document : (document as { labels?: unknown } | null)?.labels
  if (!Array.isArray(list)) return []
  return list.flatMap((item: unknown): ListedClass[] => {
    if (typeof item === 'string') return [{ name: item.trim(), color: null }]
    const { name: label, color, colour } = (item ?? {}) as Record<string, unknown>
    return typeof label === 'string' ? [{ name: label.trim(), color: jsonColor(color ?? colour) }] : []
  })
}

/** null for fractions: they are of another scale, or a mistake, and no colour is better than a wrong one. */
function jsonColor(value: unknown): ListedClass['color'] {
  if (typeof value === 'string' && isHexColor(value)) return colorOfHex(value)
  const isChannel = (channel: unknown) => Number.isInteger(channel) && Number(channel) >= 0 && Number(channel) <= 255
  if (!Array.isArray(value) || value.length < 3 || !value.slice(0, 3).every(isChannel)) return null
  return [value[0], value[1], value[2]]
}
