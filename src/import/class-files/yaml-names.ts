/** The names in a data.yaml of YOLO: the few forms that its tools write. */
import type { RawEntry } from './names'
import { unquoted } from './rows'
import { splitLines } from './text'

/** `names: [a, b]`, `names: {0: a, 1: b}`, a list with dashes, or a line `0: a` each; empty when there is none. */
export function yamlNames(text: string): RawEntry[] {
  const lines = splitLines(text).map((line) => line.replace(/(^|\s)#.*$/, '').trimEnd())
  const start = lines.findIndex((line) => /^names\s*:/.test(line))
  if (start < 0) return []
  const first = lines[start].replace(/^names\s*:\s*/, '')
  const length = lines.slice(start + 1).findIndex((line) => /^[^\s\-\]}]/.test(line))
  const block = lines.slice(start + 1, length < 0 ? undefined : start + 1 + length)
  if (!/^[[{]/.test(first)) return block.flatMap((line) => entryOf(line.trim().replace(/^-\s*/, '')))
  const inner = [first, ...block].join(' ').replace(/^[[{]|[\]}][^\]}]*$/g, '')
  return (inner.match(/(?:"[^"]*"|'[^']*'|[^,])+/g) ?? []).flatMap((item) => entryOf(item.trim()))
}

function entryOf(item: string): RawEntry[] {
  if (item === '') return []
  const numbered = /^(\d+)\s*:\s*(.+)$/.exec(item)
  return [{ name: unquoted(numbered?.[2] ?? item), color: null, value: numbered ? Number(numbered[1]) : null }]
}
