/** Problems of many files as few entries: those with one sentence stand together. */
import type { FileProblem } from '../domain/dataset'

export interface ProblemGroup {
  /** Of a single file as it is; of several without their names. */
  problem: string
  remedy: string
  /** In the order of the problems, none twice. */
  paths: string[]
}

/** @returns groups in the order of their first problem */
export function groupProblems(problems: readonly FileProblem[]): ProblemGroup[] {
  const groups = new Map<string, { first: FileProblem; nameless: FileProblem; paths: Set<string> }>()
  for (const first of problems) {
    const { path, problem, remedy } = first
    const nameless = { path, problem: withoutNames(problem, path), remedy: withoutNames(remedy, path) }
    const key = JSON.stringify([nameless.problem, nameless.remedy])
    const group = groups.get(key)
    if (group) group.paths.add(path)
    else groups.set(key, { first, nameless, paths: new Set([path]) })
  }
  return [...groups.values()].map(({ first, nameless, paths }) => {
    const { problem, remedy } = paths.size > 1 ? nameless : first
    return { problem, remedy, paths: [...paths] }
  })
}

/** The number of files that the problems name. */
export function countFiles(problems: readonly FileProblem[]): number {
  return new Set(problems.map(({ path }) => path)).size
}

/** Takes the file's name out of a sentence, and names of files that are named after it, such as its image's. */
function withoutNames(sentence: string, path: string): string {
  const stem = stemOf(path)
  const nameless = sentence.replaceAll(/"([^"]+)"/g, (quoted, name: string) => {
    return name === path || path.endsWith(`/${name}`) || isNamedAlike(stemOf(name), stem) ? '"…"' : quoted
  })
  return nameless.replace(/^"…"/, 'Each of them')
}

function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : ''
}

/** Whether one stem is the other, or begins with it and goes on as with "_mask". */
function isNamedAlike(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return short !== '' && long.startsWith(short) && /^([^a-z0-9]|$)/i.test(long.slice(short.length))
}
