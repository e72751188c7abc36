/** docs/paper-map.md may not promise what is gone: every file, export and test it names exists. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface Row {
  place: string
  file: string
  names: string[]
  tests: string[]
  status: string
}

const root = new URL('../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const exists = (path: string) => existsSync(new URL(path, root))
const quoted = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string)

/** Rows of all tables; a cell may hold an escaped bar. */
function parseRows(markdown: string): Row[] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('|---') && !line.startsWith('| paper |'))
    .map((line) => {
      const cells = line.split(/(?<!\\)\|/).slice(1, -1)
      expect(cells, line).toHaveLength(5)
      const [place, , where, tests, status] = cells.map((cell) => cell.trim()) as [
        string,
        string,
        string,
        string,
        string,
      ]
      const [file, ...names] = quoted(where)
      return { place, file: file ?? '', names, tests: quoted(tests), status }
    })
}

function exportsName(source: string, name: string): boolean {
  return new RegExp(`^export (async )?(function|const|class|interface|type) ${name}\\b`, 'm').test(source)
}

const rows = parseRows(read('docs/paper-map.md'))

describe('docs/paper-map.md', () => {
  it('covers every numbered equation that the method computes', () => {
    for (const equation of [4, 5, 6, 7, 8]) {
      expect(
        rows.some(({ place }) => new RegExp(`Eq\\. (\\d, )*${equation}\\b`).test(place)),
        `Eq. ${equation}`,
      ).toBe(true)
    }
    expect(rows.length).toBeGreaterThan(30)
  })

  it.each(rows.map((row) => [`${row.file}: ${row.names.join(', ')}`, row] as const))('%s', (_, row) => {
    expect(exists(row.file), `${row.file} is gone`).toBe(true)
    expect(row.names.length).toBeGreaterThan(0)
    const source = read(row.file)
    for (const name of row.names) expect(exportsName(source, name), `${row.file} does not export ${name}`).toBe(true)
    expect(row.tests.length).toBeGreaterThan(0)
    for (const test of row.tests) {
      expect(test).toMatch(/\.test\.ts$/)
      expect(exists(test), `${test} is gone`).toBe(true)
    }
    expect(row.status).toMatch(/^(exact|completed|deviates|ours)\b/)
  })
})
