/** A study's results as text that two runs of the same study share: all that its files hold but times. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Files that hold results; a line's page and table only show what its `run.json` holds, among times. */
const RESULTS =
  /(^study\.json|^manifest\.jsonl|run\.json|pictures\.json|results\.json|results\.csv|^report\/curves\.csv|first-round\.json|\.safetensors)$/
const TIMES = /seconds/i

const withoutTimes = (key: string, value: unknown) => (TIMES.test(key) ? undefined : value)

/** @param text a table whose first line names its columns */
function columnsWithoutTimes(text: string): string {
  const rows = text.split('\n').map((row) => row.match(/(?:"[^"]*"|[^,"])+|(?<=^|,)(?=,|$)/g) ?? [''])
  const kept = rows[0].flatMap((name, column) => (TIMES.test(name) ? [] : [column]))
  return rows.map((row) => kept.map((column) => row[column]).join(',')).join('\n')
}

function resultOf(path: string): string {
  if (path.endsWith('.safetensors')) return readFileSync(path, 'base64')
  const text = readFileSync(path, 'utf8')
  if (path.endsWith('.csv')) return columnsWithoutTimes(text)
  return path.endsWith('.jsonl') ? text : JSON.stringify(JSON.parse(text, withoutTimes))
}

/** Path in the study's folder -> what it holds, without times. */
export function studyResults(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return new Map(paths.filter((path) => RESULTS.test(path)).map((path) => [path, resultOf(join(folder, path))]))
}
