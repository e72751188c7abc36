/**
 * The plan of the house as data, and a walk through it: `npm run rooms` prints every room with its lines and its arrows, whatever leads
 * upward or in a circle, the longest file, and how long functions are. `tests/rooms.test.ts` keeps it so.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import ts from 'typescript'
import { ROOT } from '../browser/ensure-build'

/** From the ground up: a room imports from those before it alone, types included. */
export const ROOMS = [
  'domain',
  'math',
  'image',
  'annotation',
  'weights',
  'cpral',
  'study',
  'storage',
  'rpc',
  'loader',
  'loop',
  'import',
  'export',
  'project-file',
  'demo',
  'gpu',
  'kernels',
  'engine',
  'model',
  'data',
  'compute',
  'workers',
  'report',
  'state',
  'ui',
  'app',
  'scripts',
] as const

export type Room = (typeof ROOMS)[number]

export interface Source {
  /** From the repository's root. */
  path: string
  room: Room
  text: string
  /** Files of ours that it imports, in whichever way. */
  imports: string[]
  /** Packages that it imports. */
  packages: string[]
}

const IMPORT = /(?:^|[\s;}])(?:import|export)\s(?:[^'"`;]*?\sfrom\s*)?['"]([^'"]+)['"]/g
const DYNAMIC = /\b(?:import|new URL)\(\s*['"]([^'"]+)['"]/g
/** Binaries without a file: `scripts/vite/assembly-kernels.ts` compiles them. */
const COMPILED = /^src\/kernels\/assembly\/kernels[\w-]*\.wasm$/
const ENDINGS = ['', '.ts', '.svelte', '.svelte.ts', '.d.ts']

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
}

/** Programs of the rooms; their tests look wherever they like. */
function isProgram(path: string): boolean {
  return /\.(ts|svelte)$/.test(path) && !path.endsWith('.test.ts') && !path.endsWith('.d.ts')
}

function roomOf(path: string): Room {
  const [top, room] = path.split('/')
  const name = top === 'src' ? room : top
  const known = ROOMS.find((candidate) => candidate === name)
  if (!known) throw new Error(`${path} lies in no room: name its folder in scripts/checks/rooms.ts.`)
  return known
}

/** Every program of `src`, `workers` and `scripts` with what it imports. @throws Error naming an import that leads nowhere */
export function walk(): Source[] {
  const paths = ['src', 'workers', 'scripts'].flatMap(filesBelow)
  const known = new Set(paths)
  return paths.filter(isProgram).map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8')
    const specifiers = [...text.matchAll(IMPORT), ...text.matchAll(DYNAMIC)].map(([, specifier]) => specifier)
    const [ours, packages] = [
      specifiers.filter((name) => name.startsWith('.')),
      specifiers.filter((name) => /^[@a-z]/.test(name)),
    ]
    const imports = ours.flatMap((specifier) => {
      const target = normalize(join(dirname(path), specifier.replace(/\?.*$/, '')))
      const found = ENDINGS.map((ending) => target + ending).find((candidate) => known.has(candidate))
      if (found) return isProgram(found) ? [found] : []
      if (/^(src|workers|scripts)\/.*[^/]$/.test(target) && !COMPILED.test(target)) {
        throw new Error(`${path} imports ${specifier}, which is not there.`)
      }
      return []
    })
    return { path, room: roomOf(path), text, imports: [...new Set(imports)], packages: [...new Set(packages)] }
  })
}

/** Imports that lead to a room above. */
export function upward(sources: readonly Source[]): string[] {
  const floor = new Map(sources.map(({ path, room }) => [path, ROOMS.indexOf(room)]))
  return sources.flatMap(({ path, imports }) =>
    imports
      .filter((target) => (floor.get(target) ?? 0) > (floor.get(path) ?? 0))
      .map((target) => `${path} -> ${target}`),
  )
}

/** Files that import each other in a circle, each circle once (Tarjan's strongly connected components). */
export function circles(sources: readonly Source[]): string[][] {
  const graph = new Map(sources.map(({ path, imports }) => [path, imports]))
  const [index, low] = [new Map<string, number>(), new Map<string, number>()]
  const stack: string[] = []
  const found: string[][] = []
  const visit = (path: string) => {
    index.set(path, index.size)
    low.set(path, index.get(path) as number)
    stack.push(path)
    for (const next of graph.get(path) ?? []) {
      if (!index.has(next)) visit(next)
      if (stack.includes(next)) low.set(path, Math.min(low.get(path) as number, low.get(next) as number))
    }
    if (low.get(path) !== index.get(path)) return
    const component = stack.splice(stack.indexOf(path))
    if (component.length > 1 || graph.get(path)?.includes(path)) found.push(component.sort())
  }
  for (const path of graph.keys()) if (!index.has(path)) visit(path)
  return found
}

/** Everything that a file imports, and what that imports, and so on. */
export function reach(sources: readonly Source[], from: string): Source[] {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const seen = new Set([from])
  for (const path of seen) for (const next of byPath.get(path)?.imports ?? []) seen.add(next)
  return [...seen].flatMap((path) => byPath.get(path) ?? [])
}

/** Lines of every function that has a body in braces. */
export function functionLengths({ path, text }: Source): number[] {
  const scripts = path.endsWith('.svelte')
    ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, code]) => code)
    : [text]
  return scripts.flatMap((code) => {
    const file = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true)
    const lengths: number[] = []
    const visit = (node: ts.Node) => {
      if (ts.isFunctionLike(node) && 'body' in node && node.body && ts.isBlock(node.body)) {
        const line = (position: number) => file.getLineAndCharacterOfPosition(position).line
        lengths.push(line(node.getEnd()) - line(node.getStart(file)) + 1)
      }
      ts.forEachChild(node, visit)
    }
    visit(file)
    return lengths
  })
}

const linesOf = ({ text }: Source) => text.split('\n').length - 1

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

/** One line a room: files, lines, and how many imports lead to which room. */
export function roomTable(sources: readonly Source[]): string[] {
  const roomOfPath = new Map(sources.map(({ path, room }) => [path, room]))
  return ROOMS.map((room) => {
    const files = sources.filter((source) => source.room === room)
    const targets = files.flatMap(({ imports }) => imports.map((target) => roomOfPath.get(target)))
    const arrows = ROOMS.filter((other) => other !== room && targets.includes(other)).map(
      (other) => `${other} ${targets.filter((target) => target === other).length}`,
    )
    const lines = files.reduce((sum, source) => sum + linesOf(source), 0)
    return `${room.padEnd(13)}${String(files.length).padStart(4)} files ${String(lines).padStart(6)} lines  -> ${arrows.join(', ') || 'nothing of ours'}`
  })
}

function print(): void {
  const sources = walk()
  const arrows = sources.reduce((sum, { imports }) => sum + imports.length, 0)
  const up = upward(sources)
  const round = circles(sources)
  const longest = sources.toSorted((a, b) => linesOf(b) - linesOf(a))[0]
  const lengths = sources.flatMap(functionLengths).sort((a, b) => a - b)
  for (const line of roomTable(sources)) console.log(line)
  console.log(`${sources.length} files, ${arrows} imports, ${up.length} upward, ${round.length} circles`)
  for (const arrow of up) console.log(`  upward: ${arrow}`)
  for (const circle of round) console.log(`  circle: ${circle.join(', ')}`)
  console.log(`longest file: ${longest.path}, ${linesOf(longest)} lines`)
  console.log(
    `${lengths.length} functions: p50 ${quantile(lengths, 0.5)}, p90 ${quantile(lengths, 0.9)}, longest ${lengths.at(-1)} lines`,
  )
}

if (process.argv[1] && relative(process.argv[1], import.meta.filename) === '') print()
