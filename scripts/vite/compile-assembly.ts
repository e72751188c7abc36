/** Compiles AssemblyScript, and keeps the binaries by the content of their sources: an unchanged source is compiled once. */
import { createHash } from 'node:crypto'
import { access, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'

const COMMON = [
  '--runtime',
  'stub',
  '--importMemory',
  '--optimizeLevel',
  '3',
  '--converge',
  '--noAssert',
  '--enable',
  'simd',
]

// tfjs's threaded module declares its memory with 4 GiB at most; an import must not promise less.
const SHARED = ['--enable', 'threads', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536']
/** Multiplies and adds with one rounding where the CPU can; browsers since 2023. */
const FUSED = ['--enable', 'relaxed-simd']

/** For tfjs's plain memory and the shared memory of its threaded build, without fused multiply-add and with. */
const BINARIES: Record<string, readonly string[]> = {
  'kernels.wasm': COMMON,
  'kernels-fused.wasm': [...COMMON, ...FUSED],
  'kernels-shared.wasm': [...COMMON, ...SHARED],
  'kernels-shared-fused.wasm': [...COMMON, ...SHARED, ...FUSED],
}

export const isBinary = (name: string): boolean => name in BINARIES

export interface Assembly {
  /** The folder of the sources, `*.as.ts` at any depth. */
  sources: string
  /** The source below it that exports all kernels. */
  entry: string
  /** The folder that the binaries are kept in. */
  cache: string
}

/** Paths of all sources, sorted. */
export async function listSources({ sources }: Assembly): Promise<string[]> {
  const files = await readdir(sources, { recursive: true })
  return files
    .filter((name) => name.endsWith('.as.ts'))
    .sort()
    .map((name) => join(sources, name))
}

/** Names the content of all sources and the compiler. */
export async function versionOf(assembly: Assembly): Promise<string> {
  const { version } = await import('assemblyscript/asc')
  const hash = createHash('sha256').update(JSON.stringify([version, assembly.entry, BINARIES]))
  for (const path of await listSources(assembly)) {
    hash.update(`\0${relative(assembly.sources, path)}\0`).update(await readFile(path))
  }
  return hash.digest('hex').slice(0, 16)
}

async function compile(name: string, { sources, entry }: Assembly): Promise<Uint8Array> {
  const { main } = await import('assemblyscript/asc')
  let binary: Uint8Array | undefined
  const { error, stderr } = await main([entry, '--outFile', 'out.wasm', ...BINARIES[name]], {
    readFile: (file: string, baseDirectory: string) =>
      readFile(join(sources, baseDirectory, file), 'utf8').catch(() => null),
    listFiles: () => [],
    writeFile: (file: string, contents: Uint8Array | string) => {
      if (file === 'out.wasm' && typeof contents !== 'string') binary = contents
    },
  })
  if (error || !binary) throw new Error(`The WASM kernels did not compile:\n${stderr.toString()}`)
  return binary
}

/** Compilations under way in this process, by the file they make: who asks meanwhile waits for them. */
const underWay = new Map<string, Promise<void>>()

/**
 * The path of a binary of the sources as they are now, compiled if it never was.
 * @throws Error with the compiler's messages
 */
export async function compiledBinary(name: string, assembly: Assembly): Promise<string> {
  const folder = join(assembly.cache, await versionOf(assembly))
  const path = join(folder, name)
  const make = async () => {
    if (await exists(path)) return
    const binary = await compile(name, assembly)
    // Several processes may compile at once: each writes its own file and renames it into place.
    const temporary = join(folder, `${process.pid}-${basename(name)}`)
    await mkdir(folder, { recursive: true })
    await writeFile(temporary, binary)
    await rename(temporary, path)
  }
  const making = underWay.get(path) ?? make().finally(() => underWay.delete(path))
  underWay.set(path, making)
  await making
  return path
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
